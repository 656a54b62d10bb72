// What touchpoints of the business's own kinds leave behind; their rules: kit::WithOwnKinds.

#include <gtest/gtest.h>

#include "projections/facts/codec.h"
#include "projections/facts/fold.h"
#include "projections/facts/merge.h"
#include "projections/facts/reading.h"
#include "projections/facts/ring.h"
#include "rapport/v1/facts.pb.h"
#include "tests/kit/standard_rules.h"
#include "tests/kit/status_matchers.h"
#include "tests/projections/facts/random_event.h"

namespace rapport::facts {
namespace {

const FoldRules& Rules() { return kit::WithOwnKinds().fold; }

kit::EventBuilder ATouch(absl::string_view custom_kind, uint64_t id = 1) {
  kit::EventBuilder event(v1::KIND_CUSTOM_TOUCHPOINT);
  event.Id(id).OnDay(20'000 + static_cast<int64_t>(id));
  return event.Set("custom_kind", custom_kind).Set("key", "K1");
}

Facts FactsOfOne(const kit::EventBuilder& event) { return FactsOf({&event}, Rules()); }

const KindCell* CellOf(const Facts& facts, absl::string_view custom_kind) {
  return facts.FindKind(Rules().FindCustomKind(custom_kind)->number);
}

v1::CustomerFacts OnTheWire(const Facts& facts) {
  v1::CustomerFacts message;
  EXPECT_TRUE(message.ParseFromString(BytesOf(facts)));
  return message;
}

TEST(CustomTest, NothingIsRememberedOfAKindWithoutARule) {
  EXPECT_EQ(BytesOf(FactsOfOne(ATouch("visit"))), "");
  const kit::EventBuilder ruled = ATouch("t1");
  EXPECT_EQ(BytesOf(FactsOf({&ruled}, kit::Standard().fold)), "");
}

TEST(CustomTest, IsCountedUnderItsOwnName) {
  const kit::EventBuilder first = ATouch("t0", 1), second = ATouch("t0", 2),
                          other = ATouch("t7", 3);
  const Facts facts = FactsOf({&second, &other, &first}, Rules());
  EXPECT_EQ(CellOf(facts, "t0")->count, 2u);
  EXPECT_EQ(CellOf(facts, "t0")->last(), second.View().moment());
  EXPECT_EQ(CellOf(facts, "t7")->count, 1u);
  EXPECT_EQ(facts.newest_at_us, other.View().occurred_at_us);
  const v1::CustomerFacts message = OnTheWire(facts);
  ASSERT_EQ(message.common().kinds_size(), 2);
  EXPECT_EQ(message.common().kinds(0).kind(), static_cast<uint32_t>(v1::KIND_CUSTOM_TOUCHPOINT));
  EXPECT_EQ(message.common().kinds(0).custom_kind(), "t7");
  EXPECT_EQ(message.common().kinds(1).custom_kind(), "t0");
  EXPECT_EQ(message.common().kinds(1).count(), 2u);
}

TEST(CustomTest, IsRememberedUnderItsKeyInTheListOfItsRule) {
  kit::EventBuilder touch = ATouch("t1");
  touch.envelope().set_subject("boats");
  const Facts facts = FactsOfOne(touch);
  const List moments = facts.FindList(ListName::kMoments);
  ASSERT_EQ(moments.items.size(), 1u);
  const Item& item = moments.items[0];
  EXPECT_EQ(SideOf(item.kind), Side::kCustomer);
  EXPECT_EQ(item.key.view(), "K1");
  EXPECT_EQ(item.subject.view(), "boats");
  EXPECT_TRUE(item.has(kByCustomer_));
  EXPECT_TRUE(item.has(kReached));
  EXPECT_TRUE(item.has(kPersonalItem));
  const v1::Item wire = OnTheWire(facts).dialogue().moments().items(0);
  EXPECT_EQ(wire.kind(), static_cast<uint32_t>(v1::KIND_CUSTOM_TOUCHPOINT));
  EXPECT_EQ(wire.custom_kind(), "t1");
  EXPECT_FALSE(FactsOfOne(ATouch("t6")).FindList(ListName::kCasework).items[0].has(kReached));
}

TEST(CustomTest, AddsItsWeightsToRings) {
  const Facts facts = FactsOfOne(ATouch("t1"));
  for (const Ring ring : facts.rings) {
    const int64_t read = RingRead(ring, Rules().half_life(ring.name), 20'001, 1);
    if (ring.name == RingName::kDialogue) {
      EXPECT_EQ(read, 400);
    } else {
      EXPECT_EQ(read, 1000);
    }
  }
  EXPECT_EQ(facts.rings.size(), 3u) << "its mode is the third";
}

TEST(CustomTest, IsPersonalContactWhereItsRuleSaysSo) {
  EXPECT_EQ(FactsOfOne(ATouch("t1")).Sum(kPersonal), 1);
  EXPECT_EQ(FactsOfOne(ATouch("t3").On(v1::CHANNEL_PHONE)).Sum(kPersonal), 0);
  EXPECT_EQ(FactsOfOne(ATouch("t0").On(v1::CHANNEL_PHONE)).Sum(kPersonal), 1);
  EXPECT_EQ(FactsOfOne(ATouch("t0")).Sum(kPersonal), 0);
}

TEST(CustomTest, SpeaksForTheServiceModeOfItsRuleElseOfItsChannel) {
  const auto mode_of = [](const kit::EventBuilder& event) {
    for (const Ring ring : FactsOfOne(event).rings) {
      if (ring.name >= RingName::kModePersonal) return ring.name;
    }
    return RingName::kSpend;
  };
  EXPECT_EQ(mode_of(ATouch("t2").On(v1::CHANNEL_PHONE)), RingName::kModeSelfService);
  EXPECT_EQ(mode_of(ATouch("t1")), RingName::kModePersonal);
  EXPECT_EQ(mode_of(ATouch("t0").On(v1::CHANNEL_COMMUNITY)), RingName::kModeCommunity);
  EXPECT_EQ(mode_of(ATouch("t7").On(v1::CHANNEL_PHONE)), RingName::kSpend);
  EXPECT_EQ(mode_of(ATouch("t3").On(v1::CHANNEL_PHONE)), RingName::kSpend)
      << "not personal, whatever its channel";
  EXPECT_EQ(mode_of(ATouch("t3").On(v1::CHANNEL_AUTOMATED)), RingName::kModeAutomated);
}

TEST(CustomTest, ItsCostIsForWhatItsRuleSays) {
  const auto costing = [](absl::string_view custom_kind) {
    kit::EventBuilder event = ATouch(custom_kind);
    event.envelope().mutable_cost()->set_currency("EUR");
    event.envelope().mutable_cost()->set_micros(5'000'000);
    return FactsOfOne(event);
  };
  EXPECT_EQ(costing("t4").Sum(kGivingCenti), 500);
  EXPECT_EQ(costing("t5").Sum(kOutreachCenti), 500);
  EXPECT_EQ(costing("t6").Sum(kServiceCenti), 500);
  EXPECT_EQ(costing("t0").Sum(kServiceCenti), 500);
}

TEST(CustomTest, OnlyActsAreInteractionsAndOnlyTheCustomersAreBegunByThem) {
  EXPECT_EQ(FactsOfOne(ATouch("t0")).Sum(kByCustomer), 1);
  EXPECT_EQ(FactsOfOne(ATouch("t4")).Sum(kByCustomer), 0);
  EXPECT_EQ(FactsOfOne(ATouch("t4")).Sum(kInteractions), 1);
  EXPECT_EQ(FactsOfOne(ATouch("t7")).Sum(kInteractions), 0);
}

TEST(CustomTest, AnOutsidersActOnlyCountsInMeasures) {
  kit::EventBuilder event = ATouch("t1");
  event.envelope().mutable_actor()->set_party(v1::ACTOR_PARTY_PUBLIC);
  const Facts facts = FactsOfOne(event);
  EXPECT_EQ(facts.Sum(kInteractions), 1);
  EXPECT_TRUE(facts.kinds.empty());
  EXPECT_TRUE(facts.lists().empty());
  EXPECT_EQ(facts.rings.size(), 0u);
}

TEST(CustomTest, AStatedFeelingCountsUnlessTheKindItselfSpeaksOfFeelings) {
  const auto plus_of = [](absl::string_view custom_kind) {
    kit::EventBuilder event = ATouch(custom_kind);
    event.envelope().set_customer_feeling(2);
    const Facts facts = FactsOfOne(event);
    return facts.rings.size() > 0 && (*facts.rings.begin()).name == RingName::kSentimentPlus;
  };
  EXPECT_TRUE(plus_of("t0"));
  EXPECT_FALSE(plus_of("t2"));
  EXPECT_FALSE(plus_of("t4"));
}

TEST(CustomTest, ActsOfTheCustomerBreakTheSilence) {
  const auto act_day = [](absl::string_view custom_kind) {
    return Basis(FactsOfOne(ATouch(custom_kind)), kit::WithOwnKinds().evaluate).act_day;
  };
  EXPECT_EQ(act_day("t0"), 20'001);
  EXPECT_EQ(act_day("t4"), kNoDay);
  EXPECT_EQ(act_day("t7"), kNoDay);
}

TEST(CustomTest, StoredFactsOfAnotherRuleSetAreNoFacts) {
  Facts facts;
  EXPECT_THAT(
      Decode(BytesOf(FactsOfOne(ATouch("t1"))), kit::Standard().fold, facts),
      kit::StatusIs(absl::StatusCode::kDataLoss, "a custom kind that is none of the rules'"));
  v1::CustomerFacts wrong;
  v1::KindFacts& cell = *wrong.mutable_common()->add_kinds();
  cell.set_kind(Rules().FindCustomKind("t0")->number);
  cell.mutable_last()->set_event_id(std::string(16, 'x'));
  Facts again;
  EXPECT_THAT(Decode(wrong.SerializeAsString(), Rules(), again),
              kit::StatusIs(absl::StatusCode::kDataLoss, "a number out of its list"));
}

TEST(CustomTest, PartsAddUpToTheWhole) {
  const kit::EventBuilder a = ATouch("t1", 1), b = ATouch("t4", 2), c = ATouch("t1", 3);
  Facts one = FactsOf({&c}, Rules());
  Merge(one, FactsOf({&a, &b}, Rules()), Rules());
  EXPECT_EQ(BytesOf(one), BytesOf(FactsOf({&a, &b, &c}, Rules())));
}

}  // namespace
}  // namespace rapport::facts
