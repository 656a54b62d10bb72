#include "engine/base/time.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rapport {
namespace {

// Takes `digits` digits off the front of `in`.
bool TakeDigits(absl::string_view& in, size_t digits, int64_t& value) {
  if (in.size() < digits) return false;
  int64_t result = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (in[i] < '0' || in[i] > '9') return false;
    result = result * 10 + (in[i] - '0');
  }
  in.remove_prefix(digits);
  value = result;
  return true;
}

bool TakeChar(absl::string_view& in, char c) {
  if (in.empty() || in[0] != c) return false;
  in.remove_prefix(1);
  return true;
}

bool TakeDate(absl::string_view& in, int64_t& day) {
  int64_t year = 0, month = 0, day_of_month = 0;
  if (!TakeDigits(in, 4, year) || !TakeChar(in, '-') || !TakeDigits(in, 2, month) ||
      !TakeChar(in, '-') || !TakeDigits(in, 2, day_of_month)) {
    return false;
  }
  if (month < 1 || month > 12 || day_of_month < 1 ||
      day_of_month > DaysInMonth(year, static_cast<int>(month))) {
    return false;
  }
  day = DayOfCivil({year, static_cast<int>(month), static_cast<int>(day_of_month)});
  return true;
}

// Reads `.5` and the like; digits past microseconds are cut off.
bool TakeFraction(absl::string_view& in, int64_t& micros) {
  micros = 0;
  if (!TakeChar(in, '.')) return true;
  int64_t unit = kMicrosPerSecond;
  size_t digits = 0;
  while (!in.empty() && in[0] >= '0' && in[0] <= '9') {
    unit /= 10;
    micros += unit * (in[0] - '0');
    in.remove_prefix(1);
    ++digits;
  }
  return digits > 0;
}

bool TakeOffset(absl::string_view& in, int64_t& offset_us) {
  offset_us = 0;
  if (TakeChar(in, 'Z') || TakeChar(in, 'z')) return true;
  const bool minus = !in.empty() && in[0] == '-';
  if (!TakeChar(in, '+') && !TakeChar(in, '-')) return false;
  int64_t hours = 0, minutes = 0;
  if (!TakeDigits(in, 2, hours) || !TakeChar(in, ':') || !TakeDigits(in, 2, minutes) ||
      hours > 23 || minutes > 59) {
    return false;
  }
  offset_us = (hours * 60 + minutes) * 60 * kMicrosPerSecond * (minus ? -1 : 1);
  return true;
}

bool ParseWhole(absl::string_view in, int64_t& at_us) {
  int64_t day = 0;
  if (!TakeDate(in, day)) return false;
  at_us = day * kMicrosPerDay;
  if (in.empty()) return true;
  if (!TakeChar(in, 'T') && !TakeChar(in, 't') && !TakeChar(in, ' ')) return false;
  int64_t hour = 0, minute = 0, second = 0, fraction = 0, offset = 0;
  if (!TakeDigits(in, 2, hour) || !TakeChar(in, ':') || !TakeDigits(in, 2, minute)) return false;
  if (TakeChar(in, ':') && (!TakeDigits(in, 2, second) || !TakeFraction(in, fraction)))
    return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (!in.empty() && (!TakeOffset(in, offset) || !in.empty())) return false;
  at_us += ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + fraction - offset;
  return true;
}

}  // namespace

// Days from the civil calendar: years begin in March, so the leap day is the last.
int64_t DayOfCivil(const CivilDate& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = FloorDiv(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t month = (date.month + 9) % 12;
  const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

CivilDate CivilOfDay(int64_t day) {
  const int64_t shifted = day + 719'468;
  const int64_t era = FloorDiv(shifted, 146'097);
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int DaysInMonth(int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

std::string FormatDay(int64_t day) {
  const CivilDate date = CivilOfDay(day);
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

std::string FormatTime(int64_t at_us) {
  const int64_t day = DayOf(at_us);
  const int64_t in_day = at_us - day * kMicrosPerDay;
  const int64_t seconds = in_day / kMicrosPerSecond;
  std::string out = absl::StrFormat("%sT%02d:%02d:%02d", FormatDay(day), seconds / 3600,
                                    seconds / 60 % 60, seconds % 60);
  if (const int64_t micros = in_day % kMicrosPerSecond; micros != 0) {
    absl::StrAppendFormat(&out, ".%06d", micros);
  }
  return out + "Z";
}

absl::StatusOr<int64_t> ParseTime(absl::string_view text) {
  int64_t at_us = 0;
  if (ParseWhole(text, at_us)) return at_us;
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not a moment; write 2026-01-31 or 2026-01-31T09:30:00Z"));
}

}  // namespace rapport
