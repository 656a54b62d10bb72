#include "projections/follow_up/moment_rule.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::follow_up {
namespace {

constexpr int64_t kDaysMax = 36'500;

absl::Status NotUnderstood(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is not a moment; write a length such as 24h or 14d (s, h or d), or term, ",
      "2term, due+1d, due-1d, \"due_from or due-1d\", date-7d"));
}

int64_t UnitOf(char c) {
  switch (c) {
    case 's':
      return kMicrosPerSecond;
    case 'h':
      return kMicrosPerHour;
    case 'd':
      return kMicrosPerDay;
    default:
      return 0;
  }
}

// Reads what follows a base: nothing, or a sign and a length.
absl::StatusOr<int64_t> ParseOffset(absl::string_view rest, absl::string_view whole) {
  if (rest.empty()) return 0;
  const int64_t sign = rest[0] == '-' ? -1 : 1;
  if (rest[0] != '-' && rest[0] != '+') return NotUnderstood(whole);
  absl::StatusOr<int64_t> length = ParseLength(rest.substr(1));
  if (!length.ok()) return NotUnderstood(whole);
  return sign * *length;
}

// Takes `3term` or `term` off the front.
bool TakeTerm(absl::string_view& rest, int32_t& times) {
  absl::string_view digits = rest.substr(0, rest.find_first_not_of("0123456789"));
  absl::string_view after = rest.substr(digits.size());
  if (!absl::ConsumePrefix(&after, "term")) return false;
  times = 1;
  if (!digits.empty() && (!absl::SimpleAtoi(digits, &times) || times < 1 || times > 100)) {
    return false;
  }
  rest = after;
  return true;
}

}  // namespace

absl::StatusOr<int64_t> ParseLength(absl::string_view text) {
  int64_t number = 0;
  const int64_t unit = text.empty() ? 0 : UnitOf(text.back());
  const absl::string_view digits = text.substr(0, text.empty() ? 0 : text.size() - 1);
  if (unit == 0 || digits.empty() ||
      digits.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(digits, &number) || number > kDaysMax * kMicrosPerDay / unit) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a length of time; write a whole number and s, h or d, ",
                     "such as 24h, at most ", kDaysMax, "d"));
  }
  return number * unit;
}

absl::StatusOr<MomentRule> ParseMoment(absl::string_view text) {
  MomentRule rule;
  absl::string_view rest = text;
  rule.in_days = !text.empty() && text.back() == 'd';
  if (absl::ConsumePrefix(&rest, "due_from or due")) {
    rule.base = Base::kDueFrom;
    ASSIGN_OR_RETURN(rule.or_offset_us, ParseOffset(rest, text));
    return rule;
  }
  if (absl::ConsumePrefix(&rest, "due")) {
    rule.base = Base::kDue;
  } else if (absl::ConsumePrefix(&rest, "date")) {
    rule.base = Base::kDate;
  } else if (TakeTerm(rest, rule.times)) {
    rule.base = Base::kTerm;
  } else {
    absl::StatusOr<int64_t> length = ParseLength(text);
    if (!length.ok()) return NotUnderstood(text);
    rule.offset_us = *length;
    return rule;
  }
  ASSIGN_OR_RETURN(rule.offset_us, ParseOffset(rest, text));
  return rule;
}

}  // namespace rapport::follow_up
