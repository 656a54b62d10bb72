// Reads the calendar of a rule set.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "projections/follow_up/calendar.h"

namespace rapport::follow_up {
namespace {

constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int32_t kOffsetMinutesMax = 1'080;
constexpr uint32_t kMinutesPerDay = 1'440;

}  // namespace

absl::Status Calendar::AddOffsets(const fold::RulesText& text) {
  for (const v1::CalendarOffset& rule : text.rules().evaluate().calendar().offset()) {
    absl::StatusOr<int64_t> begins = ParseTime(rule.begins());
    if (!begins.ok()) return text.Error(rule, "begins", 0, begins.status().message());
    if (std::abs(rule.minutes()) > kOffsetMinutesMax) {
      return text.Error(rule, "minutes", 0,
                        absl::StrCat("must be ", -kOffsetMinutesMax, "..", kOffsetMinutesMax,
                                     ", is ", rule.minutes()));
    }
    if (!offsets_.empty() && *begins <= offsets_.back().begins_us) {
      return text.Error(rule, "begins", 0,
                        "begins before the offset above it; write offsets by their beginning");
    }
    offsets_.push_back({*begins, rule.minutes() * kMicrosPerMinute});
  }
  return absl::OkStatus();
}

absl::Status Calendar::AddSpans(const fold::RulesText& text) {
  for (const v1::OpenSpan& rule : text.rules().evaluate().calendar().span()) {
    if (rule.from() >= rule.to() || rule.to() > kMinutesPerDay) {
      return text.Error(rule, "to", 0,
                        absl::StrCat("must be after `from` and at most ", kMinutesPerDay,
                                     " minutes after midnight, is ", rule.to()));
    }
    if (rule.weekday().empty()) {
      return text.Error(rule, "weekday", 0, "is missing; name at least one day of the week");
    }
    for (int i = 0; i < rule.weekday_size(); ++i) {
      if (rule.weekday(i) == v1::WEEKDAY_UNSPECIFIED) {
        return text.Error(rule, "weekday", i, "is no day; write WEEKDAY_MONDAY or another day");
      }
      const Interval span = {rule.from() * kMicrosPerMinute, rule.to() * kMicrosPerMinute};
      auto& day = spans_[static_cast<size_t>(rule.weekday(i) - v1::WEEKDAY_MONDAY)];
      for (const Interval& other : day) {
        if (span.begin_us < other.end_us && other.begin_us < span.end_us) {
          return text.Error(rule, "weekday", i,
                            "already has a span that overlaps this one; join the two");
        }
      }
      day.insert(std::upper_bound(
                     day.begin(), day.end(), span,
                     [](const Interval& a, const Interval& b) { return a.begin_us < b.begin_us; }),
                 span);
      has_spans_ = true;
    }
  }
  return absl::OkStatus();
}

absl::Status Calendar::AddHolidays(const fold::RulesText& text) {
  const v1::CalendarRules& rules = text.rules().evaluate().calendar();
  for (int i = 0; i < rules.holiday_size(); ++i) {
    absl::StatusOr<int64_t> at_us = ParseTime(rules.holiday(i));
    if (!at_us.ok() || *at_us % kMicrosPerDay != 0) {
      return text.Error(rules, "holiday", i,
                        absl::StrCat("\"", rules.holiday(i), "\" is not a date; write 2026-12-25"));
    }
    holidays_.push_back(DayOf(*at_us));
  }
  std::sort(holidays_.begin(), holidays_.end());
  return absl::OkStatus();
}

absl::StatusOr<Calendar> Calendar::Compile(const fold::RulesText& text) {
  Calendar calendar;
  RETURN_IF_ERROR(calendar.AddOffsets(text));
  RETURN_IF_ERROR(calendar.AddSpans(text));
  RETURN_IF_ERROR(calendar.AddHolidays(text));
  return calendar;
}

}  // namespace rapport::follow_up
