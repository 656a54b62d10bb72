#include "projections/facts/miss.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

constexpr int64_t kDay = 15'000;

class MissTest : public testing::Test {
 protected:
  void Does(v1::Kind kind, const char* key, int64_t day, int64_t due_day = 0) {
    kit::EventBuilder event = kit::AnEvent(kind).Id(++events_).OnDay(day).Key(key);
    if (due_day != 0) event.Set("due_at_us", due_day * kMicrosPerDay);
    Fold(facts_, event.View(), kit::Standard().fold);
  }
  std::vector<Miss> Misses() const { return ReadMisses(facts_); }

 private:
  Facts facts_;
  uint64_t events_ = 0;
};

TEST_F(MissTest, MetInTimeIsNone) {
  Does(v1::KIND_EXPECTATION_SET, "x", kDay, kDay + 10);
  Does(v1::KIND_EXPECTATION_MET, "x", kDay + 10);
  EXPECT_TRUE(Misses().empty());
}

TEST_F(MissTest, WithoutADueMomentOnlyWhatIsSaidCounts) {
  Does(v1::KIND_EXPECTATION_SET, "x", kDay);
  EXPECT_TRUE(Misses().empty());
  Does(v1::KIND_EXPECTATION_MISSED, "x", kDay + 3);
  ASSERT_EQ(Misses().size(), 1u);
  EXPECT_EQ(Misses()[0].day, kDay + 3);
  EXPECT_EQ(Misses()[0].seen_from, kDay + 3);
}

TEST_F(MissTest, ASilentOneIsSeenFromTheDayAfterItWasDue) {
  Does(v1::KIND_EXPECTATION_SET, "x", kDay, kDay + 10);
  ASSERT_EQ(Misses().size(), 1u);
  EXPECT_EQ(Misses()[0].day, kDay + 10);
  EXPECT_EQ(Misses()[0].seen_from, kDay + 11);
}

TEST_F(MissTest, ItsOwnLateMetForgetsNothing) {
  Does(v1::KIND_EXPECTATION_SET, "x", kDay, kDay + 10);
  Does(v1::KIND_EXPECTATION_MET, "x", kDay + 12);
  ASSERT_EQ(Misses().size(), 1u);
  EXPECT_EQ(Misses()[0].day, kDay + 10);
  EXPECT_FALSE(Misses()[0].forgotten);
  EXPECT_FALSE(Misses()[0].made_good);
}

TEST_F(MissTest, AnotherKeyMetInTimeMakesItGood) {
  Does(v1::KIND_EXPECTATION_MISSED, "x", kDay);
  Does(v1::KIND_EXPECTATION_MET, "y", kDay + 1);
  ASSERT_EQ(Misses().size(), 1u);
  EXPECT_TRUE(Misses()[0].forgotten);
  EXPECT_TRUE(Misses()[0].made_good);
}

TEST_F(MissTest, PromisesAreNoExpectations) {
  Does(v1::KIND_PROMISE_MADE, "x", kDay, kDay + 1);
  EXPECT_TRUE(Misses().empty());
}

TEST_F(MissTest, APairIsTwoKeysAtMostThirtyDaysApart) {
  const Flags& rules = kit::Standard().evaluate.flags;
  Does(v1::KIND_EXPECTATION_MISSED, "x", kDay);
  Does(v1::KIND_EXPECTATION_MISSED, "x", kDay + 5);
  EXPECT_EQ(SecondOfPair(Misses(), kDay + 5, rules), nullptr);
  Does(v1::KIND_EXPECTATION_MISSED, "y", kDay + 30);
  const std::vector<Miss> misses = Misses();
  const Miss* second = SecondOfPair(misses, kDay + 30, rules);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->key, "y");
  EXPECT_NE(SecondOfPair(misses, kDay + 30 + 182, rules), nullptr);
  EXPECT_EQ(SecondOfPair(misses, kDay + 30 + 183, rules), nullptr);
}

}  // namespace
}  // namespace rapport::facts
