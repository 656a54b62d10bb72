// Sums, counts, rings and purchase days of single events.

#include <gtest/gtest.h>

#include "projections/facts/fold.h"
#include "projections/facts/ring.h"
#include "rapport/v1/advocacy.pb.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

using kit::AnEvent;
using kit::APurchase;

const FoldRules& Rules() { return kit::Standard().fold; }

Facts FactsOf(const kit::EventBuilder& event) {
  Facts facts;
  Fold(facts, event.View(), Rules());
  return facts;
}

// The sum of a base and a number.
uint16_t Named(SumName base, int number) { return static_cast<uint16_t>(base + number); }

// What the event added to the ring, on its own day.
int64_t Added(const Facts& facts, RingName name) {
  const Ring ring = facts.rings.Find(name);
  return RingRead(ring, Rules().half_life(name), DayOf(facts.newest_at_us), 1);
}

TEST(FoldTest, PurchaseLeavesDaySpendAndCount) {
  kit::EventBuilder purchase = APurchase();
  purchase.OnDay(15'000).Key("A1").Worth(40, "EUR");
  const Facts facts = FactsOf(purchase);
  ASSERT_EQ(facts.purchase_days.size(), 1u);
  EXPECT_EQ(facts.purchase_days[0], 15'000);
  EXPECT_EQ(facts.Sum(kSpendCenti), 4000);
  EXPECT_EQ(Added(facts, RingName::kSpend), 4000);
  EXPECT_EQ(Added(facts, RingName::kTypeTransactional), 1000);
  EXPECT_EQ(Added(facts, RingName::kTypePromotional), 0);
  EXPECT_EQ(facts.FindKind(v1::KIND_PURCHASE_MADE)->count, 1u);
  EXPECT_EQ(facts.FindKind(v1::KIND_PURCHASE_MADE)->last(), purchase.View().moment());
  ASSERT_EQ(facts.Currencies().size(), 1u);
  EXPECT_EQ(facts.Currencies()[0].currency, "EUR");
  EXPECT_EQ(facts.Currencies()[0].spend_micros, 40'000'000);
}

TEST(FoldTest, TwoPurchasesOfOneDayAreOnePurchaseDay) {
  Facts facts;
  for (uint64_t id : {1u, 2u}) {
    kit::EventBuilder purchase = APurchase();
    purchase.OnDay(100).Id(id).Worth(1, "EUR");
    Fold(facts, purchase.View(), Rules());
  }
  EXPECT_EQ(facts.purchase_days.size(), 1u);
  EXPECT_EQ(facts.FindKind(v1::KIND_PURCHASE_MADE)->count, 2u);
}

TEST(FoldTest, PromotionMakesAPurchasePromotional) {
  kit::EventBuilder purchase = APurchase();
  purchase.Set("promotion", "spring");
  const Facts facts = FactsOf(purchase);
  EXPECT_EQ(facts.Sum(kPromotionalPurchases), 1);
  EXPECT_EQ(Added(facts, RingName::kTypePromotional), 1000);
}

TEST(FoldTest, UnlistedCurrenciesStandTogether) {
  kit::EventBuilder purchase = APurchase();
  purchase.Worth(3, "USD");
  const Facts facts = FactsOf(purchase);
  EXPECT_EQ(facts.Currencies()[0].currency, "XXX");
  EXPECT_EQ(facts.Sum(kSpendCenti), 300);
}

TEST(FoldTest, ReversalIsSummedApartAndTakesNoDay) {
  kit::EventBuilder reversal = AnEvent(v1::KIND_PURCHASE_REVERSED);
  reversal.Worth(7, "EUR");
  const Facts facts = FactsOf(reversal);
  EXPECT_EQ(facts.Sum(kReversedCenti), 700);
  EXPECT_EQ(facts.Sum(kSpendCenti), 0);
  EXPECT_EQ(facts.Currencies()[0].reversed_micros, 7'000'000);
  EXPECT_TRUE(facts.purchase_days.empty());
  EXPECT_TRUE(facts.lists().empty());
}

TEST(FoldTest, CostsAreSummedByWhatTheyWereFor) {
  const std::pair<v1::Kind, SumName> wanted[] = {
      {v1::KIND_PURCHASE_MADE, kGoodsCenti},       {v1::KIND_CONCESSION_MADE, kGivingCenti},
      {v1::KIND_GIFT_GIVEN, kGivingCenti},         {v1::KIND_TRAINING_GIVEN, kGivingCenti},
      {v1::KIND_INFORMATION_SHARED, kGivingCenti}, {v1::KIND_OUTREACH_MADE, kOutreachCenti},
      {v1::KIND_THANKS_GIVEN, kOutreachCenti},     {v1::KIND_PROMOTION_SENT, kOutreachCenti},
      {v1::KIND_OFFER_MADE, kOutreachCenti},       {v1::KIND_COMPLAINT_RESOLVED, kServiceCenti},
      {v1::KIND_MEETING_HELD, kServiceCenti},      {v1::KIND_COMPLAINT_ESCALATED, kServiceCenti}};
  for (const auto& [kind, sum] : wanted) {
    kit::EventBuilder event = AnEvent(kind);
    event.envelope().mutable_cost()->set_currency("EUR");
    event.envelope().mutable_cost()->set_micros(2'000'000);
    const Facts facts = FactsOf(event);
    for (const SumName name : {kGoodsCenti, kGivingCenti, kOutreachCenti, kServiceCenti}) {
      EXPECT_EQ(facts.Sum(name), name == sum ? 200 : 0) << v1::Kind_Name(kind);
    }
    EXPECT_EQ(facts.Sum(kGoodsStated), kind == v1::KIND_PURCHASE_MADE ? 1 : 0);
  }
}

TEST(FoldTest, MeasuresCountWhatIsStated) {
  kit::EventBuilder event = AnEvent(v1::KIND_SUPPORT_REQUESTED);
  v1::Event& envelope = event.On(v1::CHANNEL_PHONE).envelope();
  envelope.set_area(v1::AREA_SERVICE);
  envelope.set_duration_s(300);
  envelope.set_wait_s(0);
  envelope.mutable_value();
  envelope.set_intended_outcome("calm");
  envelope.set_outcome("calm");
  envelope.set_customer_feeling(-2);
  envelope.set_employee_feeling(1);
  const Facts facts = FactsOf(event);
  const std::pair<uint16_t, int64_t> wanted[] = {
      {kInteractions, 1},
      {kWithDuration, 1},
      {kDurationSeconds, 300},
      {kWithValue, 1},
      {kWithOutcomes, 1},
      {kOutcomesMet, 1},
      {kByCustomer, 1},
      {kPersonal, 1},
      {Named(kAreaTouches, v1::AREA_SERVICE), 1},
      {Named(kChannelTouches, v1::CHANNEL_PHONE), 1},
      {Named(kChannelCustomerTouches, v1::CHANNEL_PHONE), 1},
      {Named(kChannelWaits, v1::CHANNEL_PHONE), 1},
      {Named(kCustomerFeeling, 0), 1},
      {Named(kEmployeeFeeling, 3), 1}};
  for (const auto& [name, value] : wanted) {
    EXPECT_EQ(facts.Sum(name), value) << name;
  }
  EXPECT_EQ(facts.sums.size(), std::size(wanted));
}

TEST(FoldTest, MeasuresLeaveOutWhatIsNotStated) {
  const Facts facts = FactsOf(AnEvent(v1::KIND_THANKS_GIVEN));
  ASSERT_EQ(facts.sums.size(), 1u);
  EXPECT_EQ(facts.sums[0].name, kInteractions);
}

TEST(FoldTest, NeutralKindsAreNoInteractions) {
  kit::EventBuilder event = AnEvent(v1::KIND_COMPETITOR_NOTICED);
  event.On(v1::CHANNEL_PHONE);
  const Facts facts = FactsOf(event);
  EXPECT_TRUE(facts.sums.empty());
  EXPECT_TRUE(facts.rings.empty());
  EXPECT_EQ(facts.FindKind(v1::KIND_COMPETITOR_NOTICED)->count, 1u);
  EXPECT_NE(facts.newest_at_us, 0);
}

TEST(FoldTest, ActsOfOutsidersAreOnlySeenAndMeasured) {
  for (const v1::ActorParty party : {v1::ACTOR_PARTY_EMPLOYEE, v1::ACTOR_PARTY_INVESTOR,
                                     v1::ACTOR_PARTY_PARTNER, v1::ACTOR_PARTY_PUBLIC}) {
    kit::EventBuilder purchase = APurchase();
    purchase.Worth(40, "EUR").On(v1::CHANNEL_PHONE).envelope().mutable_actor()->set_party(party);
    const Facts facts = FactsOf(purchase);
    EXPECT_NE(facts.newest_at_us, 0);
    EXPECT_EQ(facts.first_seen_at_us, facts.newest_at_us);
    EXPECT_EQ(facts.Sum(kInteractions), 1);
    EXPECT_EQ(facts.Sum(kSpendCenti), 0);
    EXPECT_TRUE(facts.kinds.empty());
    EXPECT_TRUE(facts.rings.empty());
    EXPECT_TRUE(facts.lists().empty());
    EXPECT_TRUE(facts.purchase_days.empty());
  }
}

TEST(FoldTest, EmployeesActForTheBusinessAsUsual) {
  kit::EventBuilder thanks = AnEvent(v1::KIND_THANKS_GIVEN);
  thanks.envelope().mutable_actor()->set_party(v1::ACTOR_PARTY_EMPLOYEE);
  EXPECT_EQ(FactsOf(thanks).FindKind(v1::KIND_THANKS_GIVEN)->count, 1u);
}

TEST(FoldTest, ProfileIsAllThatATechnicalKindWrites) {
  const Facts facts = FactsOf(AnEvent(v1::KIND_PROFILE_RECORDED));
  EXPECT_EQ(facts.newest_at_us, 0);
  EXPECT_TRUE(facts.kinds.empty());
  EXPECT_TRUE(facts.sums.empty());
  EXPECT_EQ(facts.lists().size(), 1u);
  EXPECT_EQ(facts.FindList(ListName::kProfile).items.size(), 1u);
}

TEST(FoldTest, SurveyAnswerIsFeelingDialogueAndMeasure) {
  kit::EventBuilder answer = AnEvent(v1::KIND_SURVEY_ANSWERED);
  answer.Set("min", 1).Set("max", 5).Set("score", 4).Set("dimension", "price");
  answer.On(v1::CHANNEL_EMAIL).envelope().set_phase(v1::PHASE_AFTER_RECEIPT);
  const Facts facts = FactsOf(answer);
  EXPECT_EQ(Added(facts, RingName::kSentimentPlus), 300);
  EXPECT_EQ(Added(facts, RingName::kDialogue), 300);
  EXPECT_EQ(facts.Sum(Named(kPhaseAnswers, v1::PHASE_AFTER_RECEIPT)), 1);
  EXPECT_EQ(facts.Sum(Named(kPhaseGSum, v1::PHASE_AFTER_RECEIPT)), 750);
  EXPECT_EQ(facts.Sum(Named(kChannelGSum, v1::CHANNEL_EMAIL)), 750);
  ASSERT_EQ(facts.rare().dimensions.size(), 1u);
  EXPECT_EQ(facts.rare().dimensions[0].dimension.view(), "price");
  EXPECT_EQ(facts.rare().dimensions[0].g_sum, 750);
  EXPECT_EQ(facts.FindList(ListName::kLastSurvey).items[0].n(), 750);
}

TEST(FoldTest, StatedFeelingCountsOnlyWhereTheKindSaysNothing) {
  kit::EventBuilder purchase = APurchase();
  purchase.envelope().set_customer_feeling(2);
  EXPECT_EQ(Added(FactsOf(purchase), RingName::kSentimentPlus), 600);
  kit::EventBuilder praise = AnEvent(v1::KIND_PRAISE_GIVEN);
  praise.envelope().set_customer_feeling(2);
  EXPECT_EQ(Added(FactsOf(praise), RingName::kSentimentPlus), 1000);
  kit::EventBuilder survey = AnEvent(v1::KIND_SURVEY_ANSWERED);
  survey.Set("max", 10).Set("score", 10).envelope().set_customer_feeling(-2);
  EXPECT_EQ(Added(FactsOf(survey), RingName::kSentimentMinus), 0);
  kit::EventBuilder thanks = AnEvent(v1::KIND_THANKS_GIVEN);
  thanks.envelope().set_customer_feeling(2);
  EXPECT_EQ(Added(FactsOf(thanks), RingName::kSentimentPlus), 0);
}

TEST(FoldTest, WeightsAreNarrowedByPurposeAndForm) {
  kit::EventBuilder answer = AnEvent(v1::KIND_OUTREACH_ANSWERED);
  answer.Set("purpose", v1::OUTREACH_PURPOSE_CHECK);
  EXPECT_EQ(Added(FactsOf(answer), RingName::kTypeProactive), 1000);
  answer.Set("purpose", v1::OUTREACH_PURPOSE_PROMOTION);
  EXPECT_EQ(Added(FactsOf(answer), RingName::kTypeProactive), 0);
  EXPECT_EQ(Added(FactsOf(answer), RingName::kDialogue), 500);
  kit::EventBuilder acted = AnEvent(v1::KIND_COMMUNITY_ACTED);
  acted.Set("form", v1::COMMUNITY_FORM_ANSWERED);
  EXPECT_EQ(Added(FactsOf(acted), RingName::kAdvocacy), 250);
  EXPECT_EQ(Added(FactsOf(acted), RingName::kTypeCommunity), 1000);
  acted.Set("form", v1::COMMUNITY_FORM_LEFT);
  EXPECT_EQ(Added(FactsOf(acted), RingName::kAdvocacy), 0);
  EXPECT_EQ(Added(FactsOf(acted), RingName::kTypeCommunity), 0);
}

TEST(FoldTest, ModeIsTakenFromTheKindBeforeTheChannel) {
  kit::EventBuilder used = AnEvent(v1::KIND_SELF_SERVICE_USED);
  used.On(v1::CHANNEL_PHONE);
  EXPECT_EQ(Added(FactsOf(used), RingName::kModeSelfService), 1000);
  EXPECT_EQ(Added(FactsOf(used), RingName::kModePersonal), 0);
  used.Set("automated", 1);
  EXPECT_EQ(Added(FactsOf(used), RingName::kModeAutomated), 1000);
  kit::EventBuilder acted = AnEvent(v1::KIND_COMMUNITY_ACTED);
  EXPECT_EQ(Added(FactsOf(acted.On(v1::CHANNEL_EMAIL)), RingName::kModeCommunity), 1000);
  kit::EventBuilder thanks = AnEvent(v1::KIND_THANKS_GIVEN);
  EXPECT_EQ(Added(FactsOf(thanks.On(v1::CHANNEL_CHAT)), RingName::kModePersonal), 1000);
  EXPECT_TRUE(FactsOf(thanks.On(v1::CHANNEL_POST)).rings.empty());
}

}  // namespace
}  // namespace rapport::facts
