// expectations: what customers were told to expect, by the area that told them, and what came.
//
// An expectation counts once, as its latest setting says; what became of it is read as from the
// facts (facts/expectation.h), but from all that ever happened.

#include <limits>
#include <map>

#include "engine/base/check.h"
#include "projections/facts/condense.h"
#include "projections/facts/expectation.h"
#include "projections/facts/list.h"
#include "projections/report/makers.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::report {
namespace {

constexpr uint32_t kForEver = std::numeric_limits<uint32_t>::max();

// All that is known of one.
struct Known {
  const ValidEvent* set = nullptr;
  facts::Facts bonds;
};

bool IsOfOne(v1::Kind kind) {
  return kind == v1::KIND_EXPECTATION_SET || kind == v1::KIND_EXPECTATION_MET ||
         kind == v1::KIND_EXPECTATION_MISSED;
}

const char* NameOf(facts::ExpectationState state) {
  switch (state) {
    case facts::ExpectationState::kOpen:
      return "open";
    case facts::ExpectationState::kMet:
      return "met";
    case facts::ExpectationState::kExceeded:
      return "exceeded";
    case facts::ExpectationState::kMissed:
      break;
  }
  return "missed";
}

class Expectations : public SheetReport {
 public:
  explicit Expectations(const Frame& frame)
      : SheetReport(frame,
                    {Key("area"), Count("set"), Count("met"), Count("exceeded"), Count("missed"),
                     Count("open"), Ratio("missed_share", "missed", "set")}) {}

  void Customer(const Subject& subject) override {
    std::map<std::string, Known> all;
    for (const ValidEvent& event : subject.events) {
      if (!IsOfOne(event.kind)) continue;
      const facts::Condensed said = facts::CondenseEvent(event);
      Known& known = all[std::string(said.key)];
      if (event.kind == v1::KIND_EXPECTATION_SET) known.set = &event;
      facts::Remember(known.bonds, facts::ListName::kBonds, kForEver, event, said);
    }
    for (const auto& [key, one] : all) {
      if (one.set == nullptr || !frame().Counts(*one.set)) continue;
      Line& line = sheet().At({AreaName(one.set->envelope->area())}, subject.id);
      line.AddEvent(one.set->moment());
      line.Add("set");
      const auto read = facts::ReadExpectations(one.bonds, frame().window.as_of_us);
      RAPPORT_CHECK(read.size() == 1) << "one key, " << read.size() << " expectations";
      line.Add(NameOf(read.front().state));
    }
  }
};

}  // namespace

std::unique_ptr<Report> MakeExpectations(const Frame& frame) {
  return std::make_unique<Expectations>(frame);
}

}  // namespace rapport::report
