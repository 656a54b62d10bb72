// Merge: two customers' facts as one.
//
// Commutative and associative, empty facts are its zero, and it equals folding both sets of
// events: that is why merging customers is exact and can be undone.
//
// Threads: as safe as the facts.
#pragma once

#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"

namespace rapport::facts {

// Adds `from` to `into`. REQUIRES: both were folded under the fold part of `rules`.
void Merge(Facts& into, const Facts& from, const FoldRules& rules);

}  // namespace rapport::facts
