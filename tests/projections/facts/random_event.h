// Random events of every kind that folds, for property tests. The same seed gives the same events.
//
//   std::mt19937_64 random(7);
//   const std::vector<kit::EventBuilder> events = RandomEvents(random, 300);
//
// Keys, codes and times come from small pools, so that keys meet, lists overflow and moments tie.
// Custom touchpoints are of kinds that kit::WithOwnKinds has rules for, and of others.
//
// Threads: one.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"
#include "tests/kit/event_builder.h"

namespace rapport::facts {

// Ids are 1, 2, ... from `first_id` on.
std::vector<kit::EventBuilder> RandomEvents(std::mt19937_64& random, size_t count,
                                            uint64_t first_id = 1);

// Every field of envelope and payload has an even chance to be given.
kit::EventBuilder RandomEvent(std::mt19937_64& random, v1::Kind kind, uint64_t id);

Facts FactsOf(const std::vector<const kit::EventBuilder*>& events, const FoldRules& rules);
std::vector<const kit::EventBuilder*> PointersTo(const std::vector<kit::EventBuilder>& events);

// Bytes with offsets. REQUIRES: folded by kit::WithOwnKinds, or by rules without custom kinds.
std::string BytesOf(const Facts& facts);

}  // namespace rapport::facts
