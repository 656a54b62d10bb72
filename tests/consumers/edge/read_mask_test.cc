// Which fields of an answer are wanted.
#include "consumers/edge/read_mask.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "rapport/v1/relationships.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;

absl::StatusOr<ReadMask> Of(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return ReadMask::Of(mask, v1::GetRelationshipResponse::descriptor());
}

v1::GetRelationshipResponse Answer() {
  v1::GetRelationshipResponse answer;
  answer.set_customer_id("ana");
  answer.set_quarantined(3);
  answer.mutable_info()->set_position("p");
  answer.mutable_info()->set_lag_events(7);
  answer.mutable_standing()->set_score(600);
  answer.mutable_standing()->set_stage(v1::STAGE_EXPANSION);
  v1::FlagState& flag = *answer.mutable_standing()->add_flags();
  flag.set_flag(v1::FLAG_AT_RISK);
  flag.mutable_receipt()->set_text("why");
  return answer;
}

TEST(ReadMaskTest, WithoutPathsEverythingIsWanted) {
  const auto mask = Of({});
  ASSERT_OK(mask);
  EXPECT_TRUE(mask->is_whole());
  EXPECT_TRUE(mask->Wants("standing.metrics"));
  v1::GetRelationshipResponse answer = Answer();
  mask->Trim(answer);
  EXPECT_EQ(answer.SerializeAsString(), Answer().SerializeAsString());
}

TEST(ReadMaskTest, OnlyWhatIsNamedIsLeftAndWhoAndHowFar) {
  const auto mask = Of({"standing.score", "standing.flags.flag"});
  ASSERT_OK(mask);
  v1::GetRelationshipResponse answer = Answer();
  mask->Trim(answer);
  v1::GetRelationshipResponse wanted = Answer();
  wanted.clear_quarantined();
  wanted.mutable_standing()->clear_stage();
  wanted.mutable_standing()->mutable_flags(0)->clear_receipt();
  EXPECT_EQ(answer.DebugString(), wanted.DebugString());
}

TEST(ReadMaskTest, InfoIsNarrowedByNamingPartsOfIt) {
  const auto mask = Of({"info.position"});
  ASSERT_OK(mask);
  v1::GetRelationshipResponse answer = Answer();
  mask->Trim(answer);
  v1::GetRelationshipResponse wanted;
  wanted.set_customer_id("ana");
  wanted.mutable_info()->set_position("p");
  EXPECT_EQ(answer.DebugString(), wanted.DebugString());
}

TEST(ReadMaskTest, PartsAndWholesOfWhatIsNamedAreWanted) {
  const auto mask = Of({"standing.outlook", "facts.known"});
  ASSERT_OK(mask);
  EXPECT_TRUE(mask->Wants("standing"));
  EXPECT_TRUE(mask->Wants("standing.outlook"));
  EXPECT_TRUE(mask->Wants("standing.outlook.trend"));
  EXPECT_TRUE(mask->Wants("facts"));
  EXPECT_FALSE(mask->Wants("standing.metrics"));
  EXPECT_FALSE(mask->Wants("profile"));
}

TEST(ReadMaskTest, AWholeSwallowsItsPartsInEitherOrder) {
  for (const auto& mask :
       {Of({"standing", "standing.score"}), Of({"standing.score", "standing"})}) {
    ASSERT_OK(mask);
    EXPECT_TRUE(mask->Wants("standing.metrics"));
    v1::GetRelationshipResponse answer = Answer();
    mask->Trim(answer);
    EXPECT_EQ(answer.standing().DebugString(), Answer().standing().DebugString());
  }
}

TEST(ReadMaskTest, APathThatIsNoneIsRefusedByName) {
  const absl::StatusCode invalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(Of({"standing.stag"}),
              StatusIs(invalid,
                       "FIELD_INVALID: read_mask: `standing.stag` is no field: Standing has no "
                       "`stag`; did you mean stage?"));
  EXPECT_THAT(Of({"standing.score.x"}), StatusIs(invalid, "goes on behind a field"));
  EXPECT_THAT(Of({""}), StatusIs(invalid, "FIELD_INVALID: read_mask"));
  EXPECT_THAT(Of({"standing", "standing.stag"}), StatusIs(invalid, "`standing.stag`"));
}

TEST(ReadMaskTest, AnErrorShowsNoMoreOfAPathThanIsNeeded) {
  const std::string long_path(1'000'000, 'x');
  const auto mask = Of({long_path.c_str()});
  EXPECT_THAT(mask, StatusIs(absl::StatusCode::kInvalidArgument, "is no field"));
  EXPECT_LT(mask.status().message().size(), 400u);
  EXPECT_THAT(Of({"a\nb"}), StatusIs(absl::StatusCode::kInvalidArgument, "`a\\nb`"));
}

TEST(ReadMaskTest, ItHasAtMost32Paths) {
  google::protobuf::FieldMask mask;
  for (int i = 0; i < 32; ++i) mask.add_paths("standing");
  EXPECT_OK(ReadMask::Of(mask, v1::GetRelationshipResponse::descriptor()));
  mask.add_paths("standing");
  EXPECT_THAT(ReadMask::Of(mask, v1::GetRelationshipResponse::descriptor()),
              StatusIs(absl::StatusCode::kInvalidArgument, "has 33 paths, at most 32"));
}

}  // namespace
}  // namespace rapport::edge
