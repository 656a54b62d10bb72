// What single events leave in lists.

#include <gtest/gtest.h>

#include "projections/facts/fold.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/interest.pb.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

using kit::AnEvent;

Facts FactsOf(const kit::EventBuilder& event) {
  Facts facts;
  Fold(facts, event.View(), kit::Standard().fold);
  return facts;
}

// The only item of the list; a default one when there is no such list.
Item OnlyItem(const Facts& facts, ListName name) {
  const List list = facts.FindList(name);
  EXPECT_EQ(list.items.size(), 1u) << "list " << static_cast<int>(name);
  return list.items.empty() ? Item() : list.items[0];
}

Item ItemOf(const kit::EventBuilder& event, ListName name) {
  return OnlyItem(FactsOf(event), name);
}

TEST(FoldListTest, PurchaseIsRememberedByItsOrder) {
  kit::EventBuilder purchase = kit::APurchase();
  purchase.Key("A1").On(v1::CHANNEL_IN_PERSON).envelope().set_subject("bike");
  const Item item = ItemOf(purchase, ListName::kOrders);
  EXPECT_EQ(item.key.view(), "A1");
  EXPECT_EQ(item.subject.view(), "bike");
  EXPECT_EQ(item.kind, v1::KIND_PURCHASE_MADE);
  EXPECT_EQ(item.moment, purchase.View().moment());
  EXPECT_TRUE(item.has(kByCustomer_));
  EXPECT_TRUE(item.has(kPersonalItem));
}

TEST(FoldListTest, ComplaintKeepsTheSeverityThatIsStated) {
  kit::EventBuilder raised = AnEvent(v1::KIND_COMPLAINT_RAISED);
  raised.Key("C1").Set("topic", "delivery");
  EXPECT_EQ(ItemOf(raised, ListName::kCases).n(), 0);
  EXPECT_EQ(ItemOf(raised, ListName::kCases).subject.view(), "delivery");
  EXPECT_EQ(ItemOf(raised.Set("severity", 3), ListName::kCases).n(), 3);
  raised.envelope().set_subject("bike");
  EXPECT_EQ(ItemOf(raised, ListName::kCases).subject.view(), "bike");
}

TEST(FoldListTest, StepsOfACaseStandApartByWhoActed) {
  kit::EventBuilder answered = AnEvent(v1::KIND_RESOLUTION_ANSWERED);
  EXPECT_TRUE(ItemOf(answered.Key("C1").Set("accepted", 1), ListName::kCases).has(kAccepted));
  kit::EventBuilder handed = AnEvent(v1::KIND_CASE_HANDED_OVER);
  handed.Key("C1").Set("department", "repair").envelope().set_subject("bike");
  EXPECT_EQ(ItemOf(handed, ListName::kCasework).subject.view(), "repair");
  kit::EventBuilder escalated = AnEvent(v1::KIND_COMPLAINT_ESCALATED);
  EXPECT_EQ(ItemOf(escalated.Key("C1").Set("level", 2), ListName::kCasework).n(), 2);
}

TEST(FoldListTest, RootCauseIsCompleteWithAllThree) {
  kit::EventBuilder found = AnEvent(v1::KIND_ROOT_CAUSE_FOUND);
  found.Key("C1").Set("cause", "rust").Set("fix", "paint");
  EXPECT_FALSE(ItemOf(found, ListName::kCasework).has(kAllThree));
  EXPECT_TRUE(ItemOf(found.Set("prevention", "oil"), ListName::kCasework).has(kAllThree));
}

TEST(FoldListTest, OutreachIsPersonalByItsPurposeUnlessItSays) {
  kit::EventBuilder outreach = AnEvent(v1::KIND_OUTREACH_MADE);
  outreach.Key("O1").Set("purpose", v1::OUTREACH_PURPOSE_CHECK).Set("position", 4);
  const Item check = ItemOf(outreach, ListName::kContacts);
  EXPECT_EQ(check.code, v1::OUTREACH_PURPOSE_CHECK);
  EXPECT_EQ(check.n(), 4);
  EXPECT_TRUE(check.has(kPersonalItem));
  EXPECT_TRUE(check.has(kReached));
  outreach.Set("purpose", v1::OUTREACH_PURPOSE_NEWSLETTER).On(v1::CHANNEL_PHONE);
  EXPECT_FALSE(ItemOf(outreach, ListName::kMailings).has(kPersonalItem));
  outreach.Set("personal", 1);
  EXPECT_TRUE(ItemOf(outreach, ListName::kContacts).has(kPersonalItem));
}

TEST(FoldListTest, OutreachToVoicemailDidNotReachUnlessItSays) {
  kit::EventBuilder outreach = AnEvent(v1::KIND_OUTREACH_MADE);
  outreach.Set("purpose", v1::OUTREACH_PURPOSE_CHECK).On(v1::CHANNEL_VOICEMAIL);
  EXPECT_FALSE(ItemOf(outreach, ListName::kContacts).has(kReached));
  EXPECT_TRUE(FactsOf(outreach).rare().outreach.empty());
  outreach.Set("reached", 1);
  const Facts facts = FactsOf(outreach);
  EXPECT_TRUE(OnlyItem(facts, ListName::kContacts).has(kReached));
  ASSERT_EQ(facts.rare().outreach.size(), 1u);
  EXPECT_EQ(facts.rare().outreach[0].purpose, v1::OUTREACH_PURPOSE_CHECK);
  EXPECT_EQ(facts.rare().outreach[0].last, outreach.View().moment());
}

TEST(FoldListTest, OfEachSignOfAwarenessTheLatestIsKept) {
  kit::EventBuilder first = AnEvent(v1::KIND_AWARENESS_SHOWN);
  first.Set("form", v1::AWARENESS_FORM_READ).OnDay(3).Id(1);
  kit::EventBuilder latest = AnEvent(v1::KIND_AWARENESS_SHOWN);
  latest.Set("form", v1::AWARENESS_FORM_READ).OnDay(5).Id(2);
  kit::EventBuilder mention = AnEvent(v1::KIND_AWARENESS_SHOWN);
  mention.Set("form", v1::AWARENESS_FORM_MENTION).OnDay(4).Id(3);
  Facts facts;
  for (const auto* sign : {&latest, &mention, &first}) {
    Fold(facts, sign->View(), kit::Standard().fold);
  }
  ASSERT_EQ(facts.rare().awareness.size(), 2u);
  EXPECT_EQ(facts.rare().awareness[0].form, v1::AWARENESS_FORM_READ);
  EXPECT_EQ(facts.rare().awareness[0].last, latest.View().moment());
  EXPECT_EQ(facts.rare().awareness[1].form, v1::AWARENESS_FORM_MENTION);
  EXPECT_EQ(facts.rare().awareness[1].last, mention.View().moment());
}

TEST(FoldListTest, PromisesAndExpectationsKeepTheirMoments) {
  kit::EventBuilder promise = AnEvent(v1::KIND_PROMISE_MADE);
  promise.Key("P1").Set("due_from_us", 5).Set("due_at_us", 9);
  EXPECT_EQ(ItemOf(promise, ListName::kBonds).n(), 9);
  EXPECT_EQ(ItemOf(promise, ListName::kBonds).m(), 5);
  kit::EventBuilder set = AnEvent(v1::KIND_EXPECTATION_SET);
  set.Key("E1").Set("level", 3).Set("due_at_us", 9);
  EXPECT_EQ(ItemOf(set, ListName::kBonds).n(), 3);
  EXPECT_EQ(ItemOf(set, ListName::kBonds).m(), 9);
}

TEST(FoldListTest, ExpectationMetTellsALevelOfZeroFromNone) {
  kit::EventBuilder met = AnEvent(v1::KIND_EXPECTATION_MET);
  EXPECT_EQ(ItemOf(met.Key("E1").Set("exceeded", 1), ListName::kBonds).code, 0);
  EXPECT_TRUE(ItemOf(met, ListName::kBonds).has(kExceeded));
  EXPECT_EQ(ItemOf(met.Set("level", 0), ListName::kBonds).code, 1);
}

TEST(FoldListTest, DealsKeepProductAndEnd) {
  kit::EventBuilder offer = AnEvent(v1::KIND_OFFER_MADE);
  offer.Key("F1").Set("product", "bike").Set("valid_until_us", 77).Set("form", 2);
  const Item item = ItemOf(offer, ListName::kDeals);
  EXPECT_EQ(item.subject.view(), "bike");
  EXPECT_EQ(item.m(), 77);
  EXPECT_EQ(item.code, v1::OFFER_FORM_CROSS_SELL);
  EXPECT_EQ(item.n(), 0);
  EXPECT_EQ(ItemOf(offer.Set("preference", "delivery"), ListName::kDeals).n(), 1);
  kit::EventBuilder answer = AnEvent(v1::KIND_OFFER_ANSWERED);
  EXPECT_TRUE(ItemOf(answer.Key("F1").Set("accepted", 1), ListName::kDeals).has(kAccepted));
}

TEST(FoldListTest, TrialEndIsAValueToo) {
  kit::EventBuilder ended = AnEvent(v1::KIND_TRIAL_ENDED);
  const Facts facts = FactsOf(ended.Key("T1").Set("passed", 1));
  EXPECT_TRUE(OnlyItem(facts, ListName::kTrial).has(kAccepted));
  EXPECT_TRUE(OnlyItem(facts, ListName::kDeals).has(kAccepted));
}

TEST(FoldListTest, ReferralsNameTheOtherCustomer) {
  kit::EventBuilder made = AnEvent(v1::KIND_REFERRAL_MADE);
  made.Key("R1").Set("referred", "cust-2").Set("consent", 1);
  EXPECT_EQ(ItemOf(made, ListName::kReferrals).subject.view(), "cust-2");
  EXPECT_TRUE(ItemOf(made, ListName::kReferrals).has(kConsent));
  kit::EventBuilder received = AnEvent(v1::KIND_REFERRAL_RECEIVED);
  received.Key("R1").Set("referrer", "cust-3");
  EXPECT_EQ(ItemOf(received, ListName::kReferrals).subject.view(), "cust-3");
}

TEST(FoldListTest, MatchedInterestIsKnownByItsTopic) {
  kit::EventBuilder matched = AnEvent(v1::KIND_INTEREST_MATCHED);
  matched.Key("book-7").Set("topic", "sailing").envelope().set_subject("books");
  EXPECT_EQ(ItemOf(matched, ListName::kMoments).subject.view(), "sailing");
}

TEST(FoldListTest, QuestionsAndNeedsAreRemembered) {
  kit::EventBuilder answered = AnEvent(v1::KIND_QUESTION_ANSWERED);
  EXPECT_TRUE(ItemOf(answered.Key("Q1").Set("asks_back", 1), ListName::kAsks).has(kAsksBack));
  kit::EventBuilder need = AnEvent(v1::KIND_NEED_HEARD);
  need.Key("N1").Set("priority", 2).Set("form", v1::NEED_FORM_CONCERN);
  EXPECT_EQ(ItemOf(need, ListName::kMoments).n(), 2);
  EXPECT_EQ(ItemOf(need, ListName::kMoments).code, v1::NEED_FORM_CONCERN);
}

TEST(FoldListTest, WorkKeepsOffsetAndFence) {
  kit::EventBuilder claim = AnEvent(v1::KIND_FOLLOW_UP_CLAIMED);
  claim.Key("f1").Set("assignee", "eva").Set("until_us", 99).Offset(42);
  const Item first = ItemOf(claim, ListName::kWork);
  EXPECT_EQ(first.subject.view(), "eva");
  EXPECT_EQ(first.n(), 99);
  EXPECT_EQ(first.m(), -1);
  EXPECT_EQ(first.x(), 42);
  EXPECT_EQ(ItemOf(claim.Set("fence", 0), ListName::kWork).m(), 0);
  kit::EventBuilder dismissed = AnEvent(v1::KIND_FOLLOW_UP_DISMISSED);
  EXPECT_EQ(ItemOf(dismissed.Key("f1").Set("reason", "moot"), ListName::kWork).subject.view(),
            "moot");
}

}  // namespace
}  // namespace rapport::facts
