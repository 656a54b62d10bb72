// Moments and days. A moment is microseconds UTC since 1970; a day is a moment divided by 86,400 s.
//
// Threads: all functions are pure.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerHour = 3'600 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
// 2100-01-01, the end of time for events and standings.
inline constexpr int64_t kEndOfTimeMicros = 47'482 * kMicrosPerDay;

// Floors, so that moments before 1970 fall on the right day too.
constexpr int64_t FloorDiv(int64_t a, int64_t b) {
  return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0);
}
constexpr int64_t DayOf(int64_t at_us) { return FloorDiv(at_us, kMicrosPerDay); }

// A date of the Gregorian calendar.
struct CivilDate {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
  bool operator==(const CivilDate&) const = default;
};

CivilDate CivilOfDay(int64_t day);
int64_t DayOfCivil(const CivilDate& date);
int DaysInMonth(int64_t year, int month);

// `2026-01-31T09:30:00Z`, with microseconds only when there are any.
std::string FormatTime(int64_t at_us);
// `2026-01-31`.
std::string FormatDay(int64_t day);

// Reads RFC 3339 (`2026-01-31T09:30:00.5+01:00`) or a bare date, which is its midnight UTC.
// INVALID_ARGUMENT names the text and says what is understood.
absl::StatusOr<int64_t> ParseTime(absl::string_view text);

}  // namespace rapport
