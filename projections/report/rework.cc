// rework: what it took to settle cases, before their first resolution and after it, by cause.
//
// To a case belongs every event with its key. One that was never reopened is fixed the first time;
// of a reopened one, all that comes after the first resolution is rework.

#include <map>

#include "projections/report/makers.h"
#include "rapport/v1/service.pb.h"

namespace rapport::report {
namespace {

struct Case {
  std::vector<const ValidEvent*> events;
  const ValidEvent* raised = nullptr;
  const ValidEvent* resolved = nullptr;
  bool reopened = false;
  std::string cause;
};

std::map<std::string, Case> CasesOf(const Subject& subject) {
  std::map<std::string, Case> cases;
  for (const ValidEvent& event : subject.events) {
    const std::string key(facts::KeyOf(event));
    if (key.empty()) continue;
    Case& one = cases[key];
    one.events.push_back(&event);
    if (As<v1::ComplaintRaised>(event) != nullptr && one.raised == nullptr) one.raised = &event;
    if (As<v1::ComplaintResolved>(event) != nullptr && one.resolved == nullptr) {
      one.resolved = &event;
    }
    if (As<v1::ComplaintReopened>(event) != nullptr && one.resolved != nullptr) {
      one.reopened = true;
    }
    if (const auto* found = As<v1::RootCauseFound>(event)) one.cause = found->cause();
  }
  return cases;
}

class Rework : public SheetReport {
 public:
  explicit Rework(const Frame& frame)
      : SheetReport(frame, {Key("cause"), Count("cases"), Count("first_time"), Count("reworked"),
                            Count("unresolved"), Ratio("first_time_share", "first_time", "cases"),
                            Count("duration", "s"), Count("rework", "s"), MoneySum("cost"),
                            MoneySum("rework_cost")}) {}

  void Customer(const Subject& subject) override {
    for (const auto& [key, one] : CasesOf(subject)) {
      if (one.raised == nullptr || !frame().Counts(*one.raised)) continue;
      Line& line = sheet().At({one.cause}, subject.id);
      line.AddEvent(one.raised->moment());
      line.Add("cases");
      line.Add(one.resolved == nullptr ? "unresolved" : one.reopened ? "reworked" : "first_time");
      for (const ValidEvent* event : one.events) {
        const bool again = one.reopened && one.resolved->moment() < event->moment();
        line.Add("duration", event->envelope->duration_s());
        line.AddMoney("cost", event->envelope->cost());
        if (!again) continue;
        line.Add("rework", event->envelope->duration_s());
        line.AddMoney("rework_cost", event->envelope->cost());
      }
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeRework(const Frame& frame) { return std::make_unique<Rework>(frame); }

}  // namespace rapport::report
