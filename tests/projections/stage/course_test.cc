#include "projections/stage/course.h"

#include <gtest/gtest.h>

#include "rapport/v1/ending.pb.h"
#include "tests/projections/stage/customer.h"

namespace rapport::stage {
namespace {

using facts::StageState;
using kit::AnEvent;

constexpr int64_t kDay = 15'000;

TEST(CourseTest, SomebodyUnknownIsInAwareness) {
  Customer ana;
  EXPECT_EQ(ana.On(kDay).rule, "S5");
  EXPECT_EQ(ana.On(kDay).stage, v1::STAGE_AWARENESS);
  EXPECT_EQ(ana.On(kDay).flags, 0u);
}

TEST(CourseTest, InterestLeadsToExplorationForHalfAYear) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("q"));
  EXPECT_EQ(ana.On(kDay + 182).rule, "S4");
  EXPECT_EQ(ana.On(kDay + 183).rule, "S5");
}

// Asked for by either name, given by one.
TEST(CourseTest, EngagementIsAnotherNameOfCommitment) {
  v1::Stage stage;
  ASSERT_TRUE(v1::Stage_Parse("STAGE_ENGAGEMENT", &stage));
  EXPECT_EQ(stage, v1::STAGE_COMMITMENT);
  EXPECT_EQ(v1::Stage_Name(stage), "STAGE_COMMITMENT");
}

TEST(CourseTest, CommitmentNeedsFivePurchaseDaysOrThreeAndABond) {
  Customer ana;
  ana.Buys({kDay, kDay + 30, kDay + 60});
  EXPECT_EQ(ana.On(kDay + 60).rule, "S10");
  Customer ben;
  ben.Buys({kDay, kDay + 30, kDay + 60});
  ben.Does(AnEvent(v1::KIND_REFERRAL_MADE).OnDay(kDay + 60).Key("r"));
  EXPECT_EQ(ben.On(kDay + 60).rule, "S9");
  ana.Buys({kDay + 61, kDay + 62});
  EXPECT_EQ(ana.On(kDay + 62).stage, v1::STAGE_COMMITMENT);
}

TEST(CourseTest, AnEscalatedCaseHoldsCommitmentBackUntilItIsClosed) {
  Customer ana;
  ana.Buys({kDay, kDay + 10, kDay + 20, kDay + 30, kDay + 40});
  ana.Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay + 40).Key("C1").Set("severity", 1));
  EXPECT_EQ(ana.On(kDay + 40).rule, "S9");
  ana.Does(AnEvent(v1::KIND_COMPLAINT_ESCALATED).OnDay(kDay + 40).Key("C1").Set("level", 1));
  EXPECT_EQ(ana.On(kDay + 40).rule, "S10");
  EXPECT_TRUE(ana.On(kDay + 40).has(v1::FLAG_DAMAGED));
  ana.Does(AnEvent(v1::KIND_COMPLAINT_RESOLVED).OnDay(kDay + 41).Key("C1"));
  EXPECT_EQ(ana.On(kDay + 41).rule, "S9");
}

TEST(CourseTest, AnActThatIsNoPurchasePutsDormancyOff) {
  Customer ana;
  ana.Buys({kDay});
  EXPECT_EQ(ana.On(kDay + 183).reason, v1::STAGE_REASON_DORMANT);
  ana.Does(AnEvent(v1::KIND_PRAISE_GIVEN).OnDay(kDay + 100).Key("p"));
  EXPECT_EQ(ana.On(kDay + 183).rule, "S7");
}

TEST(CourseTest, AnActOfTheVendorPutsNothingOff) {
  Customer ana;
  ana.Buys({kDay});
  ana.Does(AnEvent(v1::KIND_OUTREACH_MADE).OnDay(kDay + 100).Key("o"));
  EXPECT_EQ(ana.On(kDay + 183).rule, "S6");
}

TEST(CourseTest, EveryReasonOfAnEndingIsTold) {
  for (int reason = v1::END_REASON_DISSATISFIED; reason <= v1::END_REASON_OTHER; ++reason) {
    Customer ana;
    ana.Does(AnEvent(v1::KIND_RELATIONSHIP_ENDED)
                 .OnDay(kDay)
                 .Set("by", v1::ENDED_BY_CUSTOMER)
                 .Set("reason", reason));
    const std::string told = v1::StageReason_Name(ana.On(kDay).reason);
    const std::string said = v1::EndReason_Name(static_cast<v1::EndReason>(reason));
    EXPECT_EQ(told.substr(sizeof("STAGE_REASON")), said.substr(sizeof("END_REASON")));
  }
}

TEST(CourseTest, AnEndingIsUndoneByAStrictlyLaterPurchaseOnly) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_RELATIONSHIP_ENDED).OnDay(kDay).Set("reason", v1::END_REASON_PRICE));
  ana.Buys({kDay});
  EXPECT_EQ(ana.On(kDay).rule, "S2");
  ana.Does(kit::APurchase().At(kDay * kMicrosPerDay + 1));
  EXPECT_EQ(ana.On(kDay).rule, "S7");
}

TEST(CourseTest, FraudHoldEndsWithALaterClearing) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_FRAUD_SUSPECTED).OnDay(kDay));
  EXPECT_TRUE(ana.On(kDay).has(v1::FLAG_FRAUD_HOLD));
  ana.Does(AnEvent(v1::KIND_FRAUD_CLEARED).OnDay(kDay + 1));
  EXPECT_FALSE(ana.On(kDay + 1).has(v1::FLAG_FRAUD_HOLD));
}

// A late Met of another key is later than this key's miss and ends being let down by it, though it
// makes nothing good; its own miss is older and out of the window.
TEST(CourseTest, ALateMetOfAnotherKeyEndsBeingLetDown) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_EXPECTATION_SET)
               .OnDay(kDay)
               .Key("y")
               .Set("due_at_us", (kDay + 5) * kMicrosPerDay));
  ana.Does(AnEvent(v1::KIND_EXPECTATION_MISSED).OnDay(kDay + 100).Key("x"));
  ana.Does(AnEvent(v1::KIND_EXPECTATION_MET).OnDay(kDay + 110).Key("y"));
  EXPECT_TRUE(ana.On(kDay + 187).has(v1::FLAG_LET_DOWN));   // by y
  EXPECT_FALSE(ana.On(kDay + 188).has(v1::FLAG_LET_DOWN));  // x is forgotten
}

TEST(CourseTest, ThresholdsComeFromTheRules) {
  const auto text = fold::RulesText::Parse(
      kit::StandardRulesTextWith("purchase_days: 5", "purchase_days: 2"), "test.textproto");
  ASSERT_TRUE(text.ok()) << text.status();
  const auto rules = facts::EvaluateRules::From(*text);
  ASSERT_TRUE(rules.ok()) << rules.status();
  Customer ana;
  ana.Buys({kDay, kDay + 30});
  EXPECT_EQ(ana.On(kDay + 30).rule, "S10");
  EXPECT_EQ(Course(ana.facts(), ana.reading(), *rules).At(kDay + 30).rule, "S9");
}

}  // namespace
}  // namespace rapport::stage
