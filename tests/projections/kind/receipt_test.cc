// The receipts of types and mode: numbers, events, the line that matched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "projections/kind/kind.h"
#include "tests/kit/event_builder.h"
#include "tests/kit/standard_rules.h"

namespace rapport::kind {
namespace {

using kit::AnEvent;
using kit::APurchase;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kDay = 18'200;

std::string HexOf(uint64_t id) { return EventId{0, id}.Hex(); }

class KindReceiptTest : public testing::Test {
 protected:
  void Does(kit::EventBuilder event) {
    facts::Fold(facts_, event.Id(++events_).View(), kit::Standard().fold);
  }
  v1::Standing On(int64_t day) const {
    const kit::StandardRules& rules = kit::Standard();
    const facts::Reading reading =
        facts::Read(facts_, day * kMicrosPerDay, rules.fold, rules.evaluate);
    const KindReading kind = Read(facts_, reading, rules.fold, rules.evaluate);
    v1::Standing standing;
    WriteKind(kind, standing);
    WriteReceipts(kind, facts_, reading, rules.fold, rules.evaluate, standing);
    return standing;
  }

 private:
  facts::Facts facts_;
  uint64_t events_ = 0;
};

TEST_F(KindReceiptTest, AShareSaysWhatItsEventsCountAndNamesTheLatestOfEachKind) {
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay + 1).Key("Q2"));
  Does(AnEvent(v1::KIND_SUPPORT_REQUESTED).OnDay(kDay + 2).Key("Q3"));
  const v1::Standing standing = On(kDay + 182);
  ASSERT_EQ(standing.types_size(), 1);
  const v1::Receipt& receipt = standing.types(0).receipt();
  EXPECT_EQ(receipt.rule_id(), "type_reactive");
  EXPECT_NEAR(static_cast<double>(receipt.inputs(0).value()), 1'500, 10);
  EXPECT_EQ(receipt.inputs(1).value(), 182);
  EXPECT_THAT(receipt.event_ids(), ElementsAre(HexOf(3), HexOf(2)));
}

TEST_F(KindReceiptTest, APartnershipNamesTheAgreement) {
  Does(AnEvent(v1::KIND_AGREEMENT_SIGNED)
           .OnDay(kDay)
           .Key("A1")
           .Set("b2b", 1)
           .Set("shared_goals", 1));
  const v1::Standing standing = On(kDay);
  EXPECT_EQ(standing.type_rule().rule_id(), "PARTNERSHIP");
  EXPECT_THAT(standing.type_rule().event_ids(), ElementsAre(HexOf(1)));
}

TEST_F(KindReceiptTest, TheMatchedLineComparesItsNumbersWithThoseOfTheRules) {
  for (int i = 0; i < 3; ++i) {
    Does(AnEvent(v1::KIND_OUTREACH_ANSWERED).OnDay(kDay).Key("O1").Set("purpose", 1));
  }
  Does(AnEvent(v1::KIND_ENQUIRY_MADE).OnDay(kDay).Key("Q1"));
  const v1::Receipt rule = On(kDay).type_rule();
  EXPECT_EQ(rule.rule_id(), "PROACTIVE");
  ASSERT_EQ(rule.inputs_size(), 2);
  EXPECT_EQ(rule.inputs(0).value(), 3'000);
  EXPECT_EQ(rule.inputs(0).threshold(), 2'000);
  EXPECT_EQ(rule.inputs(1).threshold(), 1'000) << "what was reactive";
}

TEST_F(KindReceiptTest, AModeGivesTheNumbersOfAll) {
  Does(APurchase().OnDay(kDay).On(v1::CHANNEL_SELF_SERVICE));
  const v1::Receipt rule = On(kDay).mode_rule();
  EXPECT_EQ(rule.rule_id(), "SELF_SERVICE");
  ASSERT_EQ(rule.inputs_size(), kModes + 1);
  EXPECT_EQ(rule.inputs(2).name(), "mode_self_service");
  EXPECT_EQ(rule.inputs(2).value(), 1'000);
}

TEST_F(KindReceiptTest, AnAccountManagerIsTheReasonForDedicated) {
  Does(AnEvent(v1::KIND_ACCOUNT_MANAGER_ASSIGNED).OnDay(kDay).Key("dora"));
  const v1::Receipt rule = On(kDay).mode_rule();
  EXPECT_EQ(rule.rule_id(), "DEDICATED");
  EXPECT_THAT(rule.event_ids(), ElementsAre(HexOf(1)));
}

TEST_F(KindReceiptTest, WithoutAnythingTheReasonIsThatThereIsNothing) {
  const v1::Standing standing = On(kDay);
  EXPECT_EQ(standing.type_rule().rule_id(), "NONE");
  EXPECT_EQ(standing.mode_rule().rule_id(), "NONE");
  EXPECT_THAT(standing.type_rule().event_ids(), IsEmpty());
  EXPECT_FALSE(standing.type_rule().text().empty());
}

}  // namespace
}  // namespace rapport::kind
