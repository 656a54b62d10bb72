// What would change stage, flags or type: by which event, or by time alone.
#include "projections/explain/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "projections/stage/course.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::explain {
namespace {

using kit::AnEvent;
using kit::APurchase;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kDay = 18'200;

class ChangeTest : public testing::Test {
 protected:
  void Does(kit::EventBuilder event) {
    facts::Fold(facts_, event.Id(++events_).View(), kit::Standard().fold);
  }
  void Buys(int days) {
    for (int i = 0; i < days; ++i) Does(APurchase().OnDay(kDay + 10 * i));
  }
  void LooksOn(int64_t day) {
    changes_ = PossibleChanges(facts_, day * kMicrosPerDay, kit::Standard().fold,
                               kit::Standard().evaluate);
  }
  // The first change that an event of `kind` would make; null = none.
  const v1::PossibleChange* By(v1::Kind kind) const {
    for (const v1::PossibleChange& change : changes_) {
      if (std::count(change.kinds().begin(), change.kinds().end(), kind) > 0) return &change;
    }
    return nullptr;
  }

  facts::Facts facts_;
  std::vector<v1::PossibleChange> changes_;

 private:
  uint64_t events_ = 0;
};

TEST_F(ChangeTest, AFifthPurchaseDayCommits) {
  Buys(4);
  LooksOn(kDay + 35);
  const v1::PossibleChange* change = By(v1::KIND_PURCHASE_MADE);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(change->stage(), v1::STAGE_COMMITMENT);
  EXPECT_EQ(change->stage_rule(), "S9");
  EXPECT_EQ(change->count(), 1u);
  EXPECT_THAT(change->text(), HasSubstr("stage COMMITMENT by S9"));
}

TEST_F(ChangeTest, PurchasesThatCommitOnlyTogetherAreCounted) {
  Buys(2);
  LooksOn(kDay + 10);
  const v1::PossibleChange* change = By(v1::KIND_PURCHASE_MADE);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(change->stage(), v1::STAGE_COMMITMENT);
  EXPECT_EQ(change->count(), 3u) << "one was made today, so three more days are needed";
}

TEST_F(ChangeTest, ABondCommitsAfterThreePurchaseDays) {
  Buys(3);
  LooksOn(kDay + 25);
  for (const v1::Kind bond : {v1::KIND_REFERRAL_MADE, v1::KIND_JOINT_GOAL_SET,
                              v1::KIND_ADAPTATION_MADE, v1::KIND_AGREEMENT_SIGNED}) {
    const v1::PossibleChange* change = By(bond);
    ASSERT_NE(change, nullptr) << v1::Kind_Name(bond);
    EXPECT_EQ(change->stage(), v1::STAGE_COMMITMENT) << v1::Kind_Name(bond);
  }
}

TEST_F(ChangeTest, ResolvingTheCaseEndsItsDamage) {
  Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay).Key("C1").Set("severity", 3));
  Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay).Key("C2").Set("severity", 1));
  LooksOn(kDay + 1);
  const v1::PossibleChange* change = By(v1::KIND_COMPLAINT_RESOLVED);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(change->key(), "C1") << "without it the other weighs too little";
  EXPECT_THAT(change->flags_down(), ElementsAre(v1::FLAG_DAMAGED));
}

TEST_F(ChangeTest, ConsentEndsOptedOut) {
  Does(AnEvent(v1::KIND_CONSENT_CHANGED).OnDay(kDay).Key("all").Set("granted", 0));
  LooksOn(kDay);
  const v1::PossibleChange* change = By(v1::KIND_CONSENT_CHANGED);
  ASSERT_NE(change, nullptr);
  EXPECT_THAT(change->flags_down(), ElementsAre(v1::FLAG_OPTED_OUT));
}

TEST_F(ChangeTest, OnlyAReinstatementUndoesFraud) {
  Buys(1);
  Does(AnEvent(v1::KIND_FRAUD_CONFIRMED).OnDay(kDay + 1));
  LooksOn(kDay + 1);
  const v1::PossibleChange* change = By(v1::KIND_RELATIONSHIP_REINSTATED);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(change->stage(), v1::STAGE_EXPLORATION);
  const v1::PossibleChange* bought = By(v1::KIND_PURCHASE_MADE);
  EXPECT_TRUE(bought == nullptr || bought->stage() == v1::STAGE_DISSOLUTION);
}

TEST_F(ChangeTest, WhatTimeBringsComesFirstAndInOrder) {
  Buys(3);
  const int64_t day = kDay + 20;
  LooksOn(day);
  const facts::Reading reading =
      facts::Read(facts_, day * kMicrosPerDay, kit::Standard().fold, kit::Standard().evaluate);
  const stage::Course course(facts_, reading, kit::Standard().evaluate);
  ASSERT_GE(changes_.size(), 2u);
  EXPECT_EQ(changes_[0].day(), course.NextChangeDay(day));
  EXPECT_THAT(changes_[0].flags_up(), ElementsAre(v1::FLAG_AT_RISK));
  EXPECT_THAT(changes_[0].text(), HasSubstr("flag AT_RISK"));
  EXPECT_EQ(changes_[1].day(), course.NextChangeDay(changes_[0].day()));
  EXPECT_EQ(changes_[1].stage(), course.At(changes_[1].day()).stage);
}

TEST_F(ChangeTest, ATypeChangesByWhatTheCustomerComesWith) {
  Buys(1);
  LooksOn(kDay);
  const v1::PossibleChange* change = By(v1::KIND_ENQUIRY_MADE);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(change->primary_type(), v1::RELATIONSHIP_TYPE_REACTIVE);
  EXPECT_THAT(change->text(), HasSubstr("type REACTIVE"));
}

TEST_F(ChangeTest, KindsOfOneOutcomeAreTold) {
  LooksOn(kDay);
  const v1::PossibleChange* change = By(v1::KIND_INTEREST_SHOWN);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(change->stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(By(v1::KIND_TRIAL_STARTED), change);
}

TEST_F(ChangeTest, NothingIsForetoldBehindTheLastDayOfTime) {
  Buys(1);
  LooksOn(stage::kLastDay);
  EXPECT_TRUE(changes_.empty());
}

}  // namespace
}  // namespace rapport::explain
