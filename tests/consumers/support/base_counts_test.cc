// Counting the base, and which numbers are not told.
#include "consumers/support/base_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <map>

#include "tests/kit/status_matchers.h"

namespace rapport::support {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

v1::SummarizeBaseResponse Written(const BaseCounts& counts) {
  v1::SummarizeBaseResponse response;
  counts.Write(BaseGroups::All(), response);
  return response;
}

std::map<int, int64_t> Bands(const v1::SummarizeBaseResponse& response) {
  std::map<int, int64_t> bands;
  for (const auto& one : response.score_bands()) bands[one.from_points()] = one.customers();
  return bands;
}

// As many customers of each stage.
v1::SummarizeBaseResponse Stages(std::initializer_list<int64_t> customers) {
  BaseCounts counts;
  int stage = v1::STAGE_AWARENESS;
  for (const int64_t count : customers) counts.AddStage(static_cast<v1::Stage>(stage++), count);
  v1::SummarizeBaseResponse response = Written(counts);
  HideSmallGroups(response);
  return response;
}

std::vector<int64_t> Shown(const v1::SummarizeBaseResponse& response) {
  std::vector<int64_t> shown;
  for (const auto& one : response.stages()) shown.push_back(one.hidden() ? -1 : one.customers());
  return shown;
}

TEST(BaseCountsTest, BandsAreOfAHundredPointsAndTheLastHoldsAThousand) {
  BaseCounts counts;
  for (const uint32_t points : {0, 99, 100, 199, 200, 899, 900, 999, 1000}) {
    v1::Standing standing;
    standing.set_score(points);
    standing.set_stage(v1::STAGE_EXPANSION);
    counts.Add(standing);
  }
  EXPECT_THAT(Bands(Written(counts)), UnorderedElementsAre(Pair(0, 2), Pair(100, 2), Pair(200, 1),
                                                           Pair(800, 1), Pair(900, 3)));
}

TEST(BaseCountsTest, WhatTheEngineAddsIsNoFlagOfTheBase) {
  BaseCounts counts;
  counts.AddFlag(v1::FLAG_DAMAGED, 12);
  counts.AddFlag(v1::FLAG_INCOMPLETE, 12);
  const v1::SummarizeBaseResponse response = Written(counts);
  ASSERT_EQ(response.flags_size(), 1);
  EXPECT_EQ(response.flags(0).flag(), v1::FLAG_DAMAGED);
}

TEST(BaseCountsTest, OnlyWhatIsAskedForIsWritten) {
  BaseCounts counts;
  v1::Standing standing;
  standing.set_stage(v1::STAGE_EXPANSION);
  counts.Add(standing);
  v1::SummarizeBaseRequest request;
  request.add_groups(v1::BASE_GROUP_TYPE);
  const auto groups = BaseGroups::Of(request);
  ASSERT_OK(groups);
  EXPECT_FALSE(groups->AreLookedUp());
  v1::SummarizeBaseResponse response;
  counts.Write(*groups, response);
  EXPECT_EQ(response.customers(), 1);
  EXPECT_EQ(response.types_size(), 1);
  EXPECT_EQ(response.stages_size() + response.score_bands_size() + response.modes_size(), 0);
}

TEST(BaseCountsTest, AGroupThatIsNoneIsRefused) {
  v1::SummarizeBaseRequest request;
  request.add_groups(v1::BASE_GROUP_UNSPECIFIED);
  EXPECT_THAT(BaseGroups::Of(request),
              kit::StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: groups"));
}

TEST(BaseCountsTest, GroupsOfFewerThanTenAreHidden) {
  EXPECT_THAT(Shown(Stages({9, 7, 10, 30})), ElementsAre(-1, -1, 10, 30));
  EXPECT_THAT(Shown(Stages({10, 11})), ElementsAre(10, 11));
  EXPECT_THAT(Shown(Stages({9})), ElementsAre(-1));
}

TEST(BaseCountsTest, TheTotalDoesNotTellTheOnlyHiddenOne) {
  const v1::SummarizeBaseResponse response = Stages({40, 3, 12, 30});
  EXPECT_EQ(response.customers(), 85);
  EXPECT_THAT(Shown(response), ElementsAre(40, -1, -1, 30));
}

TEST(BaseCountsTest, TheTotalDoesNotTellSeveralHiddenOnes) {
  // Of two who must have one each, and of two who must have nine each.
  EXPECT_THAT(Shown(Stages({12, 1, 1, 30})), ElementsAre(-1, -1, -1, 30));
  EXPECT_THAT(Shown(Stages({12, 9, 9, 30})), ElementsAre(-1, -1, -1, 30));
}

// Who knows how it is hidden, the total and what is shown: for each hidden group there must be two
// numbers that it can have.
TEST(BaseCountsTest, NobodyCanWorkOutWhatIsHidden) {
  constexpr int64_t kMost = 22;
  std::map<std::pair<int64_t, std::vector<int64_t>>, std::array<std::set<int64_t>, 3>> can_be;
  for (int64_t a = 1; a <= kMost; ++a) {
    for (int64_t b = 1; b <= kMost; ++b) {
      for (int64_t c = 1; c <= kMost; ++c) {
        auto& values = can_be[{a + b + c, Shown(Stages({a, b, c}))}];
        values[0].insert(a);
        values[1].insert(b);
        values[2].insert(c);
      }
    }
  }
  for (const auto& [seen, values] : can_be) {
    // Three customers in three groups are one each, whatever is hidden.
    if (seen.first == 3) continue;
    for (size_t group = 0; group < 3; ++group) {
      if (seen.second[group] >= 0) continue;
      EXPECT_GE(values[group].size(), 2u) << seen.first << " in all, group " << group;
    }
  }
}

TEST(BaseCountsTest, FlagsDoNotAddUpSoOnlySmallOnesAreHidden) {
  BaseCounts counts;
  counts.AddFlag(v1::FLAG_AT_RISK, 12);
  counts.AddFlag(v1::FLAG_DAMAGED, 3);
  v1::SummarizeBaseResponse response = Written(counts);
  HideSmallGroups(response);
  ASSERT_EQ(response.flags_size(), 2);
  EXPECT_EQ(response.flags(0).customers(), 12);
  EXPECT_TRUE(response.flags(1).hidden());
  EXPECT_EQ(response.flags(1).customers(), 0);
}

}  // namespace
}  // namespace rapport::support
