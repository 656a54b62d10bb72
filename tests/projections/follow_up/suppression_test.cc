// What holds follow-ups back, in which order, and whom the budget lets go first.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/hash.h"
#include "projections/follow_up/candidates.h"
#include "tests/kit/follow_up_world.h"
#include "tests/kit/standard_rules.h"

namespace rapport::follow_up {
namespace {

using kit::FollowUpWorld;

std::string IdOf(absl::string_view policy, absl::string_view anchor) {
  return Hex(FollowUpId("cust-1", policy, anchor));
}

class SuppressionTest : public testing::Test {
 protected:
  FollowUpWorld world_{kit::FewPolicies()};
};

TEST_F(SuppressionTest, NothingHoldsBackWork) {
  world_.Add(
      "360000 ComplaintRaised C1 3;360001 FraudSuspected - -;360002 ConsentChanged all 0;"
      "360003 RelationshipEnded OTHER -;360004 PromotionSent a -;360004 PromotionSent b -");
  EXPECT_EQ(world_.StatusAt(360010, "complaint_acknowledge"), "DUE -");
  EXPECT_EQ(world_.StatusAt(360010, "complaint_resolve"), "DUE -");
  EXPECT_EQ(world_.StatusAt(360121, "escalate_1"), "DUE -");
}

TEST_F(SuppressionTest, OnlyFraudHoldsBackService) {
  world_.Add(
      "360000 ComplaintRaised C1 3;360001 ComplaintResolved C1 -;"
      "360002 ConsentChanged all 0;360003 RelationshipEnded OTHER -");
  EXPECT_EQ(world_.StatusAt(360080, "aftercare"), "DUE -");
  world_.Add("360070 FraudSuspected - -");
  EXPECT_EQ(world_.StatusAt(360080, "aftercare"), "SUPPRESSED FRAUD");
  world_.Add("360075 FraudCleared - -");
  EXPECT_EQ(world_.StatusAt(360080, "aftercare"), "DUE -");
}

TEST_F(SuppressionTest, OpenComplaintsHoldBackSalesAlone) {
  world_.Add("360010 PurchaseMade - -;360011 ComplaintRaised C1 3");
  EXPECT_EQ(world_.StatusAt(360020, "lead_ask"), "SUPPRESSED OPEN_CASE");
  EXPECT_EQ(world_.StatusAt(360020, "thank_you"), "DUE -");
  world_.Add("360012 ComplaintResolved C1 -");
  EXPECT_EQ(world_.StatusAt(360020, "lead_ask"), "DUE -");
}

// Each event brings a reason that goes before all reasons brought so far.
TEST_F(SuppressionTest, ReasonsGoInOrder) {
  const int64_t hour = 360030;
  world_.Add("360010 PurchaseMade A1 -");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "DUE -");
  world_.Add("360011 PromotionSent a -;360011 PromotionSent b -");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED BUDGET");
  world_.Add("360012 ComplaintRaised C1 3");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED OPEN_CASE");
  world_.Add("360013 RelationshipEnded OTHER -");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED ENDED");
  world_.Add("360014 ConsentChanged all 0");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED OPTED_OUT");
  world_.Add("360015 FraudConfirmed - -");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED FRAUD");
  world_.Add("360016 QuestionAnswered A1 1");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED WAITING");
  const std::string id = IdOf("lead_ask", "block:500");
  world_.Add(absl::StrCat("360017 FollowUpSnoozed ", id, " 360040"));
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED SNOOZED");
  world_.Add(absl::StrCat("360018 FollowUpDismissed ", id, " -"));
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "SUPPRESSED DISMISSED");
  world_.Add("360019 ReferralMade R -");
  EXPECT_EQ(world_.StatusAt(hour, "lead_ask"), "DONE -");
}

TEST_F(SuppressionTest, RefusedPurposeHoldsBackTheFirstOutreachOnly) {
  world_.Add("360010 PurchaseMade - -;360011 ConsentChanged CHECK 0");
  EXPECT_EQ(world_.StatusAt(360020, "thank_you"), "DUE -");
  world_.Add("360012 ConsentChanged THANKS 0");
  EXPECT_EQ(world_.StatusAt(360020, "thank_you"), "SUPPRESSED OPTED_OUT");
  EXPECT_EQ(world_.StatusAt(360020, "lead_ask"), "DUE -") << "it needs no outreach";
}

TEST_F(SuppressionTest, WhatBeginsAfterAFailedTrialGoesOn) {
  world_.Add("360000 TrialStarted t -;360010 ReferralMade R -;360011 TrialEnded t 0");
  EXPECT_EQ(world_.StatusAt(360020, "referral_thanks"), "SUPPRESSED ENDED");
  world_.Add("360012 ReferralConverted R2 -");
  const std::vector<FollowUpState> owed = world_.States(360020);
  int going_on = 0;
  for (const FollowUpState& one : owed) going_on += one.status == v1::FOLLOW_UP_STATUS_DUE;
  EXPECT_EQ(going_on, 1);
}

TEST_F(SuppressionTest, BudgetNamesWhatGoesFirst) {
  world_.Add("360001 PromotionSent a -;360010 PurchaseMade - -");
  const std::vector<FollowUpState> owed = world_.States(360020);
  const auto thanks = std::find_if(owed.begin(), owed.end(), [](const FollowUpState& one) {
    return one.policy->id == "thank_you";
  });
  ASSERT_NE(thanks, owed.end());
  EXPECT_EQ(thanks->reason, v1::SUPPRESSION_BUDGET);
  ASSERT_TRUE(thanks->outranked_by.has_value());
  EXPECT_EQ(Hex(*thanks->outranked_by), IdOf("lead_ask", "block:500"));
  world_.Add("360002 PromotionSent b -");
  for (const FollowUpState& one : world_.States(360020)) {
    EXPECT_FALSE(one.outranked_by.has_value()) << "contacts made took every place";
  }
}

TEST_F(SuppressionTest, YesWindowPutsTheQuestionFirstForThreeDays) {
  world_.Add("360001 PromotionSent a -;360010 PurchaseMade - -");
  EXPECT_EQ(world_.StatusAt(360020, "lead_ask"), "DUE -");
  EXPECT_EQ(world_.StatusAt(360020, "thank_you"), "SUPPRESSED BUDGET");
  EXPECT_EQ(world_.StatusAt(360081, "lead_ask"), "DUE -");
  EXPECT_EQ(world_.StatusAt(360082, "lead_ask"), "SUPPRESSED BUDGET");
  EXPECT_EQ(world_.StatusAt(360082, "thank_you"), "OVERDUE -");
  EXPECT_EQ(world_.NextChangeHour(360020), 360082);
}

TEST_F(SuppressionTest, YesWindowOpensForPurchasesTheCustomerBegan) {
  kit::EventBuilder sold = kit::EventOfText("360010 PurchaseMade - -", 1);
  sold.envelope().set_initiator(v1::INITIATOR_VENDOR);
  world_.Add("360001 PromotionSent a -").Add(std::move(sold));
  EXPECT_EQ(world_.StatusAt(360020, "lead_ask"), "SUPPRESSED BUDGET");
  EXPECT_EQ(world_.StatusAt(360020, "thank_you"), "DUE -");
}

TEST_F(SuppressionTest, AtMostTheBudgetAsksAtOnce) {
  for (int i = 0; i < 8; ++i) world_.Add(absl::StrCat(360000 + i, " ReferralMade R", i, " -"));
  int asking = 0, resting = 0;
  for (const FollowUpState& one : world_.States(360020)) {
    asking += one.status == v1::FOLLOW_UP_STATUS_DUE;
    resting += one.reason == v1::SUPPRESSION_BUDGET;
  }
  EXPECT_EQ(asking, 2);
  EXPECT_EQ(resting, 6);
}

TEST_F(SuppressionTest, NoBudgetMeansNoLimit) {
  std::string text = kit::StandardRulesTextWith("budget { contacts: 2 window: \"7d\" }", "");
  FollowUpWorld world(kit::PoliciesOf(text));
  for (int i = 0; i < 8; ++i) world.Add(absl::StrCat(360000 + i, " ReferralMade R", i, " -"));
  for (const FollowUpState& one : world.States(360020)) {
    EXPECT_EQ(one.status, v1::FOLLOW_UP_STATUS_DUE);
  }
}

}  // namespace
}  // namespace rapport::follow_up
