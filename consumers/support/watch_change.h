// What two states of a relationship differ in, and the change that says so.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "consumers/support/watch_state.h"

namespace rapport::support {

// Whether both say the same, but for the moment that they were evaluated at. Null = nothing is
// known.
bool SaySame(const WatchState& before, const WatchState& after);

// `changed_fields` of a change, in order of their numbers.
std::vector<std::string> ChangedFields(const WatchState& before, const WatchState& after);

// The change from one state to the other; its cause is the caller's to say. REQUIRES: one of both
// is not null.
v1::RelationshipChange ChangeBetween(const std::string& customer_id, const WatchState& before,
                                     const WatchState& after);

}  // namespace rapport::support
