// Fold: adds one event to what is remembered of a customer.
//
//   Facts facts;
//   for (const ValidEvent& event : events) {
//     if (Folds(event.kind)) Fold(facts, event, rules);
//   }
//
// Any order of the same events gives equal facts. What an item of a list says in n, m, x, code,
// flags and subject stands in condense.h.
//
// Threads: as safe as the facts. Errors: none; a fold is total.
// Never:   reads a clock, a sensitive text, or facts of another customer.
#pragma once

#include "engine/model/valid_event.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"

namespace rapport::facts {

// True when events of this kind change facts. Others are kept and counted only.
bool Folds(v1::Kind kind);

// Asks the memory for what Fold will look at: step 0 for the cells, 1 for what hangs on
// them, 2 for the ends of lists.
void Prefetch(const Facts& facts, int step);

// Adds `event`. REQUIRES: Folds(kind), the event was not folded before.
void Fold(Facts& facts, const ValidEvent& event, const FoldRules& rules);

}  // namespace rapport::facts
