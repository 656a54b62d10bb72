// series: satisfaction, loyalty, word of mouth and sentiment, month by month.
//
// Satisfaction and word of mouth are what the month's own events say; loyalty and sentiment are
// those of its end (of the present month: of the moment of the report), the mean over all customers
// known by then. Sentiment is the sum of the two sentiment lines of the score, in milli-points, and
// its change that since the month before: below nothing it falls. The events of a row are those of
// that month that speak of feelings.

#include <algorithm>
#include <optional>

#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/interest.pb.h"

namespace rapport::report {
namespace {

// The last instant of the month.
int64_t EndOfMonth(int64_t at_us) {
  CivilDate date = CivilOfDay(DayOf(at_us));
  date.day = DaysInMonth(date.year, date.month);
  return (DayOfCivil(date) + 1) * kMicrosPerDay - 1;
}

class Series : public SheetReport {
 public:
  explicit Series(const Frame& frame)
      : SheetReport(frame,
                    {Key("month"), Count("customers"), Count("answers"),
                     Mean("satisfaction", "permille"), Mean("loyalty", "milli"), Count("mentions"),
                     Mean("sentiment", "milli"), Mean("sentiment_change", "milli")}) {}

  void Customer(const Subject& subject) override {
    if (subject.events.empty()) return;
    for (const ValidEvent& event : subject.events) {
      if (frame().Counts(event)) AddEvent(subject, event);
    }
    const int64_t last_us = std::min(frame().window.as_of_us, frame().window.to_us - 1);
    int64_t at_us = std::max(subject.events.front().occurred_at_us, frame().window.from_us);
    std::optional<int64_t> before;
    while (at_us <= last_us) {
      const int64_t end_us = std::min(EndOfMonth(at_us), last_us);
      before = AddStanding(subject, end_us, before);
      at_us = EndOfMonth(at_us) + 1;
    }
  }

 private:
  void AddEvent(const Subject& subject, const ValidEvent& event) {
    Line& line = sheet().At({MonthOf(event.occurred_at_us)}, subject.id);
    if (const auto* answer = As<v1::SurveyAnswered>(event)) {
      line.Add("answers");
      line.Sample("satisfaction", GoodOf(*answer));
      line.AddEvent(event.moment());
    }
    const auto* seen = As<v1::AwarenessShown>(event);
    const auto* praise = As<v1::PraiseGiven>(event);
    if (As<v1::AdvocacyShown>(event) != nullptr || As<v1::ReferralMade>(event) != nullptr ||
        (praise != nullptr && praise->public_()) ||
        (seen != nullptr && seen->form() == v1::AWARENESS_FORM_MENTION)) {
      line.Add("mentions");
    }
    if (praise != nullptr || event.envelope->has_customer_feeling()) line.AddEvent(event.moment());
  }

  // Gives the sentiment of that moment; `before` is that of the month before, if there is one.
  int64_t AddStanding(const Subject& subject, int64_t at_us, std::optional<int64_t> before) {
    const v1::Standing standing = subject.past->At(at_us);
    int64_t sentiment = 0;
    for (const v1::Line& line : standing.lines()) {
      if (line.line() == v1::SCORE_LINE_SENTIMENT_PLUS ||
          line.line() == v1::SCORE_LINE_SENTIMENT_MINUS) {
        sentiment += line.milli_points();
      }
    }
    Line& line = sheet().At({MonthOf(at_us)}, subject.id);
    line.Add("customers");
    line.Sample("loyalty", standing.score_milli());
    line.Sample("sentiment", sentiment);
    if (before.has_value()) line.Sample("sentiment_change", sentiment - *before);
    return sentiment;
  }
};

}  // namespace

std::unique_ptr<Report> MakeSeries(const Frame& frame) { return std::make_unique<Series>(frame); }

}  // namespace rapport::report
