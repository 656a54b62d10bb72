// A quick look at a payload's bytes that finds most of them good without asking the message.
//
//   if (!IsSurelyValid(plan, bytes)) rejection = the long way, field by field
//
// Threads: pure.
#pragma once

#include "absl/strings/string_view.h"
#include "engine/event/payload_plan.h"

namespace rapport::event {

// True when every field of the plan is good wherever it stands in `bytes`; false when one is not,
// or might not be. What the plan does not name (lists) is not looked at.
// REQUIRES: the bytes were parsed as the plan's message.
bool IsSurelyValid(const PayloadPlan& plan, absl::string_view bytes);

}  // namespace rapport::event
