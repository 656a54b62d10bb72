#include "projections/stage/write.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/kit/random_history.h"
#include "tests/projections/stage/customer.h"

namespace rapport::stage {
namespace {

using kit::AnEvent;

constexpr int64_t kDay = 15'000;

v1::Standing Written(Customer& customer, int64_t day, bool receipts) {
  const Course& course = customer.CourseOn(day);
  v1::Standing standing;
  WriteStage(course, day, course.At(day), receipts, standing);
  WriteOutlook(course, standing);
  return standing;
}

const v1::ReceiptInput* Input(const v1::Receipt& receipt, const std::string& name) {
  for (const v1::ReceiptInput& input : receipt.inputs()) {
    if (input.name() == name) return &input;
  }
  return nullptr;
}

TEST(WriteStageTest, WithoutReceiptsOnlyNamesAreWritten) {
  Customer ana;
  ana.Buys({kDay});
  ana.Does(AnEvent(v1::KIND_FRAUD_SUSPECTED).OnDay(kDay));
  const v1::Standing standing = Written(ana, kDay, false);
  EXPECT_EQ(standing.stage(), v1::STAGE_EXPLORATION);
  EXPECT_EQ(standing.stage_rule().rule_id(), "S7");
  EXPECT_EQ(standing.stage_rule().inputs_size(), 0);
  ASSERT_EQ(standing.flags_size(), 1);
  EXPECT_EQ(standing.flags(0).flag(), v1::FLAG_FRAUD_HOLD);
  EXPECT_FALSE(standing.flags(0).has_receipt());
  EXPECT_EQ(standing.purchase_days(), 1u);
  EXPECT_EQ(standing.last_act_day(), kDay);
}

TEST(WriteStageTest, ExpansionSaysWhatCommitmentLacks) {
  Customer ana;
  ana.Buys({kDay, kDay + 30});
  const v1::Receipt rule = Written(ana, kDay + 30, true).stage_rule();
  EXPECT_NE(rule.text().find("5 purchase days (has 2), or 3 and a bond (has none)"),
            std::string::npos)
      << rule.text();
  const v1::ReceiptInput* alive = Input(rule, "alive_ppm");
  ASSERT_NE(alive, nullptr);
  EXPECT_EQ(alive->threshold(), 600'000);
  EXPECT_EQ(alive->value(), ana.reading().alive_ppm);
}

TEST(WriteStageTest, ASilentFirstBuyerIsToldWithDaysAndLimit) {
  Customer ana;
  ana.Buys({kDay});
  const v1::Standing standing = Written(ana, kDay + 183, true);
  EXPECT_EQ(standing.stage_reason(), v1::STAGE_REASON_DORMANT);
  const v1::ReceiptInput* silence = Input(standing.stage_rule(), "silence");
  ASSERT_NE(silence, nullptr);
  EXPECT_EQ(silence->value(), 183);
  EXPECT_EQ(silence->threshold(), 182);
}

TEST(WriteStageTest, AFlagNamesTheEventsBehindIt) {
  Customer ana;
  ana.Does(AnEvent(v1::KIND_EXPECTATION_MISSED).OnDay(kDay).Key("x"));
  ana.Does(AnEvent(v1::KIND_EXPECTATION_MISSED).OnDay(kDay + 3).Key("y"));
  const v1::Standing standing = Written(ana, kDay + 3, true);
  ASSERT_EQ(standing.flags_size(), 2);
  EXPECT_EQ(standing.flags(0).receipt().rule_id(), "AT_RISK");
  ASSERT_EQ(standing.flags(0).receipt().event_ids_size(), 2);
  EXPECT_EQ(standing.flags(0).receipt().event_ids(0),
            AnEvent(v1::KIND_EXPECTATION_MISSED).Id(2).View().id.Hex());
  EXPECT_EQ(Input(standing.flags(0).receipt(), "misses_apart")->value(), 3);
  EXPECT_NE(standing.flags(1).receipt().text().find("Expectation y"), std::string::npos);
}

TEST(WriteStageTest, EveryStageAndFlagOfARandomHistoryHasWordsAndNumbers) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Customer customer;
    for (kit::EventBuilder& event : kit::RandomHistory(seed, 30)) customer.Does(std::move(event));
    const int64_t newest = customer.facts().newest_at_us / kMicrosPerDay;
    for (const int64_t later : {0, 45, 200}) {
      const v1::Standing standing = Written(customer, newest + later, true);
      EXPECT_FALSE(standing.stage_rule().text().empty()) << "seed " << seed;
      for (const v1::FlagState& flag : standing.flags()) {
        EXPECT_FALSE(flag.receipt().text().empty()) << "seed " << seed << ", " << flag.flag();
        EXPECT_LE(flag.receipt().event_ids_size(), 8) << "seed " << seed;
        EXPECT_GT(flag.receipt().event_ids_size(), 0) << "seed " << seed << ", " << flag.flag();
      }
    }
  }
}

TEST(WriteStageTest, IncompleteIsToldWhenTheEngineSaysSo) {
  Customer ana;
  const Course& course = ana.CourseOn(kDay);
  facts::StageState state = course.At(kDay);
  state.flags |= 1u << v1::FLAG_INCOMPLETE;
  v1::Standing standing;
  WriteStage(course, kDay, state, true, standing);
  ASSERT_EQ(standing.flags_size(), 1);
  EXPECT_EQ(standing.flags(0).receipt().rule_id(), "INCOMPLETE");
}

TEST(WriteOutlookTest, TellsTheDayOnWhichTheGapIsTooLong) {
  Customer ana;
  ana.Buys({kDay, kDay + 30});
  const v1::Outlook outlook = Written(ana, kDay + 30, false).outlook();
  // (30 + 30) / 1.25 days.
  EXPECT_EQ(outlook.cadence_days(), 48);
  EXPECT_EQ(outlook.overdue_after(), kDay + 30 + 96 + 1);
  EXPECT_FALSE(ana.On(outlook.overdue_after() - 1).has(v1::FLAG_AT_RISK));
  EXPECT_TRUE(ana.On(outlook.overdue_after()).has(v1::FLAG_AT_RISK));
}

TEST(WriteOutlookTest, TrendComparesTheLastGapWithTheMeanGap) {
  Customer rising;
  rising.Buys({kDay, kDay + 60, kDay + 90});
  EXPECT_EQ(Written(rising, kDay + 90, false).outlook().trend(), v1::TREND_RISING);
  Customer steady;
  steady.Buys({kDay, kDay + 30, kDay + 60});
  EXPECT_EQ(Written(steady, kDay + 60, false).outlook().trend(), v1::TREND_STEADY);
  EXPECT_EQ(Written(steady, kDay + 60 + 37, false).outlook().trend(), v1::TREND_STEADY);
  EXPECT_EQ(Written(steady, kDay + 60 + 38, false).outlook().trend(), v1::TREND_FALLING);
  Customer young;
  young.Buys({kDay, kDay + 30});
  EXPECT_EQ(Written(young, kDay + 30, false).outlook().trend(), v1::TREND_UNSPECIFIED);
}

}  // namespace
}  // namespace rapport::stage
