// What single events leave in maps and values.

#include <gtest/gtest.h>

#include "projections/facts/fold.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/ending.pb.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

using kit::AnEvent;

Item ItemOf(const kit::EventBuilder& event, ListName name) {
  Facts facts;
  Fold(facts, event.View(), kit::Standard().fold);
  const List list = facts.FindList(name);
  EXPECT_EQ(list.items.size(), 1u) << "list " << static_cast<int>(name);
  return list.items.empty() ? Item() : list.items[0];
}

TEST(FoldKnownTest, PreferencesConsentsAndDatesAreKnownByKey) {
  kit::EventBuilder preference = AnEvent(v1::KIND_PREFERENCE_RECORDED);
  preference.Key("channel").Set("value", "PHONE").envelope().set_subject("x");
  EXPECT_EQ(ItemOf(preference, ListName::kPreferences).subject.view(), "PHONE");
  kit::EventBuilder consent = AnEvent(v1::KIND_CONSENT_CHANGED);
  EXPECT_FALSE(ItemOf(consent.Key("all"), ListName::kConsents).has(kAccepted));
  EXPECT_TRUE(ItemOf(consent.Set("granted", 1), ListName::kConsents).has(kAccepted));
  kit::EventBuilder date = AnEvent(v1::KIND_DATE_RECORDED);
  date.Key("birthday").Set("month", 2).Set("day", 29).Set("year", 1980);
  EXPECT_EQ(ItemOf(date, ListName::kDates).n(), 229);
  EXPECT_EQ(ItemOf(date, ListName::kDates).m(), 1980);
}

// Nobody can tell which was first, but it must be the same one wherever it is folded.
TEST(FoldKnownTest, OfConsentBothWaysAtOneInstantTheGreaterIdStands) {
  kit::EventBuilder granted = AnEvent(v1::KIND_CONSENT_CHANGED);
  granted.Key("all").Set("granted", 1).At(1'000).Id(uint64_t{1});
  kit::EventBuilder refused = AnEvent(v1::KIND_CONSENT_CHANGED);
  refused.Key("all").Set("granted", int64_t{0}).At(1'000).Id(uint64_t{2});
  for (const bool granted_first : {true, false}) {
    Facts facts;
    Fold(facts, (granted_first ? granted : refused).View(), kit::Standard().fold);
    Fold(facts, (granted_first ? refused : granted).View(), kit::Standard().fold);
    const List consents = facts.FindList(ListName::kConsents);
    ASSERT_EQ(consents.items.size(), 1u);
    EXPECT_FALSE(consents.items[0].has(kAccepted)) << granted_first;
  }
}

TEST(FoldKnownTest, PeopleAndOwnerAreKnown) {
  kit::EventBuilder person = AnEvent(v1::KIND_CONTACT_PERSON_RECORDED);
  person.Key("p1").Set("role", "buyer").Set("left", 1);
  EXPECT_EQ(ItemOf(person, ListName::kPeople).subject.view(), "buyer");
  EXPECT_TRUE(ItemOf(person, ListName::kPeople).has(kAccepted));
  kit::EventBuilder owner = AnEvent(v1::KIND_ACCOUNT_MANAGER_ASSIGNED);
  owner.Key("eva").Set("key_account", 1);
  EXPECT_EQ(ItemOf(owner, ListName::kOwner).key.view(), "eva");
  EXPECT_TRUE(ItemOf(owner, ListName::kOwner).has(kAccepted));
}

TEST(FoldKnownTest, MembershipKeepsPointsAndTheirEnd) {
  kit::EventBuilder membership = AnEvent(v1::KIND_MEMBERSHIP_CHANGED);
  membership.Key("miles").Set("tier", "gold").Set("balance", 500).Set("expiring", 100);
  membership.Set("expires_at_us", 77);
  const Item item = ItemOf(membership, ListName::kMemberships);
  EXPECT_EQ(item.subject.view(), "gold");
  EXPECT_EQ(item.n(), 500);
  EXPECT_EQ(item.m(), 77);
  EXPECT_EQ(item.x(), 100);
}

TEST(FoldKnownTest, JoiningAndLeavingACommunityIsMembership) {
  kit::EventBuilder acted = AnEvent(v1::KIND_COMMUNITY_ACTED);
  acted.Key("forum").Set("form", v1::COMMUNITY_FORM_JOINED);
  EXPECT_FALSE(ItemOf(acted, ListName::kMemberships).has(kAccepted));
  acted.Set("form", v1::COMMUNITY_FORM_LEFT);
  EXPECT_TRUE(ItemOf(acted, ListName::kMemberships).has(kAccepted));
  Facts facts;
  Fold(facts, acted.Set("form", v1::COMMUNITY_FORM_POSTED).View(), kit::Standard().fold);
  EXPECT_TRUE(facts.lists().empty());
}

TEST(FoldKnownTest, AgreementTellsSignedFromEnded) {
  kit::EventBuilder agreement = AnEvent(v1::KIND_AGREEMENT_SIGNED);
  agreement.Key("frame").Set("b2b", 1).Set("shared_goals", 1).Set("ends_at_us", 99);
  const Item item = ItemOf(agreement, ListName::kAgreements);
  EXPECT_EQ(item.kind, v1::KIND_AGREEMENT_SIGNED);
  EXPECT_EQ(item.n(), 3);
  EXPECT_EQ(item.m(), 99);
}

TEST(FoldKnownTest, LastWriteOfAKeyHolds) {
  Facts facts;
  for (const int64_t day : {20, 10}) {
    kit::EventBuilder preference = AnEvent(v1::KIND_PREFERENCE_RECORDED);
    preference.Key("channel").Set("value", day == 20 ? "EMAIL" : "PHONE").OnDay(day);
    Fold(facts, preference.View(), kit::Standard().fold);
  }
  const List preferences = facts.FindList(ListName::kPreferences);
  ASSERT_EQ(preferences.items.size(), 1u);
  EXPECT_EQ(preferences.items[0].subject.view(), "EMAIL");
}

TEST(FoldKnownTest, EndingKeepsReasonSideAndCompetitor) {
  kit::EventBuilder ended = AnEvent(v1::KIND_RELATIONSHIP_ENDED);
  ended.Set("by", v1::ENDED_BY_CUSTOMER).Set("reason", v1::END_REASON_COMPETITOR);
  ended.Set("competitor", "acme");
  const Item item = ItemOf(ended, ListName::kEnded);
  EXPECT_EQ(item.code, v1::END_REASON_COMPETITOR);
  EXPECT_EQ(item.n(), v1::ENDED_BY_CUSTOMER);
  EXPECT_EQ(item.subject.view(), "acme");
}

TEST(FoldKnownTest, FraudAndReinstatementAreKnownByTheLatestOfTheirKind) {
  Facts facts;
  kit::EventBuilder confirmed = AnEvent(v1::KIND_FRAUD_CONFIRMED);
  Fold(facts, confirmed.View(), kit::Standard().fold);
  EXPECT_EQ(facts.FindKind(v1::KIND_FRAUD_CONFIRMED)->last(), confirmed.View().moment());
  EXPECT_TRUE(facts.lists().empty());
}

}  // namespace
}  // namespace rapport::facts
