// expectations: what customers were told to expect, by the area that told them, and what came.
//
// An expectation counts once, as its latest setting says. It is exceeded when that is stated, when
// the level reached is above the one set, or when it is met a day or more before it is due; missed
// by ExpectationMissed, when it is met after it was due, or when the moment passes in silence.

#include <map>

#include "engine/base/time.h"
#include "projections/report/makers.h"
#include "rapport/v1/bonds.pb.h"

namespace rapport::report {
namespace {

struct Expectation {
  const ValidEvent* set = nullptr;
  const ValidEvent* met = nullptr;
  const ValidEvent* missed = nullptr;
};

// `met`, `exceeded`, `missed` or `open`.
const char* StateOf(const Expectation& one, int64_t as_of_us) {
  const auto& set = *As<v1::ExpectationSet>(*one.set);
  const int64_t due_us = set.due_at_us();
  const ValidEvent* first = one.met;
  if (one.missed != nullptr && (first == nullptr || one.missed->moment() < first->moment())) {
    first = one.missed;
  }
  if (first == nullptr) return due_us != 0 && as_of_us > due_us ? "missed" : "open";
  if (first == one.missed || (due_us != 0 && first->occurred_at_us > due_us)) return "missed";
  const auto& met = *As<v1::ExpectationMet>(*one.met);
  const bool better = set.level() != 0 && met.has_level() && met.level() > set.level();
  const bool early = due_us != 0 && first->occurred_at_us <= due_us - kMicrosPerDay;
  return met.exceeded() || better || early ? "exceeded" : "met";
}

class Expectations : public SheetReport {
 public:
  explicit Expectations(const Frame& frame)
      : SheetReport(frame,
                    {Key("area"), Count("set"), Count("met"), Count("exceeded"), Count("missed"),
                     Count("open"), Ratio("missed_share", "missed", "set")}) {}

  void Customer(const Subject& subject) override {
    std::map<std::string, Expectation> all;
    for (const ValidEvent& event : subject.events) {
      if (const auto* set = As<v1::ExpectationSet>(event)) all[set->expectation()].set = &event;
      if (const auto* met = As<v1::ExpectationMet>(event)) {
        const ValidEvent*& first = all[met->expectation()].met;
        if (first == nullptr) first = &event;
      }
      if (const auto* missed = As<v1::ExpectationMissed>(event)) {
        const ValidEvent*& first = all[missed->expectation()].missed;
        if (first == nullptr) first = &event;
      }
    }
    for (const auto& [key, one] : all) {
      if (one.set == nullptr || !frame().Counts(*one.set)) continue;
      Line& line = sheet().At({AreaName(one.set->envelope->area())}, subject.id);
      line.AddEvent(one.set->moment());
      line.Add("set");
      line.Add(StateOf(one, frame().window.as_of_us));
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeExpectations(const Frame& frame) {
  return std::make_unique<Expectations>(frame);
}

}  // namespace rapport::report
