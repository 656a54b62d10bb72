// How a request's moment and position reach the engine.
#include "consumers/edge/viewpoint.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "engine/base/time.h"
#include "projections/catalog.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;

constexpr int64_t kNow = 20'000 * kMicrosPerDay;

class ViewpointTest : public testing::Test {
 protected:
  ViewpointTest() : clock_(kNow), projection_(projections::StandardCatalog().value()) {
    EngineOptions options;
    options.data_directory = folder_.path();
    options.partitions = 2;
    options.disk_reserve_permille = 0;
    engine_ = Engine::Open(options, projection_.get(), &clock_).value();
  }

  v1::Viewpoint AsOf(int64_t as_of_us) {
    v1::Viewpoint viewpoint;
    viewpoint.set_as_of_us(as_of_us);
    return viewpoint;
  }

  static absl::Time Soon() { return absl::Now() + absl::Milliseconds(20); }

  kit::ScratchFolder folder_;
  ManualClock clock_;
  PageTokens tokens_{&clock_};
  std::unique_ptr<fold::Projection> projection_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(ViewpointTest, WithoutAMomentItIsNow) {
  const auto viewpoint = ViewpointOf({}, Soon(), *engine_);
  ASSERT_OK(viewpoint);
  EXPECT_EQ(viewpoint->as_of_us, kNow);
  EXPECT_TRUE(viewpoint->known_at.next.empty());
}

TEST_F(ViewpointTest, TheMomentIsAfter1970AndAtMostTenYearsAhead) {
  const int64_t latest = kNow + 3'653 * kMicrosPerDay;
  EXPECT_EQ(ViewpointOf(AsOf(1), Soon(), *engine_)->as_of_us, 1);
  EXPECT_EQ(ViewpointOf(AsOf(latest), Soon(), *engine_)->as_of_us, latest);
  for (const int64_t wrong : {latest + 1, INT64_MAX, int64_t{0}, int64_t{-1}, INT64_MIN}) {
    EXPECT_THAT(
        ViewpointOf(AsOf(wrong), Soon(), *engine_),
        StatusIs(absl::StatusCode::kInvalidArgument, "TIME_OUT_OF_RANGE: viewpoint.as_of_us"))
        << wrong;
  }
}

TEST_F(ViewpointTest, KnownAtIsAPositionOfThisLog) {
  v1::Viewpoint viewpoint;
  viewpoint.set_known_at(absl::StrCat(engine_->log().identity().ToString(), ":1@0"));
  EXPECT_EQ(ViewpointOf(viewpoint, Soon(), *engine_)->known_at.next,
            (std::map<Partition, Offset>{{1, 0}}));
  viewpoint.set_known_at("p:1@0");
  EXPECT_OK(ViewpointOf(viewpoint, Soon(), *engine_));
  viewpoint.set_known_at("deadbeef.9:1@7");
  EXPECT_THAT(ViewpointOf(viewpoint, Soon(), *engine_),
              StatusIs(absl::StatusCode::kDataLoss, "POSITION_LOST"));
  viewpoint.set_known_at("p:2@7");
  EXPECT_THAT(ViewpointOf(viewpoint, Soon(), *engine_),
              StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
  viewpoint.set_known_at("yesterday");
  EXPECT_THAT(ViewpointOf(viewpoint, Soon(), *engine_),
              StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
}

TEST_F(ViewpointTest, WhatTheLogDoesNotHoldCannotBeKnown) {
  v1::Viewpoint viewpoint;
  viewpoint.set_known_at("p:1@7");
  EXPECT_THAT(ViewpointOf(viewpoint, absl::InfiniteFuture(), *engine_),
              StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
}

TEST_F(ViewpointTest, AwaitsOnlyAPositionThatIsGiven) {
  const absl::Time soon = absl::Now() + absl::Milliseconds(20);
  EXPECT_OK(AwaitPosition("", soon, engine_->pipeline()));
  EXPECT_OK(AwaitPosition("p:1@0", soon, engine_->pipeline()));
  EXPECT_THAT(AwaitPosition("p:1@1", soon, engine_->pipeline()),
              StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
}

TEST_F(ViewpointTest, IsLateOnceItsDeadlineHasPassed) {
  EXPECT_FALSE(ViewpointOf({}, absl::Now() + absl::Hours(1), *engine_)->IsLate());
  EXPECT_TRUE(ViewpointOf({}, absl::Now() - absl::Hours(1), *engine_)->IsLate());
  EXPECT_FALSE(history::Viewpoint().IsLate());
}

TEST_F(ViewpointTest, OfAPageIsThatOfThePagesBefore) {
  const v1::ListTimelineRequest query;
  const auto first = ViewpointOfPage({}, Page(), Soon(), *engine_);
  ASSERT_OK(first);
  EXPECT_EQ(first->as_of_us, kNow);
  const Page page = *tokens_.Read(10, NextPageToken(tokens_, Page(), 60, query, *first), query);
  clock_.Set(kNow + kMicrosPerDay);
  EXPECT_EQ(ViewpointOfPage({}, page, Soon(), *engine_)->as_of_us, kNow);
  EXPECT_EQ(ViewpointOfPage(AsOf(7), page, Soon(), *engine_)->as_of_us, 7);
}

TEST_F(ViewpointTest, APageOfOtherRulesIsRefused) {
  const v1::ListTimelineRequest query;
  const auto first = ViewpointOfPage({}, Page(), Soon(), *engine_);
  ASSERT_OK(first);
  const Page page = *tokens_.Read(10, NextPageToken(tokens_, Page(), 60, query, *first), query);
  const std::shared_ptr<const fold::Projection> others =
      projections::Catalog(absl::StrReplaceAll(projections::StandardRulesText(),
                                               {{"horizon_days: 273", "horizon_days: 274"}}),
                           "others")
          .value();
  ASSERT_OK(engine_->Activate(others));
  EXPECT_THAT(ViewpointOfPage({}, page, Soon(), *engine_),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "PAGE_TOKEN_INVALID: page_token: the rules changed since the pages before; "
                       "start again without one"));
  EXPECT_OK(ViewpointOfPage({}, Page(), Soon(), *engine_)) << "a first page is of any rules";
}

TEST_F(ViewpointTest, AnAnswerSaysPositionRulesAndMoment) {
  const v1::AnswerInfo info = AnswerInfoOf(*engine_, 17);
  const std::string position = absl::StrCat(engine_->log().identity().ToString(), ":0@0,1@0");
  EXPECT_EQ(info.position(), position);
  EXPECT_EQ(info.durable_position(), position);
  EXPECT_EQ(info.lag_events(), 0);
  EXPECT_EQ(info.as_of_us(), 17);
  EXPECT_EQ(info.rules_digest().size(), 14u);
  EXPECT_EQ(info.rules_digest().substr(0, 2), "r-");
}

}  // namespace
}  // namespace rapport::edge
