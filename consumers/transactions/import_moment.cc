#include "consumers/transactions/import_moment.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"

namespace rapport::transactions {
namespace {

// Letters behind a percent sign that tell a time of day.
constexpr absl::string_view kTimeLetters = "HIklMSpTRrXcsE";

struct Translated {
  std::string format;
  bool bare_day = true;
};

// %Y would take all digits that follow; %E4Y takes four.
Translated Translate(absl::string_view format) {
  Translated result;
  for (size_t i = 0; i < format.size(); ++i) {
    result.format.push_back(format[i]);
    if (format[i] != '%' || i + 1 == format.size()) continue;
    ++i;
    if (format[i] == 'Y') {
      absl::StrAppend(&result.format, "E4Y");
      continue;
    }
    const bool is_year = absl::StartsWith(format.substr(i), "E4Y");
    if (absl::StrContains(kTimeLetters, format[i]) && !is_year) result.bare_day = false;
    result.format.push_back(format[i]);
  }
  return result;
}

}  // namespace

absl::StatusOr<absl::TimeZone> FindTimeZone(absl::string_view name) {
  absl::TimeZone zone;
  const bool is_path = absl::StartsWith(name, "/") || absl::StartsWith(name, "file:") ||
                       absl::StrContains(name, "..");
  if (!name.empty() && name != "localtime" && !is_path && absl::LoadTimeZone(name, &zone)) {
    return zone;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("time zone '", name,
                   "' is not in this machine's time zone database; use an "
                   "IANA name such as Europe/London, or install the package tzdata"));
}

absl::StatusOr<MomentFormat> MomentFormat::Parse(absl::string_view format, absl::TimeZone zone) {
  const Translated translated = Translate(format);
  MomentFormat result;
  result.written_ = std::string(format);
  result.format_ = translated.format;
  result.zone_ = zone;
  result.bare_day_ = translated.bare_day;
  // A format is whole when it brings back the day of a moment it has written.
  const int64_t day = DayOfCivil({.year = 2011, .month = 12, .day = 9});
  const int64_t noon_us = day * kMicrosPerDay + 12 * kMicrosPerHour;
  const std::string sample =
      absl::FormatTime(result.format_, absl::FromUnixMicros(noon_us), absl::UTCTimeZone());
  MomentFormat in_utc = result;
  in_utc.zone_ = absl::UTCTimeZone();
  const auto read = in_utc.Read(sample);
  if (!read || DayOf(*read) != day) {
    return absl::InvalidArgumentError(
        absl::StrCat("time format '", format,
                     "' does not tell year, month and day; write it as %Y-%m-%d %H:%M:%S"));
  }
  return result;
}

std::optional<int64_t> MomentFormat::Read(absl::string_view text) const {
  absl::Time time;
  std::string error;
  const absl::TimeZone zone = bare_day_ ? absl::UTCTimeZone() : zone_;
  if (!absl::ParseTime(format_, text, zone, &time, &error)) return std::nullopt;
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
  const int64_t at_us = absl::ToUnixMicros(time) + (bare_day_ ? 12 * kMicrosPerHour : 0);
  if (at_us <= 0 || at_us >= kEndOfTimeMicros) return std::nullopt;
  return at_us;
}

}  // namespace rapport::transactions
