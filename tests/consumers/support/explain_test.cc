// Reasons of a relationship over the wire, also of the past and of merged customers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::StatusIs;

kit::EventBuilder Asked(const std::string& customer, uint64_t id, int64_t day) {
  return AnEvent(v1::KIND_ENQUIRY_MADE).Of(customer).Id(id).OnDay(day).Key(absl::StrCat("q", id));
}

class ExplainServiceTest : public testing::Test {
 protected:
  static v1::ExplainRelationshipRequest AskFor(const std::string& customer,
                                               int64_t as_of_us = kLater) {
    v1::ExplainRelationshipRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    return request;
  }
  absl::Status Ask(const v1::ExplainRelationshipRequest& request) {
    return world_.Call(world_.relationships(), &Relationships::ExplainRelationship, request,
                       response_);
  }
  v1::GetRelationshipResponse Get(const std::string& customer, int64_t as_of_us = kLater) {
    v1::GetRelationshipRequest request;
    request.set_customer_id(customer);
    request.mutable_viewpoint()->set_as_of_us(as_of_us);
    v1::GetRelationshipResponse response;
    EXPECT_OK(
        world_.Call(world_.relationships(), &Relationships::GetRelationship, request, response));
    return response;
  }
  // That the parts make the standing that GetRelationship gives.
  void ExpectAddsUp(v1::Standing standing) {
    const v1::Explanation& explanation = response_.explanation();
    // Metrics are not explained.
    standing.clear_metrics();
    EXPECT_TRUE(explanation.standing().SerializeAsString() == standing.SerializeAsString());
    std::map<int, int64_t> split;
    for (const v1::ExplainedEvent& event : explanation.events()) {
      for (const v1::LineShare& share : event.shares()) split[share.line()] += share.milli_points();
    }
    for (const v1::UnsharedLine& left : explanation.unshared()) {
      split[left.line()] += left.milli_points();
    }
    for (const v1::Line& line : standing.lines()) {
      EXPECT_EQ(split[line.line()], line.milli_points()) << v1::ScoreLine_Name(line.line());
    }
  }
  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    for (const v1::ExplainedEvent& event : response_.explanation().events()) {
      keys.push_back(event.key());
    }
    return keys;
  }

  ServiceWorld world_;
  v1::ExplainRelationshipResponse response_;
};

TEST_F(ExplainServiceTest, EventsAddUpToTheStandingThatGetGives) {
  world_.Publish({Bought("ana", 1, kDay), Bought("ana", 2, kDay + 10), Asked("ana", 3, kDay + 20)});
  ASSERT_OK(Ask(AskFor("ana")));
  EXPECT_EQ(response_.customer_id(), "ana");
  EXPECT_EQ(response_.info().lag_events(), 0);
  EXPECT_EQ(response_.info().as_of_us(), kLater);
  ExpectAddsUp(Get("ana").standing());
  EXPECT_THAT(Keys(), testing::ElementsAre("o1", "o2", "q3"));
  EXPECT_EQ(response_.explanation().events(2).customer_id(), "ana");
  EXPECT_FALSE(response_.explanation().changes().empty());
}

TEST_F(ExplainServiceTest, ThePastIsExplainedByWhatHadHappenedThen) {
  world_.Publish({Bought("ana", 1, kDay), Asked("ana", 2, kDay + 20)});
  const int64_t then = (kDay + 10) * kMicrosPerDay;
  ASSERT_OK(Ask(AskFor("ana", then)));
  EXPECT_THAT(Keys(), testing::ElementsAre("o1"));
  ExpectAddsUp(Get("ana", then).standing());
}

TEST_F(ExplainServiceTest, WhatWasKnownAtAPositionExplainsWithoutWhatCameLater) {
  world_.Publish({Bought("ana", 1, kDay)});
  ASSERT_OK(Ask(AskFor("ana")));
  v1::ExplainRelationshipRequest request = AskFor("ana");
  request.mutable_viewpoint()->set_known_at(response_.info().position());
  world_.Publish({Asked("ana", 2, kDay - 5)});
  ASSERT_OK(Ask(request));
  EXPECT_THAT(Keys(), testing::ElementsAre("o1"));
}

TEST_F(ExplainServiceTest, ARetractedEventIsNoReasonAndACorrectedOneCountsAsItWasPutRight) {
  world_.Publish({Bought("ana", 1, kDay), Asked("ana", 2, kDay + 1), Bought("ana", 3, kDay + 2)});
  world_.Publish(
      {kit::ARetraction("00000000-0000-0000-0000-000000000002").Of("ana").Id(4).OnDay(kDay + 3),
       kit::ACorrection("00000000-0000-0000-0000-000000000003",
                        APurchase().Key("o3b").Worth(500, "EUR"))
           .Of("ana")
           .Id(5)
           .OnDay(kDay + 3)});
  ASSERT_OK(Ask(AskFor("ana")));
  EXPECT_THAT(Keys(), testing::ElementsAre("o1", "o3b"));
  ExpectAddsUp(Get("ana").standing());
}

TEST_F(ExplainServiceTest, MergedCustomersAreExplainedTogether) {
  world_.Publish({Bought("ana", 1, kDay), Asked("ben", 2, kDay + 1)});
  for (const char* whose : {"ana", "ben"}) {
    world_.Publish({AnEvent(v1::KIND_CUSTOMER_MERGED)
                        .Of(whose)
                        .Id(10)
                        .OnDay(kDay + 5)
                        .Set("survivor", "ana")
                        .Set("merged", "ben")});
  }
  ASSERT_OK(Ask(AskFor("ben")));
  EXPECT_EQ(response_.merged_into(), "ana");
  EXPECT_THAT(response_.members(), testing::ElementsAre("ana", "ben"));
  EXPECT_THAT(Keys(), testing::ElementsAre("o1", "q2"));
  EXPECT_EQ(response_.explanation().events(1).customer_id(), "ben");
  ExpectAddsUp(Get("ana").standing());
}

TEST_F(ExplainServiceTest, RefusesWhatCannotBeAnswered) {
  world_.Publish({Bought("ana", 1, kDay)});
  EXPECT_THAT(Ask(AskFor("nobody")), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  v1::ExplainRelationshipRequest request = AskFor("ana");
  request.add_subjects(v1::EXPLAIN_SUBJECT_UNSPECIFIED);
  EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID"));
  request = AskFor("ana");
  request.mutable_viewpoint()->set_known_at("nowhere");
  EXPECT_THAT(Ask(request), StatusIs(absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
}

}  // namespace
}  // namespace rapport
