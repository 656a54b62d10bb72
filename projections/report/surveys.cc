// surveys: who was asked and answered, and how good the answers are, by dimension, phase, subject,
// channel and questionnaire.
//
// Of several answers of one customer to one survey on one dimension the latest counts. An answer
// stands in a row of each sort, so only the total counts each once. `satisfaction` is the answer
// between its least and greatest, 0 to 1000; `score` the answer itself, in thousandths.

#include <map>
#include <set>

#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"

namespace rapport::report {
namespace {

class Surveys : public SheetReport {
 public:
  explicit Surveys(const Frame& frame)
      : SheetReport(frame,
                    {Key("by"), Key("is"), Beside(Count("asked")), Beside(Count("answered")),
                     Beside(Count("unanswered")), Ratio("answered_share", "answered", "asked"),
                     Beside(Count("answers")), Beside(Mean("satisfaction", "permille")),
                     Beside(Mean("score", "milli"))}) {}

  void Customer(const Subject& subject) override {
    // Survey and dimension -> the answer that counts.
    std::map<std::pair<std::string, std::string>, const ValidEvent*> latest;
    std::map<std::string, const ValidEvent*> asked;
    std::set<std::string> answered;
    for (const ValidEvent& event : subject.events) {
      if (const auto* request = As<v1::FeedbackRequested>(event); request != nullptr) {
        asked.emplace(request->survey(), &event);
      }
      const auto* answer = As<v1::SurveyAnswered>(event);
      if (answer == nullptr) continue;
      answered.insert(answer->survey());
      const std::string survey = answer->survey().empty() ? event.id.Hex() : answer->survey();
      latest[{survey, answer->dimension()}] = &event;
    }
    for (const auto& [survey, event] : asked) {
      if (!frame().Counts(*event)) continue;
      AddAsked(
          sheet().At({"instrument", As<v1::FeedbackRequested>(*event)->instrument()}, subject.id),
          answered.contains(survey));
      AddAsked(sheet().Beside(), answered.contains(survey));
    }
    for (const auto& [key, event] : latest) {
      if (frame().Counts(*event)) AddAnswer(subject, *event);
    }
  }

 private:
  static void AddAsked(Line& line, bool answered) {
    line.Add("asked");
    line.Add(answered ? "answered" : "unanswered");
  }

  void AddAnswer(const Subject& subject, const ValidEvent& event) {
    const auto& answer = *As<v1::SurveyAnswered>(event);
    const auto add = [&](Line& line) {
      line.Add("answers");
      line.Sample("satisfaction", GoodOf(answer));
      line.Sample("score", Thousandfold(answer.score()));
      line.AddEvent(event.moment());
    };
    const auto row = [&](const char* by, const std::string& is) {
      add(sheet().At({by, is}, subject.id));
    };
    row("dimension", answer.dimension());
    row("phase", PhaseName(event.envelope->phase()));
    row("channel", ChannelName(event));
    row("instrument", answer.instrument());
    if (!event.envelope->subject().empty()) row("subject", event.envelope->subject());
    add(sheet().Beside());
  }

  static int64_t Thousandfold(int64_t score) {
    int64_t product = 0;
    if (!__builtin_mul_overflow(score, int64_t{1000}, &product)) return product;
    return score < 0 ? INT64_MIN : INT64_MAX;
  }
};

}  // namespace

std::unique_ptr<Report> MakeSurveys(const Frame& frame) { return std::make_unique<Surveys>(frame); }

}  // namespace rapport::report
