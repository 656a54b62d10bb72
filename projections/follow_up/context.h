// Context: what a follow-up shows to whoever sees to it.
//
// The events that opened it come first, then what its policy carries, its texts and the rung that
// is next. Words stand in the events and are read by their ids.
// Source: domain specification 4.7, *Context*.
//
// Threads: pure.
#pragma once

#include <string>

#include "projections/follow_up/follow_up.h"

namespace rapport::follow_up {

// Adds the context of `state` to `out`. REQUIRES: t_us is not before the newest event.
void WriteContext(const FollowUpState& state, const facts::Facts& facts, int64_t t_us,
                  v1::FollowUp& out);

// The state, or the states, that the policy waits for: `AT_RISK`, `DORMANT or ENDED`.
std::string StateName(const Policy& policy);

}  // namespace rapport::follow_up
