// Bonds: promises, expectations, objectives and goals.

#include "projections/facts/groups.h"
#include "rapport/v1/bonds.pb.h"

namespace rapport::facts {

void ReadPromiseMade(const ValidEvent& event, Condensed& out) {
  const auto& promise = PayloadOf<v1::PromiseMade>(event);
  out.key = promise.promise();
  out.n = promise.due_at_us();
  out.m = promise.due_from_us();
}

void ReadExpectationSet(const ValidEvent& event, Condensed& out) {
  const auto& set = PayloadOf<v1::ExpectationSet>(event);
  out.key = set.expectation();
  out.n = set.level();
  out.m = set.due_at_us();
}

void ReadExpectationMet(const ValidEvent& event, Condensed& out) {
  const auto& met = PayloadOf<v1::ExpectationMet>(event);
  out.key = met.expectation();
  out.n = met.level();
  // A level of zero is a level; only a stated one can be above what was set.
  out.code = met.has_level() ? 1 : 0;
  out.Set(kExceeded, met.exceeded());
}

void ReadExpectationMissed(const ValidEvent& event, Condensed& out) {
  const auto& missed = PayloadOf<v1::ExpectationMissed>(event);
  out.key = missed.expectation();
  out.n = missed.level();
  out.code = missed.has_level() ? 1 : 0;
}

void ReadObjectiveSet(const ValidEvent& event, Condensed& out) {
  const auto& objective = PayloadOf<v1::ObjectiveSet>(event);
  out.key = objective.objective();
  out.n = objective.progress();
}

}  // namespace rapport::facts
