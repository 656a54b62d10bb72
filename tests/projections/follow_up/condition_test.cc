// Conditions that speak of the trigger, and those that drift with time, at their edges.
#include "projections/follow_up/condition.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/kit/follow_up_world.h"

namespace rapport::follow_up {
namespace {

using kit::EventBuilder;
using kit::FollowUpWorld;

// A policy `p` on purchases, under a condition.
FollowUpWorld OnPurchases(absl::string_view when, absl::string_view anchor = "EVENT") {
  return FollowUpWorld(kit::OnlyPolicies(absl::StrCat(
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_", anchor,
      " trigger { kind: KIND_PURCHASE_MADE } by: \"400d\" until: \"400d\" when { ", when,
      " } done { kind: KIND_MEETING_HELD } }")));
}

TEST(ObjectiveConditionTest, IsOpenUntilItIsReached) {
  FollowUpWorld world = OnPurchases("objective: true");
  world.Add("360000 ObjectiveSet o -;360010 PurchaseMade A -");
  EXPECT_NE(world.At(360020), "");
  world.Add("360011 ObjectiveReached o -");
  EXPECT_NE(world.At(360020), "") << "it was open when the purchase was made";
}

TEST(ObjectiveConditionTest, ReachedAtTheInstantOfThePurchaseIsReached) {
  FollowUpWorld world = OnPurchases("objective: true");
  world.Add("360000 ObjectiveSet o -;360010 ObjectiveReached o -;360010 PurchaseMade A -");
  EXPECT_EQ(world.At(360020), "");
}

TEST(ObjectiveConditionTest, SetAfterThePurchaseComesTooLate) {
  FollowUpWorld world = OnPurchases("objective: true");
  world.Add("360010 PurchaseMade A -;360011 ObjectiveSet o -");
  EXPECT_EQ(world.At(360020), "");
}

TEST(ObjectiveConditionTest, AnotherOneMayBeOpen) {
  FollowUpWorld world = OnPurchases("objective: true");
  world.Add(
      "360000 ObjectiveSet o -;360001 ObjectiveSet q -;360002 ObjectiveReached o -;"
      "360010 PurchaseMade A -");
  EXPECT_NE(world.At(360020), "");
}

TEST(ObjectiveConditionTest, SetAgainAfterItWasReachedIsOpen) {
  FollowUpWorld world = OnPurchases("objective: true");
  world.Add(
      "360000 ObjectiveSet o -;360001 ObjectiveReached o -;360002 ObjectiveSet o -;"
      "360010 PurchaseMade A -");
  EXPECT_NE(world.At(360020), "");
}

TEST(AfterConditionTest, AsksEachEventBeforeTheyShareABlock) {
  // Block 500 begins with hour 360000 and has 720 hours.
  FollowUpWorld world = OnPurchases("after: KIND_NEED_HEARD", "BLOCK");
  world.Add("360010 PurchaseMade A -;360011 NeedHeard n -");
  EXPECT_EQ(world.At(360020), "");
  world.Add("360012 PurchaseMade B -");
  EXPECT_EQ(world.At(360020).substr(0, 31), "p block:500 DUE - 360012 360012")
      << "the purchase before the need opens nothing, and does not open it earlier";
}

// Also where it stands in one `all` with what is asked later.
TEST(AfterConditionTest, AsksEachEventInAConjunctionWithTheStage) {
  FollowUpWorld world =
      OnPurchases("all { after: KIND_NEED_HEARD not { stage: STAGE_DISSOLUTION } }", "BLOCK");
  world.Add("360010 PurchaseMade A -;360011 NeedHeard n -;360012 PurchaseMade B -");
  EXPECT_EQ(world.At(360020).substr(0, 31), "p block:500 DUE - 360012 360012");
}

TEST(AfterConditionTest, TheSameInstantIsAfter) {
  FollowUpWorld world = OnPurchases("after: KIND_NEED_HEARD");
  world.Add("360010 PurchaseMade A -;360010 NeedHeard n -");
  EXPECT_NE(world.At(360020), "");
}

TEST(AfterConditionTest, NothingIsAfterItself) {
  FollowUpWorld world = OnPurchases("after: KIND_PURCHASE_MADE");
  world.Add("360010 PurchaseMade A -");
  EXPECT_EQ(world.At(360020), "");
  world.Add("360011 PurchaseMade B -");
  EXPECT_EQ(world.States(360020).size(), 1u) << "only the second is";
}

class RoleVacantTest : public testing::Test {
 protected:
  void Person(int64_t hour, absl::string_view who, absl::string_view role, bool left) {
    EventBuilder event = kit::AnEvent(v1::KIND_CONTACT_PERSON_RECORDED);
    event.AtHour(hour).Key(who).Set("role", role);
    if (left) event.Set("left", 1);
    world_.Add(std::move(event));
  }

  FollowUpWorld world_{kit::OnlyPolicies(
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_KEY "
      "trigger { kind: KIND_CONTACT_PERSON_RECORDED accepted: true } by: \"14d\" until: \"90d\" "
      "when { role_vacant: true } }")};
};

TEST_F(RoleVacantTest, OfTwoWhoLeftTheLastOneLeavesIt) {
  Person(360000, "ada", "buyer", false);
  Person(360001, "bob", "buyer", false);
  Person(360010, "ada", "buyer", true);
  EXPECT_EQ(world_.At(360011), "") << "bob is there";
  Person(360020, "bob", "buyer", true);
  EXPECT_EQ(world_.At(360021), "p key:bob DUE - 360020 360020 360356 362180");
}

TEST_F(RoleVacantTest, AtOneInstantTheGreaterIdIsTheLast) {
  Person(360010, "ada", "buyer", true);
  Person(360010, "bob", "buyer", true);
  EXPECT_EQ(world_.At(360011), "p key:bob DUE - 360010 360010 360346 362170");
}

TEST_F(RoleVacantTest, OtherRolesFillNothing) {
  Person(360000, "ada", "buyer", true);
  Person(360010, "bob", "user", false);
  EXPECT_NE(world_.At(360011), "");
  Person(360020, "bob", "buyer", false);
  EXPECT_EQ(world_.At(360021), "");
}

TEST_F(RoleVacantTest, WhoComesBackFillsIt) {
  Person(360000, "ada", "buyer", true);
  EXPECT_NE(world_.At(360001), "");
  Person(360010, "ada", "buyer", false);
  EXPECT_EQ(world_.At(360011), "");
}

TEST(TopicConditionTest, TheLastWordOnTheTopicCounts) {
  FollowUpWorld world(kit::OnlyPolicies(
      "policy { id: \"p\" class: FOLLOW_UP_CLASS_INTERNAL anchor: POLICY_ANCHOR_EVENT "
      "trigger { kind: KIND_INTEREST_MATCHED } by: \"7d\" until: \"30d\" "
      "when { topic_welcome: true } done { kind: KIND_MEETING_HELD } }"));
  EventBuilder matched = kit::EventOfText("360000 InterestMatched book -", 1);
  matched.Set("topic", "golf");
  world.Add(std::move(matched));
  EXPECT_NE(world.At(360010), "") << "nothing was said";
  world.Add("360001 ConsentChanged topic.golf 0");
  EXPECT_EQ(world.At(360010), "");
  world.Add("360002 ConsentChanged topic.golf 1");
  EXPECT_NE(world.At(360010), "");
  world.Add("360003 ConsentChanged golf 0");
  EXPECT_NE(world.At(360010), "") << "the topic, not the word";
}

// Points fall a little every day; NextChange names the day on which they fall below.
TEST(DriftConditionTest, NextChangeFindsTheDayOnWhichPointsFallBelow) {
  FollowUpWorld world = OnPurchases("points_min: 150");
  world.Add("360000 PurchaseMade A -");
  ASSERT_NE(world.At(360001), "") << "one fresh purchase is worth more";
  const std::optional<int64_t> next = world.NextChangeHour(360000);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(*next % 24, 0) << "points are of days";
  EXPECT_NE(world.At(*next - 1), "");
  EXPECT_EQ(world.At(*next), "");
  for (int64_t hour = 360000; hour < *next; hour += 24) ASSERT_NE(world.At(hour), "") << hour;
  EXPECT_EQ(world.NextChangeHour(*next), std::nullopt) << "they do not rise by themselves";
}

}  // namespace
}  // namespace rapport::follow_up
