// Filters in words, and what is said of wrong ones.
#include "consumers/support/base_filter.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/kit/status_matchers.h"

namespace rapport::support {
namespace {

using kit::StatusIs;

constexpr int64_t kToday = 20'000;

v1::Standing AStanding() {
  v1::Standing standing;
  standing.set_stage(v1::STAGE_COMMITMENT);
  standing.set_score(640);
  standing.set_primary_type(v1::RELATIONSHIP_TYPE_PARTNERSHIP);
  standing.add_flags()->set_flag(v1::FLAG_AT_RISK);
  standing.set_last_act_day(kToday - 30);
  standing.set_as_of_us(kToday * kMicrosPerDay + 1);
  standing.mutable_metrics()->mutable_owner()->set_agent("agent 7");
  return standing;
}

bool Matches(const std::string& text, const v1::Standing& standing = AStanding()) {
  const auto filter = BaseFilter::Parse(text);
  EXPECT_OK(filter);
  return filter.ok() && filter->Matches(standing);
}

TEST(BaseFilterTest, EachConditionHoldsForWhomItNames) {
  EXPECT_TRUE(Matches(""));
  EXPECT_TRUE(Matches("stage=COMMITMENT"));
  EXPECT_TRUE(Matches("stage=ENGAGEMENT")) << "the other name";
  EXPECT_FALSE(Matches("stage=EXPANSION"));
  EXPECT_TRUE(Matches("score>=640"));
  EXPECT_FALSE(Matches("score>=641"));
  EXPECT_TRUE(Matches("score<641"));
  EXPECT_FALSE(Matches("score<640"));
  EXPECT_TRUE(Matches("flag:AT_RISK"));
  EXPECT_FALSE(Matches("flag:DAMAGED"));
  EXPECT_TRUE(Matches("type=PARTNERSHIP"));
  EXPECT_FALSE(Matches("type=COMMUNITY"));
  EXPECT_TRUE(Matches("owner=\"agent 7\""));
  EXPECT_FALSE(Matches("owner=agent"));
  EXPECT_TRUE(Matches("idle_days>=30"));
  EXPECT_FALSE(Matches("idle_days>=31"));
}

TEST(BaseFilterTest, WhoNeverActedIsNotIdle) {
  v1::Standing standing = AStanding();
  standing.clear_last_act_day();
  EXPECT_FALSE(Matches("idle_days>=0", standing));
}

TEST(BaseFilterTest, AllConditionsMustHold) {
  EXPECT_TRUE(Matches("  stage=COMMITMENT AND score>=600\tAND score<700 AND owner=\"agent 7\" "));
  EXPECT_FALSE(Matches("stage=COMMITMENT AND score>=700"));
  EXPECT_FALSE(Matches("stage=COMMITMENT AND stage=EXPANSION"));
}

TEST(BaseFilterTest, OnlyOwnersNeedMetrics) {
  EXPECT_FALSE(BaseFilter::Parse("score>=1 AND idle_days>=3")->NeedsMetrics());
  EXPECT_TRUE(BaseFilter::Parse("score>=1 AND owner=a")->NeedsMetrics());
}

TEST(BaseFilterTest, WhatIsWrongIsToldWithItsPlaceAndWhatWasExpected) {
  const std::pair<const char*, const char*> wrong[] = {
      {"stage=EXPANSON",
       "at byte 7 expects a stage such as EXPANSION, and has `EXPANSON`; did you "
       "mean EXPANSION?"},
      {"flag:AT_RISC",
       "at byte 6 expects a flag such as AT_RISK, and has `AT_RISC`; did you mean "
       "AT_RISK?"},
      {"stge=EXPANSION",
       "at byte 1 expects stage=, type=, flag:, owner=, score>=, score< or "
       "idle_days>=, and has `stge=EXPANSION`; did you mean stage=?"},
      {"stage=NOWHERE", "at byte 7 expects a stage such as EXPANSION, and has `NOWHERE`"},
      {"stage=", "at byte 7 expects a stage such as EXPANSION, and ends"},
      {"stage=UNSPECIFIED", "at byte 7 expects a stage"},
      {"stage = EXPANSION",
       "at byte 1 expects stage=, type=, flag:, owner=, score>=, score< or "
       "idle_days>=, and has `stage`"},
      {"score>=600 OR score<3", "at byte 12 expects AND, and has `OR`"},
      {"score>=600 AND",
       "at byte 15 expects stage=, type=, flag:, owner=, score>=, score< or "
       "idle_days>=, and ends"},
      {"AND score>=600", "at byte 1 expects stage="},
      {"score>=1001", "at byte 8 expects whole points, 0 to 1000, and has `1001`"},
      {"score>=-1", "at byte 8 expects whole points"},
      {"score>=6.5", "at byte 8 expects whole points"},
      {"score<6x", "at byte 7 expects whole points"},
      {"flag:RISKY", "at byte 6 expects a flag such as AT_RISK"},
      {"type=NOTHING", "at byte 6 expects a relationship type such as PARTNERSHIP"},
      {"idle_days>=soon", "at byte 12 expects whole days"},
      {"owner=\"agent 7", "at byte 7 expects an agent, in quotes if it holds blanks"},
      {"owner=\"\"", "at byte 7 expects an agent"},
      {"owner=\"a\"b", "at byte 10 expects AND, and has `b`"},
      {"stage=\xC3\xA9", "at byte 7 expects a stage such as EXPANSION, and has `\\xc3\\xa9`"},
  };
  for (const auto& [text, what] : wrong) {
    EXPECT_THAT(BaseFilter::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument,
                                                  absl::StrCat("FILTER_INVALID: filter: ", what)))
        << text;
  }
}

TEST(BaseFilterTest, AFilterHasAtMostOneKilobyte) {
  const std::string most = absl::StrCat("owner=", std::string(1024 - 6, 'a'));
  EXPECT_OK(BaseFilter::Parse(most));
  EXPECT_THAT(BaseFilter::Parse(most + "a"),
              StatusIs(absl::StatusCode::kInvalidArgument, "FILTER_INVALID: filter: has 1025"));
}

}  // namespace
}  // namespace rapport::support
