// What would be if something happened, and that nothing did.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::StatusIs;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    world_.Publish({APurchase().Of("ana").Id(1).OnDay(kDay).Key("o1").Worth(5, "EUR"),
                    APurchase().Of("ana").Id(2).OnDay(kDay + 10).Key("o2").Worth(5, "EUR")});
    request_.set_customer_id("ana");
    request_.mutable_viewpoint()->set_as_of_us(kLater);
  }

  // A purchase without a word about who, when and under which id.
  v1::Touchpoint& Imagine() {
    v1::Touchpoint& touchpoint = *request_.add_touchpoints();
    v1::PurchaseMade& bought = *touchpoint.mutable_purchase_made();
    bought.set_order("o3");
    bought.mutable_amount()->set_micros(40'000'000);
    bought.mutable_amount()->set_currency("EUR");
    return touchpoint;
  }

  absl::StatusOr<v1::SimulateRelationshipResponse> Simulate() {
    v1::SimulateRelationshipResponse response;
    const absl::Status status = world_.Call(
        world_.relationships(), &Relationships::SimulateRelationship, request_, response);
    if (!status.ok()) return status;
    return response;
  }

  std::string Standing() {
    v1::GetRelationshipRequest request;
    request.set_customer_id("ana");
    request.mutable_viewpoint()->set_as_of_us(kLater);
    v1::GetRelationshipResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response));
    return response.standing().DebugString();
  }

  ServiceWorld world_;
  v1::SimulateRelationshipRequest request_;
};

TEST_F(SimulationTest, AfterIsWhatItIsOnceItHasHappened) {
  Imagine().mutable_occurred_at()->set_seconds((kDay + 20) * 86'400);
  const std::string before = Standing();
  const std::string position = world_.engine().pipeline().Applied().ToString();
  const auto answer = Simulate();
  ASSERT_OK(answer);
  EXPECT_EQ(answer->before().DebugString(), before);
  EXPECT_GT(answer->after().score_milli(), answer->before().score_milli());
  EXPECT_EQ(answer->after().purchase_days(), 3u);
  EXPECT_EQ(Standing(), before) << "nothing was written";
  EXPECT_EQ(world_.engine().pipeline().Applied().ToString(), position);
  world_.Publish({APurchase().Of("ana").Id(3).OnDay(kDay + 20).Key("o3").Worth(40, "EUR")});
  const v1::Standing after = answer->after();
  v1::GetRelationshipRequest get;
  get.set_customer_id("ana");
  get.mutable_viewpoint()->set_as_of_us(kLater);
  v1::GetRelationshipResponse now;
  ASSERT_OK(world_.Call(world_.relationships(), &Relationships::GetRelationship, get, now));
  // All is the same but the event's id.
  const std::string imagined = EventId::FromText("rapport-imagined-0").Hex();
  const std::string published = EventId::FromText("00000000-0000-0000-0000-000000000003").Hex();
  const std::string text = absl::StrReplaceAll(after.DebugString(), {{imagined, published}});
  EXPECT_NE(text, after.DebugString());
  EXPECT_EQ(text, now.standing().DebugString());
}

TEST_F(SimulationTest, WithoutAMomentItHappensOnTheDateAskedAbout) {
  Imagine();
  const auto answer = Simulate();
  ASSERT_OK(answer);
  EXPECT_EQ(answer->after().last_act_day(), DayOf(kLater));
  EXPECT_EQ(answer->after().as_of_us(), kLater);
}

TEST_F(SimulationTest, ThePastIsWithoutWhatCameLater) {
  request_.mutable_viewpoint()->set_as_of_us((kDay + 5) * kMicrosPerDay);
  Imagine();
  const auto answer = Simulate();
  ASSERT_OK(answer);
  EXPECT_EQ(answer->before().purchase_days(), 1u);
  EXPECT_EQ(answer->after().purchase_days(), 2u);
}

TEST_F(SimulationTest, SeveralHappenTogether) {
  for (int i = 0; i < 20; ++i) {
    Imagine().mutable_occurred_at()->set_seconds((kDay + 20 + i) * 86'400);
  }
  const auto answer = Simulate();
  ASSERT_OK(answer);
  EXPECT_EQ(answer->after().purchase_days(), 22u);
  Imagine();
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, "TOO_LARGE: touchpoints: has 21"));
}

TEST_F(SimulationTest, WhatCouldNotHappenIsRefusedWithItsPlace) {
  Imagine();
  Imagine().mutable_occurred_at()->set_seconds(kLater / 1'000'000 + 60);
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, "FIELD_INVALID: touchpoints[1].occurred_at"));
  request_.mutable_touchpoints()->RemoveLast();
  Imagine().mutable_purchase_made()->mutable_amount()->set_currency("euro");
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, ": touchpoints[1].purchase_made.amount.currency"));
  request_.mutable_touchpoints()->RemoveLast();
  Imagine().set_customer_id("bo");
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, "touchpoints[1].customer_id"));
  request_.mutable_touchpoints()->RemoveLast();
  request_.add_touchpoints()->mutable_event_retracted()->set_target_event_id("x");
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, "touchpoints[1].kind"));
  request_.mutable_touchpoints()->RemoveLast();
  request_.add_touchpoints()->mutable_erasure_requested();
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, "touchpoints[1].kind"));
  request_.mutable_touchpoints()->RemoveLast();
  request_.add_touchpoints();
  EXPECT_THAT(Simulate(), StatusIs(kInvalid, ": touchpoints[1]: names no kind"));
  request_.mutable_touchpoints()->RemoveLast();
  request_.set_customer_id("nobody");
  EXPECT_THAT(Simulate(), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
}

}  // namespace
}  // namespace rapport
