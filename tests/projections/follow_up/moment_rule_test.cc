#include "projections/follow_up/moment_rule.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "tests/kit/status_matchers.h"

namespace rapport::follow_up {
namespace {

using kit::StatusIs;

MomentRule Parsed(absl::string_view text) {
  absl::StatusOr<MomentRule> rule = ParseMoment(text);
  EXPECT_OK(rule) << text;
  return rule.value_or(MomentRule{});
}

TEST(MomentRuleTest, CountsLengthsFromTheOpening) {
  EXPECT_EQ(Parsed("24h").offset_us, 24 * kMicrosPerHour);
  EXPECT_EQ(Parsed("90s").offset_us, 90 * kMicrosPerSecond);
  EXPECT_EQ(Parsed("14d").offset_us, 14 * kMicrosPerDay);
  EXPECT_EQ(Parsed("14d").base, Base::kOpened);
  EXPECT_TRUE(Parsed("14d").in_days);
  EXPECT_FALSE(Parsed("24h").in_days);
}

TEST(MomentRuleTest, CountsFromWhatItNames) {
  EXPECT_EQ(Parsed("term").base, Base::kTerm);
  EXPECT_EQ(Parsed("term").times, 1);
  EXPECT_EQ(Parsed("2term").times, 2);
  EXPECT_EQ(Parsed("due-1d").base, Base::kDue);
  EXPECT_EQ(Parsed("due-1d").offset_us, -kMicrosPerDay);
  EXPECT_EQ(Parsed("date+8d").base, Base::kDate);
  EXPECT_EQ(Parsed("date+8d").offset_us, 8 * kMicrosPerDay);
  EXPECT_EQ(Parsed("due_from or due-1d").base, Base::kDueFrom);
  EXPECT_EQ(Parsed("due_from or due-1d").or_offset_us, -kMicrosPerDay);
}

TEST(MomentRuleTest, RefusesWhatItDoesNotUnderstand) {
  for (const absl::string_view text :
       {"", "d", "1", "1w", "-1d", "1.5d", "due1d", "due-", "termd", "0term", "1d ", "due_from"}) {
    EXPECT_THAT(ParseMoment(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "write a length such as 24h"))
        << text;
  }
}

TEST(MomentRuleTest, LimitsLengths) {
  EXPECT_OK(ParseLength("36500d"));
  EXPECT_THAT(ParseLength("36501d"),
              StatusIs(absl::StatusCode::kInvalidArgument, "at most 36500d"));
  EXPECT_THAT(ParseLength("99999999999999999999s"),
              StatusIs(absl::StatusCode::kInvalidArgument, "not a length"));
}

}  // namespace
}  // namespace rapport::follow_up
