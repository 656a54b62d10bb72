#include "projections/facts/case_reading.h"

#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

using kit::AnEvent;

constexpr int64_t kDay = 15'000;

class CaseReadingTest : public testing::Test {
 protected:
  kit::EventBuilder Step(v1::Kind kind, int64_t day) {
    return AnEvent(kind).Id(++events_).OnDay(day).Key("C1");
  }
  void Does(const kit::EventBuilder& event) { Fold(facts_, event.View(), kit::Standard().fold); }
  std::vector<CaseReading> Cases() const { return ReadCases(facts_, rules_); }
  CaseReading TheCase() const {
    const std::vector<CaseReading> cases = Cases();
    EXPECT_EQ(cases.size(), 1u);
    return cases.at(0);
  }
  int64_t UnitsOn(int64_t day) const { return FrictionUnits(TheCase(), day, rules_); }

  const Friction& rules_ = kit::Standard().evaluate.friction;

 private:
  Facts facts_;
  uint64_t events_ = 0;
};

TEST_F(CaseReadingTest, NobodyComplainedGivesNoCases) { EXPECT_TRUE(Cases().empty()); }

TEST_F(CaseReadingTest, AnOpenCaseGrowsHeavierBeyondItsTerm) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay).Set("severity", 2));
  EXPECT_TRUE(TheCase().open);
  EXPECT_EQ(UnitsOn(kDay + 15), 1'000);
  EXPECT_EQ(UnitsOn(kDay + 16), 1'500);
  EXPECT_EQ(UnitsOn(kDay + 30), 1'500);
  EXPECT_EQ(UnitsOn(kDay + 31), 2'000);
}

TEST_F(CaseReadingTest, AClosedCaseKeepsHalfUntilTheCustomerAnswers) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay).Set("severity", 3));
  Does(Step(v1::KIND_COMPLAINT_RESOLVED, kDay + 2));
  EXPECT_FALSE(TheCase().open);
  EXPECT_EQ(DayOf(TheCase().resolved->at_us), kDay + 2);
  EXPECT_EQ(UnitsOn(kDay + 2), 750);
  EXPECT_EQ(UnitsOn(kDay + 2 + 182), 375);
  Does(Step(v1::KIND_RESOLUTION_ANSWERED, kDay + 3).Set("accepted", 1));
  EXPECT_EQ(TheCase().answer, Answer::kAccepted);
  EXPECT_EQ(UnitsOn(kDay + 2), 300);
  Does(Step(v1::KIND_RESOLUTION_ANSWERED, kDay + 4).Set("accepted", 0));
  EXPECT_EQ(TheCase().answer, Answer::kRefused);
  EXPECT_EQ(UnitsOn(kDay + 2), 1'500);
}

TEST_F(CaseReadingTest, AnAcceptedLateClosingKeepsHalfAllTheSame) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay).Set("severity", 4));
  Does(Step(v1::KIND_COMPLAINT_RESOLVED, kDay + 3));
  Does(Step(v1::KIND_RESOLUTION_ANSWERED, kDay + 3).Set("accepted", 1));
  EXPECT_EQ(UnitsOn(kDay + 3), 1'250);
}

TEST_F(CaseReadingTest, ReopeningForgetsTheClosingButNotTheEscalation) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay));
  Does(Step(v1::KIND_COMPLAINT_ESCALATED, kDay + 1).Set("level", 1));
  EXPECT_TRUE(TheCase().escalated);
  Does(Step(v1::KIND_COMPLAINT_RESOLVED, kDay + 2));
  EXPECT_FALSE(TheCase().escalated);
  EXPECT_TRUE(TheCase().ever_escalated);
  Does(Step(v1::KIND_COMPLAINT_REOPENED, kDay + 3));
  EXPECT_TRUE(TheCase().escalated);
  EXPECT_FALSE(TheCase().resolved.has_value());
  EXPECT_EQ(DayOf(TheCase().raised.at_us), kDay);
  EXPECT_EQ(DayOf(TheCase().opened.at_us), kDay + 3);
}

TEST_F(CaseReadingTest, SeverityIsTheLatestStatedOne) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay));
  EXPECT_EQ(TheCase().severity, 2);
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay + 1).Set("severity", 4));
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay + 2));
  EXPECT_EQ(TheCase().severity, 4);
}

TEST_F(CaseReadingTest, AnAnswerBeforeTheLatestResolvedDoesNotCount) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay));
  Does(Step(v1::KIND_COMPLAINT_RESOLVED, kDay + 1));
  Does(Step(v1::KIND_RESOLUTION_ANSWERED, kDay + 2).Set("accepted", 0));
  Does(Step(v1::KIND_COMPLAINT_RESOLVED, kDay + 3));
  EXPECT_EQ(TheCase().answer, Answer::kNone);
  EXPECT_EQ(DayOf(TheCase().resolved->at_us), kDay + 3);
}

TEST_F(CaseReadingTest, AKeyThatWasNeverOpenedOrClosedWeighsNothing) {
  Does(Step(v1::KIND_CASE_HANDED_OVER, kDay));
  EXPECT_FALSE(TheCase().open);
  EXPECT_FALSE(TheCase().closed());
  EXPECT_EQ(UnitsOn(kDay + 100), 0);
}

TEST_F(CaseReadingTest, KeysAreReadApart) {
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay));
  Does(Step(v1::KIND_COMPLAINT_RAISED, kDay).Key("C2"));
  Does(Step(v1::KIND_COMPLAINT_RESOLVED, kDay + 1).Key("C2"));
  ASSERT_EQ(Cases().size(), 2u);
  EXPECT_TRUE(Cases()[0].open);
  EXPECT_FALSE(Cases()[1].open);
  EXPECT_EQ(FrictionOf(Cases(), kDay + 1, rules_), 1'000 + 500);
}

}  // namespace
}  // namespace rapport::facts
