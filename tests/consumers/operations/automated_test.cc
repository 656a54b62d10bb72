// What a service that knows the individual asks before it answers: all of it in one reply.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "tests/consumers/operations/store_world.h"

namespace rapport::operations {
namespace {

using kit::AnEvent;
using kit::APurchase;
using kit::EventBuilder;

EventBuilder Step(uint64_t id, const std::string& order, const std::string& step, int64_t day) {
  return AnEvent(v1::KIND_FULFILMENT_STEP_DONE)
      .Of("ana")
      .Id(id)
      .OnDay(day)
      .Key(order)
      .Set("step", step);
}

// The state of each order, by key.
std::vector<std::string> StatesIn(const v1::Table& orders) {
  std::vector<std::string> states;
  for (const v1::Row& row : orders.rows()) {
    states.push_back(row.cells(0).text() + " " + row.cells(1).text());
  }
  return states;
}

// covers: 004-12
TEST(AutomatedTest, OneReadKnowsTheIndividual) {
  StoreWorld world;
  const auto bought = [](uint64_t id, const char* order, int64_t day) {
    return APurchase().Of("ana").Id(id).OnDay(day).Key(order).Worth(40, "EUR");
  };
  EventBuilder asked = AnEvent(v1::KIND_SELF_SERVICE_USED);
  asked.Of("ana").Id(8).OnDay(kDay + 9).Key("order-status").Set("succeeded", 1).Set("automated", 1);
  world.Publish({AnEvent(v1::KIND_PROFILE_RECORDED).Of("ana").Id(1).OnDay(kDay).Set("name", "Ana"),
                 AnEvent(v1::KIND_PREFERENCE_RECORDED)
                     .Of("ana")
                     .Id(2)
                     .OnDay(kDay)
                     .Key("size")
                     .Set("value", "M"),
                 bought(3, "A1", kDay + 1), bought(4, "A2", kDay + 3), bought(5, "A3", kDay + 5),
                 Step(6, "A1", "delivered", kDay + 4), Step(7, "A1", "shipped", kDay + 2), asked,
                 AnEvent(v1::KIND_PURCHASE_REVERSED)
                     .Of("ana")
                     .Id(9)
                     .OnDay(kDay + 8)
                     .Key("A2")
                     .Set("form", v1::REVERSAL_FORM_CANCEL)});
  v1::GetRelationshipRequest request;
  request.set_customer_id("ana");
  request.mutable_viewpoint()->set_as_of_us((kDay + 10) * kMicrosPerDay);
  request.add_insights("orders");
  const auto read = [&] {
    v1::GetRelationshipResponse reply;
    EXPECT_OK(world.Call(world.client().relationships(),
                         &v1::RelationshipService::Stub::GetRelationship, request, &reply));
    return reply;
  };
  EXPECT_FALSE(read().has_profile()) << "who does not say why is not told the name";
  request.set_reveal(true);
  request.set_purpose("greet the caller by name");
  const v1::GetRelationshipResponse reply = read();
  EXPECT_EQ(reply.profile().name(), "Ana");
  const v1::Standing& standing = reply.standing();
  ASSERT_EQ(standing.metrics().preferences().preferences_size(), 1);
  EXPECT_EQ(standing.metrics().preferences().preferences(0).key(), "size");
  EXPECT_EQ(standing.metrics().preferences().preferences(0).value(), "M");
  ASSERT_EQ(reply.insights_size(), 1);
  EXPECT_THAT(StatesIn(reply.insights(0)),
              testing::ElementsAre("A1 delivered", "A2 CANCEL", "A3 BOUGHT"));
  EXPECT_NE(standing.stage(), v1::STAGE_UNSPECIFIED);
  EXPECT_GT(standing.score_milli(), 0u);
  EXPECT_EQ(standing.service_mode(), v1::SERVICE_MODE_AUTOMATED);
}

}  // namespace
}  // namespace rapport::operations
