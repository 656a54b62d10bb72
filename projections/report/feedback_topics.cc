// feedback_topics: what customers speak of, by topic, product and month, with sample events.

#include <set>

#include "projections/report/makers.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

class FeedbackTopics : public SheetReport {
 public:
  explicit FeedbackTopics(const Frame& frame)
      : SheetReport(
            frame, {Key("topic"), Key("subject"), Key("month"), Count("heard"), Count("relayed")}) {
    sheet().RankBy("heard");
  }

  void Customer(const Subject& subject) override {
    std::set<std::string> relayed;
    for (const ValidEvent& event : subject.events) {
      if (const auto* handed = As<v1::CaseHandedOver>(event)) relayed.insert(handed->case_());
    }
    for (const ValidEvent& event : subject.events) {
      const auto* given = As<v1::FeedbackGiven>(event);
      if (given == nullptr || !frame().Counts(event)) continue;
      Line& line = sheet().At(
          {given->topic(), event.envelope->subject(), MonthOf(event.occurred_at_us)}, subject.id);
      line.AddEvent(event.moment());
      line.Add("heard");
      if (!given->feedback().empty() && relayed.contains(given->feedback())) line.Add("relayed");
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeFeedbackTopics(const Frame& frame) {
  return std::make_unique<FeedbackTopics>(frame);
}

}  // namespace rapport::report
