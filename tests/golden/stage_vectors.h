// What the two stage vectors share: folding events and comparing one row.
//
// Threads: plain functions.
#pragma once

#include <string>
#include <vector>

#include "tests/kit/csv.h"
#include "tests/kit/event_builder.h"

namespace rapport::stage {

// Days after as_of that are stepped through one by one to find the next change.
inline constexpr int64_t kSteppedDays = 6'000;

// Folds `events` and compares stage, rule, reason, flags, friction and next change with the row,
// the next change also with what stepping finds. Returns whether all of it is equal.
bool MatchesRow(const std::vector<kit::EventBuilder>& events, int64_t as_of_us, const kit::Csv& csv,
                size_t row);

// `AT_RISK;DAMAGED`, in the order of their numbers.
std::string FlagNames(uint32_t flags);

}  // namespace rapport::stage
