// follow_up_effect: do customers buy again more often when what follows a sale is done?
//
// After-sale follow-ups are those that a purchase brings up; bought again is a purchase on a later
// day than that one. A customer counts once for each of them.

#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"

namespace rapport::report {
namespace {

class FollowUpEffect : public SheetReport {
 public:
  explicit FollowUpEffect(const Frame& frame)
      : SheetReport(frame, {Key("policy"), Key("outcome"), Count("follow_ups"),
                            Count("bought_again"), Ratio("again", "bought_again", "follow_ups"),
                            Median("days_to_purchase", "days")}) {}

  void Customer(const Subject& subject) override {
    const std::vector<int64_t> days = PurchaseDays(subject);
    for (const Outcome& one : subject.past->FollowUps(frame().window.as_of_us)) {
      if (one.cause == nullptr || As<v1::PurchaseMade>(*one.cause) == nullptr) continue;
      if (!frame().Counts(*one.cause)) continue;
      const char* outcome = one.in_time()  ? "done"
                            : one.late()   ? "late"
                            : one.missed() ? "missed"
                                           : "open";
      Line& line = sheet().At({one.last.policy(), outcome}, subject.id);
      line.AddEvent(one.cause->moment());
      line.Add("follow_ups");
      const int64_t day = DayOf(one.cause->occurred_at_us);
      for (const int64_t later : days) {
        if (later <= day) continue;
        line.Add("bought_again");
        line.Sample("days_to_purchase", later - day);
        break;
      }
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeFollowUpEffect(const Frame& frame) {
  return std::make_unique<FollowUpEffect>(frame);
}

}  // namespace rapport::report
