// What an explanation says of each event, at the seam that the engine uses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/catalog.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::explain {
namespace {

using kit::AnEvent;
using kit::APurchase;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kDay = 18'200;  // the first of an epoch of 182 days

class ExplainerTest : public testing::Test {
 protected:
  // Events come in the order of their moments.
  void Does(kit::EventBuilder event) { explainer_->Add(event.Id(++events_).View()); }
  v1::Explanation On(int64_t day, const std::vector<v1::ExplainSubject>& subjects = {}) {
    v1::Explanation explanation;
    explainer_->Explain("ana", day * kMicrosPerDay, {}, subjects, explanation);
    return explanation;
  }
  void UseRules(const std::string& text) {
    projection_ = projections::Catalog(text, "changed.textproto").value();
    explainer_ = projection_->NewExplainer();
  }

  static std::vector<int64_t> PointsOf(const v1::Explanation& explanation, v1::ScoreLine line) {
    std::vector<int64_t> points;
    for (const v1::ExplainedEvent& event : explanation.events()) {
      for (const v1::LineShare& share : event.shares()) {
        if (share.line() == line) points.push_back(share.milli_points());
      }
    }
    return points;
  }
  static std::vector<int64_t> WeightsOf(const v1::Explanation& explanation, v1::ScoreLine line) {
    std::vector<int64_t> weights;
    for (const v1::ExplainedEvent& event : explanation.events()) {
      for (const v1::LineShare& share : event.shares()) {
        if (share.line() == line) weights.push_back(share.weight_now());
      }
    }
    return weights;
  }

 private:
  std::unique_ptr<fold::Projection> projection_ = projections::StandardCatalog().value();
  std::unique_ptr<fold::Explainer> explainer_ = projection_->NewExplainer();
  uint64_t events_ = 0;
};

TEST_F(ExplainerTest, AnEventIsToldWithIdKindKeyAndMoment) {
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  const v1::Explanation explanation = On(kDay);
  ASSERT_THAT(explanation.events(), SizeIs(1));
  const v1::ExplainedEvent& event = explanation.events(0);
  EXPECT_EQ(event.event_id(), "00000000-0000-0000-0000-000000000001");
  EXPECT_EQ(event.id(), "00000000000000000000000000000001");
  EXPECT_EQ(event.kind(), v1::KIND_ENQUIRY_MADE);
  EXPECT_EQ(event.key(), "Q1");
  EXPECT_EQ(event.occurred_at_us(), kDay * kMicrosPerDay);
}

TEST_F(ExplainerTest, AnEventWeighsHalfAfterAHalfLife) {
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay + 91).Key("Q2"));
  const v1::Explanation explanation = On(kDay + 91);
  EXPECT_THAT(WeightsOf(explanation, v1::SCORE_LINE_DIALOGUE), ElementsAre(250, 500));
  // 100,000 * 750 div 2,750 = 27,272, split 1 to 2.
  EXPECT_THAT(PointsOf(explanation, v1::SCORE_LINE_DIALOGUE), ElementsAre(9'091, 18'181));
}

TEST_F(ExplainerTest, WeightsAreThoseOfTheRules) {
  UseRules(
      kit::StandardRulesTextWith("weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" add: 500 }",
                                 "weight { kind: KIND_ENQUIRY_MADE ring: \"dialogue\" add: 800 }"));
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  EXPECT_THAT(WeightsOf(On(kDay), v1::SCORE_LINE_DIALOGUE), ElementsAre(800));
}

TEST_F(ExplainerTest, APurchaseDayBelongsToItsEarliestPurchase) {
  Does(APurchase().At(kDay * kMicrosPerDay + 1).Key("A1").Worth(10, "EUR"));
  Does(APurchase().At(kDay * kMicrosPerDay + 2).Key("A2").Worth(30, "EUR"));
  Does(APurchase().At((kDay + 1) * kMicrosPerDay).Key("A3").Worth(20, "EUR"));
  const v1::Explanation explanation = On(kDay + 1);
  EXPECT_THAT(PointsOf(explanation, v1::SCORE_LINE_RHYTHM), SizeIs(2));
  EXPECT_THAT(PointsOf(explanation, v1::SCORE_LINE_VALUE), SizeIs(3));
  // The prior's 0.25 for the first purchase, a whole one for each further day.
  EXPECT_THAT(WeightsOf(explanation, v1::SCORE_LINE_OUTLOOK), ElementsAre(250, 1000));
  EXPECT_THAT(WeightsOf(explanation, v1::SCORE_LINE_RHYTHM), ElementsAre(992, 1000));
}

TEST_F(ExplainerTest, CurrenciesWithoutARateAreNamedWithWhatTheyCount) {
  UseRules(kit::StandardRulesTextWith("unlisted_rate: 1000000", R"(unlisted_rate: 0
                                       rate { currency: "USD" millionths: 920000 })"));
  Does(APurchase().OnDay(kDay).Key("A1").Worth(10, "EUR"));
  Does(APurchase().OnDay(kDay).Key("A2").Worth(10, "USD"));
  Does(APurchase().OnDay(kDay).Key("A3").Worth(10, "SEK"));
  Does(APurchase().OnDay(kDay).Key("A4").Worth(10, "GBP"));
  Does(APurchase().OnDay(kDay).Key("A5").Worth(10, "GBP"));
  const v1::Explanation explanation = On(kDay, {v1::EXPLAIN_SUBJECT_SCORE});
  const v1::Receipt& value = explanation.standing().lines(v1::SCORE_LINE_VALUE - 1).receipt();
  EXPECT_THAT(value.text(),
              EndsWith(" Money in a currency that the rules have no rate for counts nothing."));
}

TEST_F(ExplainerTest, MoneyWithARateNeedsNoWords) {
  Does(APurchase().OnDay(kDay).Key("A1").Worth(10, "EUR"));
  const v1::Explanation explanation = On(kDay);
  EXPECT_THAT(explanation.standing().lines(v1::SCORE_LINE_VALUE - 1).receipt().text(),
              EndsWith("fades by half in 364 days."));
}

TEST_F(ExplainerTest, ARateForTheRestIsSaidInTheBaseCurrency) {
  UseRules(kit::StandardRulesTextWith("unlisted_rate: 1000000", "unlisted_rate: 920000"));
  Does(APurchase().OnDay(kDay).Key("A1").Worth(10, "GBP"));
  const v1::Explanation explanation = On(kDay);
  EXPECT_THAT(explanation.standing().lines(v1::SCORE_LINE_VALUE - 1).receipt().text(),
              EndsWith(" counts 0.920000 EUR for one."));
}

TEST_F(ExplainerTest, ACaseCostsTheEventThatRaisedIt) {
  Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay).Key("C1").Set("severity", 3));
  Does(AnEvent(v1::KIND_COMPLAINT_ESCALATED).OnDay(kDay + 1).Key("C1"));
  const v1::Explanation explanation = On(kDay + 1);
  ASSERT_THAT(PointsOf(explanation, v1::SCORE_LINE_FRICTION), ElementsAre(-180'000));
  EXPECT_EQ(explanation.events(0).kind(), v1::KIND_COMPLAINT_RAISED);
  EXPECT_EQ(explanation.events(0).shares(0).weight_now(), 1500);
}

TEST_F(ExplainerTest, WhatTheLimitCutsOffIsNoEvents) {
  Does(AnEvent(v1::KIND_COMPLAINT_RAISED).OnDay(kDay).Key("C1").Set("severity", 3));
  const v1::Explanation explanation = On(kDay);
  ASSERT_THAT(explanation.unshared(), SizeIs(1));
  EXPECT_EQ(explanation.unshared(0).line(), v1::SCORE_LINE_LIMIT);
  EXPECT_EQ(explanation.unshared(0).milli_points(), 180'000);
}

TEST_F(ExplainerTest, TypesAndModesNameTheEventsThatMakeThem) {
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1").On(v1::CHANNEL_PHONE));
  const v1::Explanation explanation = On(kDay, {v1::EXPLAIN_SUBJECT_TYPE});
  EXPECT_EQ(explanation.standing().type_rule().rule_id(), "REACTIVE");
  EXPECT_EQ(explanation.standing().type_rule().inputs(0).value(), 1000);
  EXPECT_EQ(explanation.standing().type_rule().inputs(0).threshold(), 1000);
  EXPECT_EQ(explanation.standing().mode_rule().rule_id(), "PERSONAL");
  ASSERT_THAT(explanation.standing().types(), SizeIs(1));
  EXPECT_THAT(explanation.standing().types(0).receipt().event_ids(),
              ElementsAre(explanation.events(0).id()));
  ASSERT_THAT(explanation.events(0).types(), SizeIs(2));
  EXPECT_EQ(explanation.events(0).types(0).name(), "type_reactive");
  EXPECT_EQ(explanation.events(0).types(0).weight_now(), 1000);
  EXPECT_EQ(explanation.events(0).types(1).name(), "mode_personal");
}

TEST_F(ExplainerTest, ASubjectLeavesTheOthersOut) {
  Does(APurchase().OnDay(kDay).Key("A1").Worth(10, "EUR"));
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  const v1::Explanation explanation = On(kDay, {v1::EXPLAIN_SUBJECT_FOLLOW_UP});
  const v1::Standing& standing = explanation.standing();
  EXPECT_THAT(standing.lines(), IsEmpty());
  EXPECT_FALSE(standing.has_stage_rule());
  EXPECT_THAT(standing.types(), IsEmpty());
  EXPECT_THAT(explanation.changes(), IsEmpty());
  ASSERT_FALSE(standing.follow_ups().empty());
  for (const v1::ExplainedEvent& event : explanation.events()) {
    EXPECT_THAT(event.shares(), IsEmpty());
  }
  EXPECT_EQ(standing.stage(), v1::STAGE_EXPLORATION);
}

TEST_F(ExplainerTest, NothingIsTheReasonForNothing) {
  const v1::Explanation explanation = On(kDay);
  EXPECT_THAT(explanation.events(), IsEmpty());
  EXPECT_THAT(explanation.unshared(), IsEmpty());
  EXPECT_EQ(explanation.standing().score_milli(), 0u);
  EXPECT_EQ(explanation.standing().type_rule().rule_id(), "NONE");
}

}  // namespace
}  // namespace rapport::explain
