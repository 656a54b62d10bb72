// Conditions of policies: `when { all { stage: STAGE_EXPLORATION } all { not { flag: ... } } }`.
//
// Threads: pure. Never: sees other follow-ups.
#pragma once

#include "absl/functional/function_ref.h"
#include "projections/facts/facts.h"
#include "projections/facts/stage_state.h"
#include "rapport/v1/rules_policy.pb.h"

namespace rapport::follow_up {

// Asked only when a condition or a suppression needs it.
using StageNow = absl::FunctionRef<const facts::StageState&()>;

// True when everything that is set in `when` holds.
bool Holds(const v1::PolicyCondition& when, const facts::Facts& facts, StageNow stage);

// The item with `key` in a map; null = none.
const facts::Item* FindInMap(const facts::Facts& facts, facts::ListName map, absl::string_view key);

// The agent who looks after the customer; empty = none.
absl::string_view OwnerOf(const facts::Facts& facts);

}  // namespace rapport::follow_up
