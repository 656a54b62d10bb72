// reasons: who ended relationships and why, whom customers went to, and which competitors were
// noticed and then answered by a purchase.

#include "projections/report/makers.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/interest.pb.h"

namespace rapport::report {
namespace {

class Reasons : public SheetReport {
 public:
  explicit Reasons(const Frame& frame)
      : SheetReport(
            frame, {Key("by"), Key("is"), Beside(Count("departures")), Beside(Count("by_customer")),
                    Beside(Count("by_vendor")), Count("noticed"), Count("answered")}) {}

  void Customer(const Subject& subject) override {
    const std::vector<rapport::Moment> purchases = Purchases(subject);
    for (const ValidEvent& event : subject.events) {
      if (!frame().Counts(event)) continue;
      if (const auto* ended = As<v1::RelationshipEnded>(event)) AddEnd(subject, event, *ended);
      if (const auto* noticed = As<v1::CompetitorNoticed>(event)) {
        Line& line = sheet().At({"competitor", noticed->competitor()}, subject.id);
        line.AddEvent(event.moment());
        line.Add("noticed");
        if (!purchases.empty() && event.moment() < purchases.back()) line.Add("answered");
      }
    }
  }

 private:
  void AddEnd(const Subject& subject, const ValidEvent& event, const v1::RelationshipEnded& ended) {
    const auto add = [&](Line& line) {
      line.AddEvent(event.moment());
      line.Add("departures");
      if (ended.by() == v1::ENDED_BY_CUSTOMER) line.Add("by_customer");
      if (ended.by() == v1::ENDED_BY_VENDOR) line.Add("by_vendor");
    };
    add(sheet().At({"reason", Bare(ended.reason(), v1::EndReason_Name, "END_REASON_")},
                   subject.id));
    if (!ended.competitor().empty()) {
      add(sheet().At({"competitor", ended.competitor()}, subject.id));
    }
    add(sheet().Beside());
  }
};

}  // namespace

std::unique_ptr<Report> MakeReasons(const Frame& frame) { return std::make_unique<Reasons>(frame); }

}  // namespace rapport::report
