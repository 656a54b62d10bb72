#include "projections/follow_up/calendar.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/time.h"

namespace rapport::follow_up {
namespace {

// Monday is 0. Day 0, 1970-01-01, was a Thursday.
size_t WeekdayOf(int64_t day) { return static_cast<size_t>(day + 3 - FloorDiv(day + 3, 7) * 7); }

// Spends `left` on the time from `begin` to `end` that lies in no pause. Returns true, and the
// instant at which nothing was left, when it was enough.
bool Spend(Interval open, absl::Span<const Interval> pauses, int64_t& left, int64_t& at_us) {
  for (const Interval& pause : pauses) {
    if (pause.end_us <= open.begin_us) continue;
    if (pause.begin_us >= open.end_us) break;
    const int64_t before = std::max<int64_t>(0, pause.begin_us - open.begin_us);
    if (left <= before) break;
    left -= before;
    open.begin_us = pause.end_us;
  }
  const int64_t rest = std::max<int64_t>(0, open.end_us - open.begin_us);
  if (left <= rest) {
    at_us = open.begin_us + left;
    return true;
  }
  left -= rest;
  return false;
}

}  // namespace

int64_t Calendar::LocalMidnight(int64_t day) const {
  if (offsets_.empty()) return day * kMicrosPerDay;
  const int64_t noon = day * kMicrosPerDay + 12 * kMicrosPerHour;
  auto next =
      std::upper_bound(offsets_.begin(), offsets_.end(), noon,
                       [](int64_t at, const Offset& offset) { return at < offset.begins_us; });
  if (next != offsets_.begin()) --next;
  return day * kMicrosPerDay - next->offset_us;
}

int64_t Calendar::AddOpenTime(int64_t base_us, int64_t length_us,
                              absl::Span<const Interval> pauses) const {
  RAPPORT_CHECK(has_spans_);
  if (length_us <= 0) return base_us;
  int64_t left = length_us;
  int64_t at_us = base_us;
  // Local dates differ from UTC dates by less than a day: two days back reach everything.
  int64_t open_from = base_us;
  for (int64_t day = DayOf(base_us) - 2; LocalMidnight(day) < kEndOfTimeMicros; ++day) {
    if (std::binary_search(holidays_.begin(), holidays_.end(), day)) continue;
    const int64_t midnight = LocalMidnight(day);
    for (const Interval& span : spans_[WeekdayOf(day)]) {
      const Interval open = {std::max(midnight + span.begin_us, open_from), midnight + span.end_us};
      if (open.end_us <= open.begin_us) continue;
      open_from = open.end_us;
      if (Spend(open, pauses, left, at_us)) return std::min(at_us, kEndOfTimeMicros);
    }
  }
  return kEndOfTimeMicros;
}

}  // namespace rapport::follow_up
