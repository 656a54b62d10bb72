#include "projections/facts/needs.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

constexpr int64_t kHour = 360'000;

class NeedsTest : public testing::Test {
 protected:
  void Does(int64_t hour, v1::Kind kind, const char* key, const char* field = nullptr,
            int64_t value = 0) {
    kit::EventBuilder event = kit::AnEvent(kind).Id(++events_).AtHour(hour).Key(key);
    if (field != nullptr) event.Set(field, value);
    Fold(facts_, event.View(), kit::Standard().fold);
  }
  void Hears(int64_t hour, const char* key) { Does(hour, v1::KIND_NEED_HEARD, key); }
  void HandsOver(int64_t hour, const char* key) { Does(hour, v1::KIND_CASE_HANDED_OVER, key); }
  void Answers(int64_t hour, const char* key) { Does(hour, v1::KIND_QUESTION_ANSWERED, key); }
  void Says(int64_t hour, const char* key, bool yes) {
    Does(hour, v1::KIND_RESOLUTION_ANSWERED, key, "accepted", yes ? 1 : 0);
  }
  std::vector<Need> At(int64_t hour) const { return ReadNeeds(facts_, hour * kMicrosPerHour); }
  bool IsOpen(int64_t hour) const { return At(hour).at(0).open; }

 private:
  Facts facts_;
  uint64_t events_ = 0;
};

TEST_F(NeedsTest, NobodyHasNone) { EXPECT_TRUE(At(kHour).empty()); }

TEST_F(NeedsTest, AreCountedByKeyInOrderOfTheirFirstHearing) {
  Hears(kHour, "delivery");
  Hears(kHour + 1, "price");
  Hears(kHour + 2, "delivery");
  const std::vector<Need> needs = At(kHour + 3);
  ASSERT_EQ(needs.size(), 2u);
  EXPECT_EQ(needs[0].key, "delivery");
  EXPECT_EQ(needs[0].heard.size(), 2u);
  EXPECT_EQ(needs[0].heard.back()->moment.at_us, (kHour + 2) * kMicrosPerHour);
  EXPECT_EQ(needs[1].key, "price");
  EXPECT_EQ(needs[1].heard.size(), 1u);
  EXPECT_TRUE(needs[0].open && needs[1].open);
}

TEST_F(NeedsTest, AnAnswerClosesWhatWasNotHandedOver) {
  Hears(kHour, "delivery");
  Answers(kHour + 1, "price");
  EXPECT_TRUE(IsOpen(kHour + 2)) << "another key";
  Does(kHour + 3, v1::KIND_QUESTION_ANSWERED, "delivery", "asks_back", 1);
  EXPECT_TRUE(IsOpen(kHour + 4)) << "it asks back";
  Answers(kHour + 5, "delivery");
  EXPECT_FALSE(IsOpen(kHour + 5));
}

TEST_F(NeedsTest, HeardAgainItIsOpenAgain) {
  Hears(kHour, "delivery");
  Answers(kHour + 1, "delivery");
  Hears(kHour + 2, "delivery");
  EXPECT_TRUE(IsOpen(kHour + 3));
}

TEST_F(NeedsTest, ADepartmentsAnswerLeavesItOpenForThirtyDays) {
  Hears(kHour, "delivery");
  HandsOver(kHour + 1, "delivery");
  EXPECT_TRUE(IsOpen(kHour + 10'000)) << "nobody answers";
  Answers(kHour + 2, "delivery");
  EXPECT_TRUE(IsOpen(kHour + 2));
  EXPECT_TRUE(IsOpen(kHour + 2 + 30 * 24 - 1));
  EXPECT_FALSE(IsOpen(kHour + 2 + 30 * 24));
}

TEST_F(NeedsTest, ALaterAnswerBeginsTheThirtyDaysAnew) {
  Hears(kHour, "delivery");
  HandsOver(kHour + 1, "delivery");
  Answers(kHour + 2, "delivery");
  Answers(kHour + 100, "delivery");
  EXPECT_TRUE(IsOpen(kHour + 100 + 30 * 24 - 1));
  EXPECT_FALSE(IsOpen(kHour + 100 + 30 * 24));
}

TEST_F(NeedsTest, TheCustomersYesClosesIt) {
  Hears(kHour, "delivery");
  HandsOver(kHour + 1, "delivery");
  Answers(kHour + 2, "delivery");
  Says(kHour + 3, "price", true);
  EXPECT_TRUE(IsOpen(kHour + 4)) << "another key";
  Says(kHour + 5, "delivery", true);
  EXPECT_FALSE(IsOpen(kHour + 5));
}

TEST_F(NeedsTest, TheCustomersNoOpensItAgainForGood) {
  Hears(kHour, "delivery");
  HandsOver(kHour + 1, "delivery");
  Answers(kHour + 2, "delivery");
  Says(kHour + 2 + 31 * 24, "delivery", false);
  EXPECT_TRUE(IsOpen(kHour + 10'000)) << "also when the thirty days were over";
  Answers(kHour + 10'001, "delivery");
  EXPECT_TRUE(IsOpen(kHour + 10'001));
  EXPECT_FALSE(IsOpen(kHour + 10'001 + 30 * 24));
}

TEST_F(NeedsTest, HeardAgainItIsStillTheDepartments) {
  Hears(kHour, "delivery");
  HandsOver(kHour + 1, "delivery");
  Hears(kHour + 2, "delivery");
  Answers(kHour + 3, "delivery");
  EXPECT_TRUE(IsOpen(kHour + 3));
}

TEST_F(NeedsTest, WhatIsClosedStaysSoWhenItIsHandedOverOrAnsweredLater) {
  Hears(kHour, "delivery");
  Answers(kHour + 1, "delivery");
  HandsOver(kHour + 2, "delivery");
  EXPECT_FALSE(IsOpen(kHour + 2));
  Hears(kHour + 3, "price");
  HandsOver(kHour + 4, "price");
  Answers(kHour + 5, "price");
  Answers(kHour + 5 + 31 * 24, "price");
  EXPECT_FALSE(At(kHour + 5 + 31 * 24).at(1).open) << "the thirty days were over";
}

}  // namespace
}  // namespace rapport::facts
