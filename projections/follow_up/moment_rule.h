// MomentRule: when something is to be, as rules write it.
//
//   ParseMoment("14d")                  14 days after it opened
//   ParseMoment("2term")                when twice the term of the case has passed
//   ParseMoment("due-1d")               a day before the promised moment
//   ParseMoment("due_from or due-1d")   from the promised beginning, else a day before it is due
//   ParseMoment("date+8d")              8 days after local midnight of the date
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT says what was written and what is understood; it knows no place.
#pragma once

#include <cstdint>
#include <limits>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport::follow_up {

// An instant that does not come.
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

// What a moment is counted from.
enum class Base : uint8_t {
  // The instant the follow-up opens.
  kOpened,
  // That instant and `times` the term of the trigger's case.
  kTerm,
  // The moment by which the trigger is due.
  kDue,
  // The moment from which it is due, else `kDue` with `or_offset_us`.
  kDueFrom,
  // Local midnight of the date.
  kDate,
};

struct MomentRule {
  Base base = Base::kOpened;
  int32_t times = 1;
  int64_t offset_us = 0;
  int64_t or_offset_us = 0;
  // Written in days, which open hours cannot count.
  bool in_days = false;

  bool operator==(const MomentRule&) const = default;
};

// A whole number and `s`, `h` or `d`; at most 36,500 days.
absl::StatusOr<int64_t> ParseLength(absl::string_view text);

// A length, or a base with or without a signed length.
absl::StatusOr<MomentRule> ParseMoment(absl::string_view text);

}  // namespace rapport::follow_up
