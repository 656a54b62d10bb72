// BaseFilter: which customers a list is of, in words.
//
//   ASSIGN_OR_RETURN(auto filter, BaseFilter::Parse("stage=EXPANSION AND score>=600"));
//   if (filter.Matches(standing)) ...
//
//   filter    = [ condition { "AND" condition } ]
//   condition = "stage=" STAGE | "type=" TYPE | "flag:" FLAG | "owner=" text
//             | "score>=" points | "score<" points | "idle_days>=" days
//   text      = what holds no blank, or `"` anything but `"` `"`
//
// Names are the contract's without their prefix. Idle is who has acted before, but not for so many
// days; of whom nothing but our own acts is known is not idle.
//
// Threads: a plain value.
// Errors:  INVALID_ARGUMENT (FILTER_INVALID) with the place, what was expected and what is there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::support {

struct FilterCondition {
  enum class What { kStage, kType, kFlag, kOwner, kScoreMin, kScoreBelow, kIdleDays };
  What what = What::kStage;
  // Of the stage, type or flag; points or days.
  int64_t number = 0;
  // Of the owner.
  std::string text = {};
};

class BaseFilter {
 public:
  static constexpr size_t kBytesMax = 1024;

  static absl::StatusOr<BaseFilter> Parse(absl::string_view text);

  const std::vector<FilterCondition>& conditions() const { return conditions_; }
  // Only standings with metrics say who the owner is.
  bool NeedsMetrics() const;
  // Whether all conditions hold.
  bool Matches(const v1::Standing& standing) const;

 private:
  std::vector<FilterCondition> conditions_;
};

}  // namespace rapport::support
