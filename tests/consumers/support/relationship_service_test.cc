// One relationship, its timeline, and the base in sum.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::StatusIs;

kit::EventBuilder Complained(const std::string& customer, uint64_t id, int64_t day) {
  return AnEvent(v1::KIND_COMPLAINT_RAISED).Of(customer).Id(id).OnDay(day).Key("C1");
}

v1::GetRelationshipRequest AskFor(const std::string& customer, int64_t as_of_us) {
  v1::GetRelationshipRequest request;
  request.set_customer_id(customer);
  request.mutable_viewpoint()->set_as_of_us(as_of_us);
  return request;
}

TEST(RelationshipServiceTest, GetAnswersWithStandingFactsAndPosition) {
  ServiceWorld world;
  world.Publish({Bought("ana", 1, kDay), Bought("ana", 2, kDay + 10)});
  v1::GetRelationshipRequest request = AskFor("ana", kLater);
  v1::GetRelationshipResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, request, response));
  EXPECT_EQ(response.customer_id(), "ana");
  EXPECT_GT(response.standing().score_milli(), 0u);
  EXPECT_EQ(response.standing().as_of_us(), kLater);
  EXPECT_EQ(response.info().as_of_us(), kLater);
  EXPECT_EQ(response.info().lag_events(), 0);
  EXPECT_FALSE(response.has_facts());
  request.set_include_facts(true);
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, request, response));
  EXPECT_EQ(response.facts().ByteSizeLong(),
            world.engine().ReadRelationship("ana", {kLater, {}}, {}, true)->facts.size());
}

// covers: 000-13
TEST(RelationshipServiceTest, OneReadSaysPreferencesInterestsFeedbackAndObjectives) {
  ServiceWorld world;
  world.Publish({AnEvent(v1::KIND_PREFERENCE_RECORDED)
                     .Of("ana")
                     .Id(1)
                     .OnDay(kDay)
                     .Key("channel")
                     .Set("value", "EMAIL"),
                 AnEvent(v1::KIND_PREFERENCE_RECORDED)
                     .Of("ana")
                     .Id(2)
                     .OnDay(kDay)
                     .Key("interest.sailing")
                     .Set("value", "yes"),
                 AnEvent(v1::KIND_FEEDBACK_GIVEN)
                     .Of("ana")
                     .Id(3)
                     .OnDay(kDay)
                     .Key("F1")
                     .Set("topic", "packaging"),
                 AnEvent(v1::KIND_OBJECTIVE_SET)
                     .Of("ana")
                     .Id(4)
                     .OnDay(kDay)
                     .Key("less-waste")
                     .Set("progress", 60)});
  v1::GetRelationshipResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship,
                       AskFor("ana", kLater), response));
  const v1::Metrics& metrics = response.standing().metrics();
  ASSERT_EQ(metrics.preferences().preferences_size(), 2);
  EXPECT_EQ(metrics.preferences().preferences(0).key(), "channel");
  EXPECT_EQ(metrics.preferences().preferences(0).value(), "EMAIL");
  EXPECT_EQ(metrics.preferences().preferences(1).key(), "interest.sailing");
  EXPECT_EQ(metrics.preferences().preferences(1).value(), "yes");
  EXPECT_EQ(metrics.feedback().feedback(), "F1");
  EXPECT_EQ(metrics.feedback().topic(), "packaging");
  ASSERT_EQ(metrics.objectives_size(), 1);
  EXPECT_EQ(metrics.objectives(0).objective(), "less-waste");
  EXPECT_EQ(metrics.objectives(0).progress(), 60);
  EXPECT_EQ(response.standing().stage(), v1::STAGE_AWARENESS);
  EXPECT_GT(response.standing().score_milli(), 0u);
  EXPECT_EQ(response.info().position(), world.engine().pipeline().Applied().ToString());
  EXPECT_EQ(response.info().lag_events(), 0);
}

TEST(RelationshipServiceTest, GetAsOfThePastIsWithoutWhatCameLater) {
  ServiceWorld world;
  world.Publish({Bought("ana", 1, kDay)});
  const int64_t then = (kDay + 20) * kMicrosPerDay - 1;
  v1::GetRelationshipResponse before, after;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, AskFor("ana", then),
                       before));
  world.Publish({Complained("ana", 2, kDay + 20)});
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, AskFor("ana", then),
                       after));
  EXPECT_EQ(after.standing().SerializeAsString(), before.standing().SerializeAsString());
}

TEST(RelationshipServiceTest, GetRefusesWhatCannotBeAnswered) {
  ServiceWorld world;
  world.Publish({Bought("ana", 1, kDay)});
  v1::GetRelationshipResponse response;
  const auto get = [&](const v1::GetRelationshipRequest& request) {
    return world.Call(world.relationships(), &Relationships::GetRelationship, request, response);
  };
  EXPECT_THAT(get(AskFor("nobody", kLater)),
              StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  EXPECT_THAT(get(AskFor("", kLater)), StatusIs(absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN"));
  const int64_t now = world.engine().clock().NowMicros();
  EXPECT_OK(get(AskFor("ana", now + 3'652 * kMicrosPerDay)));
  EXPECT_THAT(
      get(AskFor("ana", now + 3'654 * kMicrosPerDay)),
      StatusIs(absl::StatusCode::kInvalidArgument, "TIME_OUT_OF_RANGE: viewpoint.as_of_us"));
  v1::GetRelationshipRequest lost = AskFor("ana", kLater);
  lost.set_min_position("deadbeef.1:0@1");
  EXPECT_THAT(get(lost), StatusIs(absl::StatusCode::kDataLoss, "POSITION_LOST"));
  v1::GetRelationshipRequest known = AskFor("ana", kLater);
  known.mutable_viewpoint()->set_known_at("deadbeef.1:0@1");
  EXPECT_THAT(get(known), StatusIs(absl::StatusCode::kDataLoss, "POSITION_LOST"));
}

TEST(RelationshipServiceTest, ATimelineIsPagedNewestFirst) {
  ServiceWorld world;
  std::vector<kit::EventBuilder> events;
  for (uint64_t id = 1; id <= 7; ++id) {
    events.push_back(Bought("ana", id, kDay + static_cast<int64_t>(id)));
  }
  world.Publish(events);
  v1::ListTimelineRequest request;
  request.set_customer_id("ana");
  request.set_page_size(3);
  std::vector<int64_t> days;
  std::vector<int> sizes;
  do {
    v1::ListTimelineResponse response;
    ASSERT_OK(world.Call(world.relationships(), &Relationships::ListTimeline, request, response));
    EXPECT_EQ(response.total(), 7);
    sizes.push_back(response.entries_size());
    for (const auto& entry : response.entries()) {
      days.push_back(entry.touchpoint().occurred_at().seconds() / 86'400 - kDay);
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(sizes, testing::ElementsAre(3, 3, 1));
  EXPECT_THAT(days, testing::ElementsAre(7, 6, 5, 4, 3, 2, 1));
}

TEST(RelationshipServiceTest, ATimelineRefusesTheTokenOfAnotherCustomer) {
  ServiceWorld world;
  world.Publish({Bought("ana", 1, kDay), Bought("ana", 2, kDay), Bought("bob", 3, kDay)});
  v1::ListTimelineRequest request;
  request.set_customer_id("ana");
  request.set_page_size(1);
  v1::ListTimelineResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::ListTimeline, request, response));
  request.set_page_token(response.next_page_token());
  ASSERT_FALSE(request.page_token().empty());
  request.set_customer_id("bob");
  EXPECT_THAT(world.Call(world.relationships(), &Relationships::ListTimeline, request, response),
              StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID"));
}

// What a customer is told of himself, by the name of its group.
std::set<std::string> GroupsOf(const v1::Standing& standing) {
  std::set<std::string> groups = {v1::Stage_Name(standing.stage()),
                                  absl::StrCat("SCORE ", standing.score() / 100 * 100),
                                  v1::RelationshipType_Name(standing.primary_type()),
                                  v1::ServiceMode_Name(standing.service_mode())};
  for (const v1::FlagState& flag : standing.flags()) groups.insert(v1::Flag_Name(flag.flag()));
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    if (follow_up.status() == v1::FOLLOW_UP_STATUS_DUE ||
        follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE) {
      groups.insert(follow_up.policy());
    }
  }
  return groups;
}

std::map<std::string, int64_t> GroupsOf(const v1::SummarizeBaseResponse& summary) {
  std::map<std::string, int64_t> groups;
  for (const auto& one : summary.stages()) groups[v1::Stage_Name(one.stage())] = one.customers();
  for (const auto& one : summary.score_bands()) {
    groups[absl::StrCat("SCORE ", one.from_points())] = one.customers();
  }
  for (const auto& one : summary.types()) {
    groups[v1::RelationshipType_Name(one.type())] = one.customers();
  }
  for (const auto& one : summary.modes()) {
    groups[v1::ServiceMode_Name(one.mode())] = one.customers();
  }
  for (const auto& one : summary.flags()) groups[v1::Flag_Name(one.flag())] = one.customers();
  for (const auto& one : summary.policies()) groups[one.policy()] = one.due();
  return groups;
}

TEST(RelationshipServiceTest, ASummaryCountsWhatEachCustomerIsToldOfHimself) {
  ServiceWorld world;
  std::vector<kit::EventBuilder> events;
  for (uint64_t i = 1; i <= 25; ++i) events.push_back(Bought(absl::StrCat("c", i), i, kDay));
  for (uint64_t i = 1; i <= 12; ++i) {
    events.push_back(Complained(absl::StrCat("c", i), 30 + i, kDay + 1));
  }
  world.Publish(events);
  const int64_t as_of_us = (kDay + 30) * kMicrosPerDay;
  std::map<std::string, int64_t> wanted;
  for (uint64_t i = 1; i <= 25; ++i) {
    v1::GetRelationshipResponse one;
    ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship,
                         AskFor(absl::StrCat("c", i), as_of_us), one));
    for (const std::string& group : GroupsOf(one.standing())) ++wanted[group];
  }
  v1::SummarizeBaseRequest request;
  request.mutable_viewpoint()->set_as_of_us(as_of_us);
  v1::SummarizeBaseResponse summary;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::SummarizeBase, request, summary));
  EXPECT_EQ(summary.customers(), 25);
  EXPECT_EQ(GroupsOf(summary), wanted);
  EXPECT_EQ(wanted["complaint_resolve"], 12);
  EXPECT_GT(summary.score_bands_size(), 1);
  // The only one of a stage is not told, nor would the other tell it.
  world.Publish({Bought("late", 99, kDay + 2), Bought("late", 100, kDay + 3)});
  ASSERT_OK(world.Call(world.relationships(), &Relationships::SummarizeBase, request, summary));
  EXPECT_EQ(summary.customers(), 26);
  for (const auto& stage : summary.stages()) EXPECT_TRUE(stage.hidden());
  request.add_groups(v1::BASE_GROUP_UNSPECIFIED);
  EXPECT_THAT(world.Call(world.relationships(), &Relationships::SummarizeBase, request, summary),
              StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: groups"));
}

}  // namespace
}  // namespace rapport
