#include "consumers/operations/moment.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/clock.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr int64_t kSpanMax = 40'000;

// Reads a number of `unit`s, of `unit_us` each; false when it is not of that form.
bool ParseUnits(absl::string_view text, char unit, int64_t unit_us, int64_t& span_us) {
  int64_t number = 0;
  if (text.size() < 2 || text.back() != unit ||
      !absl::SimpleAtoi(text.substr(0, text.size() - 1), &number) || number < 0 ||
      number > kSpanMax) {
    return false;
  }
  span_us = number * unit_us;
  return true;
}

// `90d`, `24h`.
bool ParseSpan(absl::string_view text, int64_t& span_us) {
  return ParseUnits(text, 'd', kMicrosPerDay, span_us) ||
         ParseUnits(text, 'h', kMicrosPerHour, span_us);
}

// `30m`, `20s`: of moments nobody means so little, and an m may be a month.
bool ParseShortSpan(absl::string_view text, int64_t& span_us) {
  return ParseUnits(text, 'm', 60 * kMicrosPerSecond, span_us) ||
         ParseUnits(text, 's', kMicrosPerSecond, span_us);
}

// `from` and a span in `direction`, or the moment that is written out.
absl::StatusOr<int64_t> Moment(absl::string_view flag, const std::string& text, int64_t from,
                               int direction, absl::string_view span_means) {
  int64_t span_us = 0;
  if (ParseSpan(text, span_us)) return from + direction * span_us;
  const absl::StatusOr<int64_t> moment = ParseTime(text);
  if (moment.ok()) return *moment;
  return absl::InvalidArgumentError(absl::StrCat(
      "wrong usage: ", flag, ": ", moment.status().message(), ", or 90d for ", span_means));
}

}  // namespace

int64_t NowMicros() { return SystemClock().NowMicros(); }

bool IsPast(int64_t at_us) { return DayOf(at_us) < DayOf(NowMicros()); }

absl::StatusOr<v1::Viewpoint> ViewpointOf(const std::string& as_of, const std::string& known_at,
                                          absl::string_view flag) {
  v1::Viewpoint viewpoint;
  viewpoint.set_known_at(known_at);
  if (as_of.empty()) return viewpoint;
  const int64_t now_us = NowMicros();
  ASSIGN_OR_RETURN(const int64_t at_us, Moment(flag, as_of, now_us, -1, "90 days ago"));
  // A server does not know which flag it came from.
  if (const std::string fault = edge::FaultOfMoment(at_us, now_us); !fault.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("wrong usage: ", flag, ": ", fault));
  }
  viewpoint.set_as_of_us(at_us);
  return viewpoint;
}

absl::StatusOr<int64_t> MomentAfter(absl::string_view flag, const std::string& text,
                                    int64_t now_us) {
  return Moment(flag, text, now_us, 1, "within 90 days");
}

absl::StatusOr<int64_t> MomentBefore(absl::string_view flag, const std::string& text,
                                     int64_t now_us) {
  return Moment(flag, text, now_us, -1, "90 days ago");
}

absl::StatusOr<int64_t> MomentThrough(absl::string_view flag, const std::string& text,
                                      int64_t now_us) {
  constexpr size_t kBareDay = sizeof("2026-01-31") - 1;
  ASSIGN_OR_RETURN(const int64_t at_us, MomentBefore(flag, text, now_us));
  const bool is_day = text.size() == kBareDay && ParseTime(text).ok();
  return is_day ? at_us + kMicrosPerDay - 1 : at_us;
}

absl::StatusOr<int64_t> SpanOf(absl::string_view flag, const std::string& text) {
  int64_t span_us = 0;
  if (ParseSpan(text, span_us) || ParseShortSpan(text, span_us)) return span_us;
  return absl::InvalidArgumentError(absl::StrCat("wrong usage: ", flag, ": `", text,
                                                 "` is no span, such as 7d, 12h, 30m or 20s"));
}

}  // namespace rapport::operations
