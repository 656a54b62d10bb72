// Publishing through the service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::StatusIs;
using testing::EndsWith;
using testing::Not;

TEST(PublishServiceTest, AnAcceptedEventIsSeenAtItsPosition) {
  ServiceWorld world;
  v1::PublishRequest request;
  *request.mutable_item() = BoughtByAna(1);
  v1::PublishResponse response;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::Publish, request, response));
  EXPECT_EQ(response.result().status(), v1::PublishResult::STATUS_ACCEPTED);
  v1::GetRelationshipRequest get;
  get.set_customer_id("ana");
  get.set_min_position(response.result().position());
  v1::GetRelationshipResponse relationship;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, get, relationship));
  ASSERT_OK(world.Call(world.publishing(), &Publishing::Publish, request, response));
  EXPECT_EQ(response.result().status(), v1::PublishResult::STATUS_DUPLICATE);
  EXPECT_EQ(response.result().position(), get.min_position());
}

TEST(PublishServiceTest, ABatchOfMoreThan500IsRefusedWhole) {
  ServiceWorld world;
  v1::BatchPublishRequest request;
  for (uint64_t id = 1; id <= 501; ++id) *request.add_items() = BoughtByAna(id);
  v1::BatchPublishResponse response;
  EXPECT_THAT(world.Call(world.publishing(), &Publishing::BatchPublish, request, response),
              StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE: items: 501 items"));
  EXPECT_EQ(world.engine().log().Range(0)->end + world.engine().log().Range(1)->end, 0);
  request.mutable_items()->RemoveLast();
  ASSERT_OK(world.Call(world.publishing(), &Publishing::BatchPublish, request, response));
  EXPECT_EQ(response.results_size(), 500);
}

TEST(PublishServiceTest, AnItemsErrorDoesNotFailItsNeighbours) {
  ServiceWorld world;
  v1::BatchPublishRequest request;
  *request.add_items() = BoughtByAna(1, "euro");
  request.add_items();
  *request.add_items() = BoughtByAna(3);
  v1::BatchPublishResponse response;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::BatchPublish, request, response));
  ASSERT_EQ(response.results_size(), 3);
  EXPECT_EQ(response.results(0).status(), v1::PublishResult::STATUS_REJECTED);
  EXPECT_THAT(edge::FromErrorStatus(response.results(0).error()),
              StatusIs(absl::StatusCode::kInvalidArgument, "currency"));
  EXPECT_THAT(edge::FromErrorStatus(response.results(1).error()),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: item: is empty"));
  EXPECT_THAT(response.results(0).error().message(), EndsWith(" (items[0])"));
  EXPECT_THAT(response.results(1).error().message(), EndsWith(" (items[1])"));
  v1::PublishRequest alone;
  v1::PublishResponse answer;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::Publish, alone, answer));
  EXPECT_THAT(answer.result().error().message(), Not(EndsWith("])")));
  EXPECT_EQ(response.results(2).status(), v1::PublishResult::STATUS_ACCEPTED);
  EXPECT_EQ(response.position(), response.results(2).position());
}

// Such a position is read again by whoever publishes batch after batch.
TEST(PublishServiceTest, ABatchOfWhichNothingIsTakenInHasAnEmptyPosition) {
  ServiceWorld world;
  v1::BatchPublishRequest request;
  *request.add_items() = BoughtByAna(1, "euro");
  v1::BatchPublishResponse response;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::BatchPublish, request, response));
  EXPECT_EQ(response.position(), "");
  EXPECT_OK(Position::Parse(response.position()));
}

// There is nothing to wait for: a position would name a place that may never be filled.
TEST(PublishServiceTest, WhatIsOnlyCheckedHasNoPosition) {
  ServiceWorld world;
  v1::BatchPublishRequest request;
  *request.add_items() = BoughtByAna(1);
  request.set_validate_only(true);
  v1::BatchPublishResponse response;
  ASSERT_OK(world.Call(world.publishing(), &Publishing::BatchPublish, request, response));
  EXPECT_EQ(response.results(0).status(), v1::PublishResult::STATUS_ACCEPTED);
  EXPECT_EQ(response.results(0).position(), "");
  EXPECT_EQ(response.position(), "");
  EXPECT_EQ(world.engine().log().Range(0)->end + world.engine().log().Range(1)->end, 0);
}

}  // namespace
}  // namespace rapport
