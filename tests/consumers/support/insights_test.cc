// Insights: reports on one relationship, by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/consumers/support/service_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::StatusIs;

v1::GetRelationshipRequest AskFor(const std::string& customer,
                                  const std::vector<std::string>& insights) {
  v1::GetRelationshipRequest request;
  request.set_customer_id(customer);
  request.mutable_viewpoint()->set_as_of_us(kLater);
  for (const std::string& name : insights) request.add_insights(name);
  return request;
}

kit::EventBuilder Called(const std::string& customer, uint64_t id, int64_t day) {
  return AnEvent(v1::KIND_ENQUIRY_MADE)
      .Of(customer)
      .Id(id)
      .OnDay(day)
      .Key("Q1")
      .On(v1::CHANNEL_PHONE);
}

int64_t TouchesIn(const v1::Table& table) {
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).name() == "touches") return table.total().cells(i).number();
  }
  return -1;
}

TEST(InsightsTest, AreToldInTheOrderAskedOfWhatCounts) {
  ServiceWorld world;
  world.Publish({Called("ana", 1, kDay), Called("ana", 2, kDay + 1), Called("ben", 3, kDay)});
  v1::GetRelationshipResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship,
                       AskFor("ana", {"referrals", "channels"}), response));
  ASSERT_EQ(response.insights_size(), 2);
  EXPECT_EQ(response.insights(0).name(), "referrals");
  EXPECT_EQ(response.insights(1).name(), "channels");
  EXPECT_EQ(TouchesIn(response.insights(1)), 2);
  ASSERT_EQ(response.insights(1).rows_size(), 1);
  EXPECT_THAT(response.insights(1).rows(0).customers(), testing::ElementsAre("ana"));
}

TEST(InsightsTest, AreNotThereUnlessAskedFor) {
  ServiceWorld world;
  world.Publish({Called("ana", 1, kDay)});
  v1::GetRelationshipResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship, AskFor("ana", {}),
                       response));
  EXPECT_EQ(response.insights_size(), 0);
}

TEST(InsightsTest, LeaveOutRetractedEventsAndJoinMergedCustomers) {
  ServiceWorld world;
  world.Publish({Called("ana", 1, kDay), Called("ana", 2, kDay + 1), Called("ben", 3, kDay)});
  world.Publish({kit::ARetraction(Called("ana", 1, kDay).envelope().event_id())
                     .Of("ana")
                     .Id(4)
                     .OnDay(kDay + 2)});
  v1::GetRelationshipResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship,
                       AskFor("ana", {"channels"}), response));
  EXPECT_EQ(TouchesIn(response.insights(0)), 1);
  for (const std::string customer : {"ana", "ben"}) {
    world.Publish({AnEvent(v1::KIND_CUSTOMER_MERGED)
                       .Of(customer)
                       .Id(5)
                       .OnDay(kDay + 3)
                       .Set("survivor", "ana")
                       .Set("merged", "ben")});
  }
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship,
                       AskFor("ben", {"channels"}), response));
  EXPECT_EQ(TouchesIn(response.insights(0)), 2);
}

TEST(InsightsTest, WithAnUnknownNameAreRefusedWithThoseThatThereAre) {
  ServiceWorld world;
  world.Publish({Called("ana", 1, kDay)});
  v1::GetRelationshipResponse response;
  EXPECT_THAT(world.Call(world.relationships(), &Relationships::GetRelationship,
                         AskFor("ana", {"channels", "roads"}), response),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "FIELD_INVALID: insights: there is no insight `roads`; there are "
                       "anonymous, areas"));
}

TEST(InsightsTest, OfMoreThan32NamesAreRefused) {
  ServiceWorld world;
  world.Publish({Called("ana", 1, kDay)});
  v1::GetRelationshipResponse response;
  ASSERT_OK(world.Call(world.relationships(), &Relationships::GetRelationship,
                       AskFor("ana", std::vector<std::string>(32, "channels")), response));
  EXPECT_EQ(response.insights_size(), 32);
  EXPECT_THAT(world.Call(world.relationships(), &Relationships::GetRelationship,
                         AskFor("ana", std::vector<std::string>(33, "channels")), response),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "FIELD_INVALID: insights: has 33 names, at most 32 are told at once"));
}

}  // namespace
}  // namespace rapport
