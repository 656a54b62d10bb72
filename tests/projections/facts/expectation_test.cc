#include "projections/facts/expectation.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "rapport/v1/kind.pb.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

constexpr int64_t kHour = 360'000;

class ExceededTest : public testing::Test {
 protected:
  static kit::EventBuilder At(int64_t hour, v1::Kind kind, const char* key) {
    return kit::EventBuilder(kit::AnEvent(kind).AtHour(kHour + hour).Key(key));
  }
  void Add(kit::EventBuilder event) {
    event.Id(++events_);
    Fold(facts_, event.View(), kit::Standard().fold);
  }
  void SetsLevel(int64_t hour, const char* key, int64_t level) {
    Add(At(hour, v1::KIND_EXPECTATION_SET, key).Set("level", level));
  }
  void SetsDue(int64_t hour, const char* key, int64_t due_hour) {
    Add(At(hour, v1::KIND_EXPECTATION_SET, key)
            .Set("due_at_us", (kHour + due_hour) * kMicrosPerHour));
  }
  void Meets(int64_t hour, const char* key) { Add(At(hour, v1::KIND_EXPECTATION_MET, key)); }
  void MeetsLevel(int64_t hour, const char* key, int64_t level) {
    Add(At(hour, v1::KIND_EXPECTATION_MET, key).Set("level", level));
  }
  void Exceeds(int64_t hour, const char* key) {
    Add(At(hour, v1::KIND_EXPECTATION_MET, key).Set("exceeded", 1));
  }
  void Misses(int64_t hour, const char* key) { Add(At(hour, v1::KIND_EXPECTATION_MISSED, key)); }

  int64_t Row(int64_t hour) const {
    return ExceededInARow(facts_,
                          Moment{(kHour + hour) * kMicrosPerHour, EventId::FromText("zzz")});
  }
  ExpectationState StateAt(int64_t hour) const {
    return ReadExpectations(facts_, (kHour + hour) * kMicrosPerHour).at(0).state;
  }

 private:
  Facts facts_;
  uint64_t events_ = 0;
};

TEST_F(ExceededTest, NobodyHasNoRow) { EXPECT_EQ(Row(0), 0); }

TEST_F(ExceededTest, WhatIsSaidCounts) {
  Exceeds(1, "a");
  EXPECT_EQ(Row(1), 1);
  EXPECT_EQ(Row(0), 0) << "not before";
}

TEST_F(ExceededTest, MoreThanTheLevelCountsAndAsMuchDoesNot) {
  SetsLevel(0, "a", 10);
  MeetsLevel(1, "a", 11);
  EXPECT_EQ(Row(1), 1);
  SetsLevel(2, "b", 10);
  MeetsLevel(3, "b", 10);
  EXPECT_EQ(Row(3), 0);
}

TEST_F(ExceededTest, ALevelThatNobodySetOrStatedIsNone) {
  MeetsLevel(1, "a", 5);
  EXPECT_EQ(Row(1), 0);
  SetsLevel(2, "b", -5);
  Meets(3, "b");
  EXPECT_EQ(Row(3), 0) << "a Met that states no level does not state zero";
}

TEST_F(ExceededTest, ADayBeforeItIsDueCountsAndALittleLaterDoesNot) {
  SetsDue(0, "a", 48);
  Meets(24, "a");
  EXPECT_EQ(Row(24), 1);
  SetsDue(25, "b", 73);
  Meets(50, "b");
  EXPECT_EQ(Row(50), 0);
}

TEST_F(ExceededTest, TheLatestSetSaysWhatWasSet) {
  SetsLevel(0, "a", 10);
  SetsLevel(1, "a", 20);
  MeetsLevel(2, "a", 15);
  EXPECT_EQ(Row(2), 0);
}

TEST_F(ExceededTest, AnyOtherMetEndsTheRow) {
  Exceeds(1, "a");
  Exceeds(2, "b");
  EXPECT_EQ(Row(2), 2);
  Meets(3, "c");
  EXPECT_EQ(Row(3), 0);
  Exceeds(4, "d");
  EXPECT_EQ(Row(4), 1);
  EXPECT_EQ(Row(2), 2) << "as of then";
}

TEST_F(ExceededTest, AMissEndsTheRow) {
  Exceeds(1, "a");
  Exceeds(2, "b");
  Misses(3, "c");
  EXPECT_EQ(Row(3), 0);
  Exceeds(4, "d");
  EXPECT_EQ(Row(4), 1);
  EXPECT_EQ(Row(2), 2);
}

TEST_F(ExceededTest, ASilentMissEndsTheRowWhenItWasDue) {
  Exceeds(1, "a");
  SetsDue(2, "b", 10);
  Exceeds(9, "c");
  EXPECT_EQ(Row(9), 2);
  EXPECT_EQ(Row(10), 0);
  Exceeds(11, "d");
  EXPECT_EQ(Row(11), 1);
}

TEST_F(ExceededTest, AtOneInstantTheMissGoesLast) {
  Exceeds(1, "a");
  Misses(1, "b");
  EXPECT_EQ(Row(1), 0);
}

TEST_F(ExceededTest, AnExpectationCountsOnce) {
  Exceeds(1, "a");
  Exceeds(2, "a");
  EXPECT_EQ(Row(2), 1);
}

TEST_F(ExceededTest, WhatWasMissedIsNotExceededByWhatComesLate) {
  SetsDue(1, "a", 10);
  Exceeds(12, "a");
  EXPECT_EQ(Row(12), 0);
}

TEST_F(ExceededTest, WhatWasMetStaysSoUntilItIsMissed) {
  SetsDue(1, "a", 100);
  Meets(90, "a");
  EXPECT_EQ(StateAt(89), ExpectationState::kOpen);
  EXPECT_EQ(StateAt(90), ExpectationState::kMet);
  Misses(200, "a");
  EXPECT_EQ(StateAt(199), ExpectationState::kMet);
  EXPECT_EQ(StateAt(200), ExpectationState::kMissed);
}

}  // namespace
}  // namespace rapport::facts
