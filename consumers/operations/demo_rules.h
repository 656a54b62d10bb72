// DemoRules: the rules that the demo lives by, which are the standard ones, as they are written.
//
//   DaysIn(DemoPolicy("cadence").trigger(0).silence().lasts());   // 91
//
// The shop does in time what its rules would have it done, so no number of theirs stands twice.
//
// Threads: any. Ownership: they live as long as the process.
// Errors:  none; standard rules without a policy that the demo follows stop the process.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::operations {

const v1::EvaluateRules& DemoRules();
const v1::PolicyRule& DemoPolicy(absl::string_view id);

// Whole days of a length as policies write it.
int64_t DaysIn(absl::string_view length);

}  // namespace rapport::operations
