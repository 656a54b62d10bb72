// RulesDifference: what two sets of rules say differently, value by value.
//
//   for (const RulesDiffering& one : RulesDifference(a, b)) ...
//   evaluate.friction.closed_unanswered   500 -> 700
//
// What has a name is compared with its namesake, wherever it stands; other values that may be
// written several times are compared as a whole.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "rapport/v1/rules.pb.h"

namespace rapport::operations {

struct RulesDiffering {
  // Such as `evaluate.policy[answer].by`.
  std::string path;
  // Empty when it is only in the other.
  std::string before;
  std::string after;
  // Of the fold part: facts come out differently.
  bool needs_refold = false;
};

// In the order of `a`, then what only `b` has.
std::vector<RulesDiffering> RulesDifference(const v1::RuleSet& a, const v1::RuleSet& b);

}  // namespace rapport::operations
