// KindList: every kind of touchpoint with its fields and an example, for those who publish.
//
// What is required, and between which bounds, is what the Validator's own plan says
// (engine/event/payload_plan.h); each example is a touchpoint that it takes.
//
// Threads: pure; made once.
#pragma once

#include "rapport/v1/kinds.pb.h"

namespace rapport::transactions {

const v1::ListKindsResponse& KindList();

}  // namespace rapport::transactions
