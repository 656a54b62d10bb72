// self_service: what customers do for themselves, how often it works, and how often they have to
// call after all: a failed use with a personal contact, begun by the customer, within a day.

#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

class SelfService : public SheetReport {
 public:
  explicit SelfService(const Frame& frame)
      : SheetReport(frame,
                    {Key("task"), Count("uses"), Count("succeeded"), Count("failed"),
                     Count("automated"), Count("fallbacks"), Ratio("success", "succeeded", "uses"),
                     Ratio("fallback_share", "fallbacks", "failed")}) {}

  void Customer(const Subject& subject) override {
    for (const ValidEvent& event : subject.events) {
      const auto* used = As<v1::SelfServiceUsed>(event);
      if (used == nullptr || !frame().Counts(event)) continue;
      Line& line = sheet().At({used->task()}, subject.id);
      line.AddEvent(event.moment());
      line.Add("uses");
      line.Add(used->succeeded() ? "succeeded" : "failed");
      if (used->automated()) line.Add("automated");
      if (used->succeeded()) continue;
      if (const ValidEvent* call = FallbackOf(subject, event)) {
        line.Add("fallbacks");
        line.AddEvent(call->moment());
      }
    }
  }

 private:
  const ValidEvent* FallbackOf(const Subject& subject, const ValidEvent& failed) const {
    for (const ValidEvent& event : subject.events) {
      if (!(failed.moment() < event.moment())) continue;
      if (event.occurred_at_us > failed.occurred_at_us + kMicrosPerDay) break;
      if (facts::IsPersonalContact(event.envelope->channel()) &&
          facts::IsBegunByCustomer(event, SideOf(event, rules()))) {
        return &event;
      }
    }
    return nullptr;
  }
};

}  // namespace

std::unique_ptr<Report> MakeSelfService(const Frame& frame) {
  return std::make_unique<SelfService>(frame);
}

}  // namespace rapport::report
