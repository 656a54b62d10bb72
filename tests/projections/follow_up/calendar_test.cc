#include "projections/follow_up/calendar.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/kit/status_matchers.h"

namespace rapport::follow_up {
namespace {

using kit::StatusIs;

constexpr absl::string_view kWorkdays =
    "weekday: WEEKDAY_MONDAY weekday: WEEKDAY_TUESDAY weekday: WEEKDAY_WEDNESDAY "
    "weekday: WEEKDAY_THURSDAY weekday: WEEKDAY_FRIDAY ";

absl::StatusOr<Calendar> Compile(absl::string_view calendar) {
  absl::StatusOr<fold::RulesText> text = fold::RulesText::Parse(
      absl::StrCat("evaluate {\n calendar {\n  ", calendar, " } }"), "test.textproto");
  if (!text.ok()) return text.status();
  return Calendar::Compile(*text);
}

Calendar Compiled(absl::string_view calendar) {
  absl::StatusOr<Calendar> result = Compile(calendar);
  EXPECT_OK(result);
  return result.value_or(Calendar{});
}

int64_t Us(absl::string_view text) {
  absl::StatusOr<int64_t> at_us = ParseTime(text);
  EXPECT_OK(at_us);
  return at_us.value_or(0);
}
int64_t Day(absl::string_view text) { return DayOf(Us(text)); }

// Nine to five on workdays.
Calendar Office() {
  return Compiled(
      absl::StrCat("span { ", kWorkdays, "from: 540 to: 1020 } holiday: \"2026-12-25\""));
}

TEST(CalendarTest, HasUtcMidnightsWithoutOffsets) {
  EXPECT_EQ(Calendar().LocalMidnight(Day("2026-05-01")), Us("2026-05-01"));
  EXPECT_FALSE(Calendar().has_spans());
}

TEST(CalendarTest, TakesTheOffsetInForceAtNoonUtc) {
  const Calendar calendar = Compiled(
      "offset { begins: \"2026-03-29T01:00:00Z\" minutes: 120 } "
      "offset { begins: \"2026-10-25T12:00:00Z\" minutes: 60 } "
      "offset { begins: \"2026-11-01T12:00:01Z\" minutes: -300 }");
  EXPECT_EQ(calendar.LocalMidnight(Day("2026-03-01")), Us("2026-02-28T22:00:00Z"))
      << "the first offset also holds before";
  EXPECT_EQ(calendar.LocalMidnight(Day("2026-10-24")), Us("2026-10-23T22:00:00Z"));
  EXPECT_EQ(calendar.LocalMidnight(Day("2026-10-25")), Us("2026-10-24T23:00:00Z"));
  EXPECT_EQ(calendar.LocalMidnight(Day("2026-11-01")), Us("2026-10-31T23:00:00Z"));
  EXPECT_EQ(calendar.LocalMidnight(Day("2026-11-02")), Us("2026-11-02T05:00:00Z"));
}

TEST(CalendarTest, CountsOpenHoursOnly) {
  const Calendar office = Office();
  // 2026-12-24 is a Thursday, Friday is closed.
  EXPECT_EQ(office.AddOpenTime(Us("2026-12-24T10:00:00Z"), 2 * kMicrosPerHour, {}),
            Us("2026-12-24T12:00:00Z"));
  EXPECT_EQ(office.AddOpenTime(Us("2026-12-24T16:00:00Z"), 2 * kMicrosPerHour, {}),
            Us("2026-12-28T10:00:00Z"));
  EXPECT_EQ(office.AddOpenTime(Us("2026-12-26T16:00:00Z"), 8 * kMicrosPerHour, {}),
            Us("2026-12-28T17:00:00Z"))
      << "the least instant: the end of the day, not the next morning";
  EXPECT_EQ(office.AddOpenTime(Us("2026-12-26T16:00:00Z"), 0, {}), Us("2026-12-26T16:00:00Z"));
}

TEST(CalendarTest, LeavesPausesOut) {
  const Calendar office = Office();
  const Interval pause = {Us("2026-12-22T11:00:00Z"), Us("2026-12-23T10:00:00Z")};
  EXPECT_EQ(office.AddOpenTime(Us("2026-12-22T10:00:00Z"), 2 * kMicrosPerHour, {pause}),
            Us("2026-12-23T11:00:00Z"));
  EXPECT_EQ(office.AddOpenTime(Us("2026-12-22T10:00:00Z"), kMicrosPerHour, {pause}),
            Us("2026-12-22T11:00:00Z"));
}

TEST(CalendarTest, EndsWithTime) {
  EXPECT_EQ(Office().AddOpenTime(Us("2099-12-30"), 1000 * kMicrosPerHour, {}), kEndOfTimeMicros);
}

TEST(CalendarTest, BeginsNoSpanBeforeTheOneBeforeEnds) {
  // At the change the second date begins an hour before the first one has ended.
  const Calendar calendar = Compiled(
      "offset { begins: \"2026-01-01\" minutes: 0 } offset { begins: \"2026-06-02\" minutes: 60 } "
      "span { weekday: WEEKDAY_MONDAY weekday: WEEKDAY_TUESDAY from: 0 to: 1440 }");
  // Monday 2026-06-01 and Tuesday, which ends at 23:00 UTC: 47 hours.
  EXPECT_EQ(calendar.AddOpenTime(Us("2026-06-01"), 47 * kMicrosPerHour, {}),
            Us("2026-06-02T23:00:00Z"));
}

TEST(CalendarTest, RefusesWhatCannotBe) {
  EXPECT_THAT(Compile("offset { begins: \"2026-03-29\" minutes: 60 }\n"
                      "  offset { begins: \"2026-03-28\" minutes: 60 }"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "test.textproto:4:12: begins before the offset above it"));
  EXPECT_THAT(Compile("offset { begins: \"2026-03-29\" minutes: 1081 }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "must be -1080..1080, is 1081"));
  EXPECT_THAT(Compile("span { weekday: WEEKDAY_MONDAY from: 60 to: 60 }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "must be after `from`"));
  EXPECT_THAT(Compile("span { weekday: WEEKDAY_MONDAY from: 0 to: 1441 }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "at most 1440"));
  EXPECT_THAT(Compile("span { from: 0 to: 60 }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "at least one day"));
  EXPECT_THAT(Compile("span { weekday: WEEKDAY_MONDAY from: 0 to: 60 } "
                      "span { weekday: WEEKDAY_MONDAY from: 59 to: 90 }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "overlaps"));
  EXPECT_THAT(Compile("holiday: \"25 December\""),
              StatusIs(absl::StatusCode::kInvalidArgument, "is not a date"));
}

}  // namespace
}  // namespace rapport::follow_up
