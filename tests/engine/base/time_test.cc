// Moments as text and days as dates, with leap years and offsets from UTC.
#include "engine/base/time.h"

#include <gtest/gtest.h>

#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;

TEST(TimeTest, ReadsTheSameMomentInEverySpelling) {
  const int64_t moment = 1'769'851'800'000'000;  // 2026-01-31 09:30 UTC
  for (const char* text :
       {"2026-01-31T09:30:00Z", "2026-01-31t09:30:00z", "2026-01-31 09:30:00Z", "2026-01-31T09:30",
        "2026-01-31T09:30:00", "2026-01-31T10:30:00+01:00", "2026-01-31T04:00:00-05:30",
        "2026-02-01T00:29:00.000+14:59", "2026-01-31T09:30:00.0000009Z"}) {
    const auto parsed = ParseTime(text);
    ASSERT_OK(parsed) << text;
    EXPECT_EQ(*parsed, moment) << text;
  }
  EXPECT_EQ(*ParseTime("2026-01-31"), moment - (9 * 60 + 30) * 60 * kMicrosPerSecond);
}

TEST(TimeTest, KeepsMicroseconds) {
  EXPECT_EQ(*ParseTime("1970-01-01T00:00:00.5Z"), 500'000);
  EXPECT_EQ(*ParseTime("1970-01-01T00:00:00.000001Z"), 1);
  EXPECT_EQ(*ParseTime("1969-12-31T23:59:59.999999Z"), -1);
  EXPECT_EQ(FormatTime(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00Z");
}

TEST(TimeTest, KnowsLeapYears) {
  for (const char* text : {"2024-02-29", "2000-02-29", "1600-02-29"}) {
    const auto parsed = ParseTime(text);
    ASSERT_OK(parsed) << text;
    EXPECT_EQ(FormatDay(DayOf(*parsed)), text);
  }
  for (const char* text : {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30"}) {
    EXPECT_THAT(ParseTime(text), StatusIs(absl::StatusCode::kInvalidArgument, text));
  }
  EXPECT_EQ(*ParseTime("2024-03-01") - *ParseTime("2024-02-28"), 2 * kMicrosPerDay);
  EXPECT_EQ(*ParseTime("2023-03-01") - *ParseTime("2023-02-28"), kMicrosPerDay);
}

TEST(TimeTest, RefusesWhatIsNoMomentAndSaysWhatIs) {
  for (const char* text : {"",
                           "2026",
                           "2026-1-31",
                           "2026-00-10",
                           "2026-13-10",
                           "2026-04-31",
                           "2026-01-00",
                           "2026-01-31T",
                           "2026-01-31T24:00:00Z",
                           "2026-01-31T09:60Z",
                           "2026-01-31T09:30:60Z",
                           "2026-01-31T09:30:00.Z",
                           "2026-01-31T09:30:00+1:00",
                           "2026-01-31T09:30:00+24:00",
                           "2026-01-31T09:30:00+01:60",
                           "2026-01-31T09:30:00Z ",
                           " 2026-01-31",
                           "+026-01-31",
                           "2026-01-31Z",
                           "yesterday"}) {
    EXPECT_THAT(ParseTime(text), StatusIs(absl::StatusCode::kInvalidArgument, "write 2026-01-31"))
        << text;
  }
}

TEST(TimeTest, DaysAndDatesAreTheSameThingOverEightCenturies) {
  CivilDate expected{1600, 1, 1};
  for (int64_t day = DayOfCivil(expected); expected.year < 2400; ++day) {
    ASSERT_EQ(CivilOfDay(day), expected) << day;
    ASSERT_EQ(DayOfCivil(expected), day);
    if (++expected.day <= DaysInMonth(expected.year, expected.month)) continue;
    expected.day = 1;
    if (++expected.month <= 12) continue;
    expected.month = 1;
    ++expected.year;
  }
}

TEST(TimeTest, WhatIsFormattedIsReadBack) {
  for (int64_t at_us = -5 * kMicrosPerDay; at_us < kEndOfTimeMicros; at_us += 123'456'789'012'347) {
    EXPECT_EQ(*ParseTime(FormatTime(at_us)), at_us) << at_us;
  }
}

TEST(TimeTest, TheEndOfTimeIsTheYear2100) {
  EXPECT_EQ(FormatTime(kEndOfTimeMicros), "2100-01-01T00:00:00Z");
}

TEST(TimeTest, MomentsBefore1970FallOnTheDayBefore) {
  EXPECT_EQ(DayOf(-1), -1);
  EXPECT_EQ(DayOf(-kMicrosPerDay), -1);
  EXPECT_EQ(DayOf(-kMicrosPerDay - 1), -2);
  EXPECT_EQ(DayOf(0), 0);
  EXPECT_EQ(DayOf(kMicrosPerDay - 1), 0);
}

}  // namespace
}  // namespace rapport
