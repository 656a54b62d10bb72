// Calendar: local midnights and open hours, as the rules state them.
//
//   calendar.LocalMidnight(day)                    // instant at which that local date begins
//   calendar.AddOpenTime(asked_at, 8 hours, {})    // when eight open hours have passed
//
// One offset holds for a whole date: that in force at 12:00 UTC of it. So a date never has 23 hours
// here, and a span that would begin before its predecessor ends begins when that ends.
// Source: domain specification 4.7, *Calendar*.
//
// Threads: immutable after Compile.
// Errors:  INVALID_ARGUMENT with file, line, column and cure, from Compile only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/fold/rules_text.h"

namespace rapport::follow_up {

// From `begin` up to, not including, `end`; microseconds UTC.
struct Interval {
  int64_t begin_us = 0;
  int64_t end_us = 0;

  bool operator==(const Interval&) const = default;
};

class Calendar {
 public:
  // UTC, always open.
  Calendar() = default;

  // The calendar of `text`; without one, UTC and always open.
  static absl::StatusOr<Calendar> Compile(const fold::RulesText& text);

  // False: there are no open hours, all time counts.
  bool has_spans() const { return has_spans_; }

  // The instant at which the local date `day` (days since 1970) begins.
  int64_t LocalMidnight(int64_t day) const;

  // Least instant by which `length_us` of open time has passed since `base_us`, time in `pauses`
  // (ascending, apart) not counted; at most 2100-01-01.
  // REQUIRES: has_spans().
  int64_t AddOpenTime(int64_t base_us, int64_t length_us, absl::Span<const Interval> pauses) const;

 private:
  struct Offset {
    int64_t begins_us = 0;
    int64_t offset_us = 0;
  };

  absl::Status AddOffsets(const fold::RulesText& text);
  absl::Status AddSpans(const fold::RulesText& text);
  absl::Status AddHolidays(const fold::RulesText& text);

  std::vector<Offset> offsets_;
  // By weekday, Monday first: from and to, microseconds after local midnight, ascending.
  std::array<std::vector<Interval>, 7> spans_;
  bool has_spans_ = false;
  // Days since 1970, ascending.
  std::vector<int64_t> holidays_;
};

}  // namespace rapport::follow_up
