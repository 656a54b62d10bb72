#include "tests/stories/words.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "tests/kit/status_matchers.h"

namespace rapport::stories {
namespace {

using kit::StatusIs;
using Strings = std::vector<std::string>;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

int64_t MomentOf(const Strings& words, int64_t base_us = 0) {
  size_t next = 0;
  const absl::StatusOr<int64_t> moment = TakeMoment(words, next, base_us);
  EXPECT_OK(moment);
  EXPECT_EQ(next, words.size());
  return moment.value_or(-1);
}

TEST(SplitWordsTest, KeepsQuotedBlanksAndSplitsOffCommas) {
  EXPECT_EQ(*SplitWords("  done a, b  place=\"New York\" by=1,2 # so far"),
            (Strings{"done", "a", ",", "b", "place=New York", "by=1,2"}));
  EXPECT_THAT(SplitWords("note=\"open").status(), StatusIs(kInvalid, "quotation mark"));
}

TEST(TakeMomentTest, ReadsDatesTimesAndDistances) {
  const int64_t day = DayOfCivil({2024, 3, 1}) * kMicrosPerDay;
  EXPECT_EQ(MomentOf({"2024-03-01"}), day);
  EXPECT_EQ(MomentOf({"2024-03-01", "10:00"}), day + 10 * kMicrosPerHour);
  EXPECT_EQ(MomentOf({"2024-03-01T10:00:30"}), day + 10 * kMicrosPerHour + 30 * kMicrosPerSecond);
  EXPECT_EQ(MomentOf({"+1d12h"}, day), day + 36 * kMicrosPerHour);
  EXPECT_EQ(MomentOf({"-90m"}, day), day - 3 * kMicrosPerHour / 2);
}

TEST(TakeMomentTest, LeavesTheNextWordAlone) {
  size_t next = 0;
  ASSERT_OK(TakeMoment({"2024-03-01", "ana"}, next, 0));
  EXPECT_EQ(next, 1u);
}

TEST(TakeMomentTest, SaysWhatItDoesNotUnderstand) {
  size_t next = 0;
  EXPECT_THAT(TakeMoment({"tomorrow"}, next, 0).status(), StatusIs(kInvalid, "`tomorrow`"));
  next = 0;
  EXPECT_THAT(TakeMoment({"2024-03-01", "25:00"}, next, 0).status(), StatusIs(kInvalid, "25:00"));
  next = 0;
  EXPECT_THAT(TakeMoment({"+3w"}, next, 0).status(), StatusIs(kInvalid, "`3w`"));
}

TEST(ReadThousandthsTest, ReadsNumbersWithUpToThreeDigitsBehindThePoint) {
  EXPECT_EQ(*ReadThousandths("-180"), -180'000);
  EXPECT_EQ(*ReadThousandths("21.7"), 21'700);
  EXPECT_EQ(*ReadThousandths("-0.25"), -250);
  for (const char* wrong : {"", "-", "1.2345", "x", "1.", ".5", "1.-5", "--1"}) {
    EXPECT_THAT(ReadThousandths(wrong).status(), StatusIs(kInvalid, "is no number")) << wrong;
  }
}

TEST(WrittenTest, LeavesOutSecondsThatAreNone) {
  EXPECT_EQ(Written(MomentOf({"2024-03-01", "10:00"})), "2024-03-01 10:00");
  EXPECT_EQ(Written(MomentOf({"2024-03-01", "10:00:05"})), "2024-03-01 10:00:05");
}

}  // namespace
}  // namespace rapport::stories
