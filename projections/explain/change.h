// Changes: what would change stage, flags or type of a customer next.
//
//   std::vector<v1::PossibleChange> changes = PossibleChanges(facts, at_us, fold_rules, rules);
//
// First what time alone brings, in order of days. Then what events would do: each kind of event is
// imagined, folded into a copy of the facts and evaluated by the same rules, so an answer here is
// what would really come of it. Purchases that change the stage only together are counted.
//
// Threads: pure. Errors: none.
#pragma once

#include <cstdint>
#include <vector>

#include "projections/facts/evaluate_rules.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"
#include "rapport/v1/explanation.pb.h"

namespace rapport::explain {

// At the moment that the facts are evaluated at when asked about `as_of_us`; none behind the last
// day of time. Those of one outcome are joined.
std::vector<v1::PossibleChange> PossibleChanges(const facts::Facts& facts, int64_t as_of_us,
                                                const facts::FoldRules& fold,
                                                const facts::EvaluateRules& rules);

}  // namespace rapport::explain
