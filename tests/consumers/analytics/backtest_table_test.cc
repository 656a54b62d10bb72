// What a backtest says of a table of customers, and in which words.
#include "consumers/analytics/backtest_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "consumers/analytics/backtest_verdict.h"
#include "consumers/analytics/bg_nbd.h"
#include "engine/base/time.h"
#include "tests/kit/status_matchers.h"

namespace rapport::analytics {
namespace {

using kit::StatusIs;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr int64_t kCutDay = 20'000;
constexpr auto kAlways = [] { return absl::OkStatus(); };

// Who has a greater score buys again more often.
BacktestTable TableOf(int customers) {
  std::mt19937 random(3);
  BacktestTable table;
  table.cut_us = (kCutDay + 1) * kMicrosPerDay - 1;
  table.horizon_us = 90 * kMicrosPerDay;
  table.rules = "r-one";
  for (int i = 0; i < customers; ++i) {
    BacktestCustomer& one = table.customers.emplace_back();
    one.first_day = kCutDay - 200 + i % 7;
    one.purchase_days = 1 + random() % 6;
    one.last_day = one.purchase_days == 1 ? one.first_day : kCutDay - random() % 150;
    one.spend_centi = random() % 100'000;
    one.score_milli = static_cast<uint32_t>(random() % 1'000'000);
    one.other_score_milli = 1'000'000 - one.score_milli;
    one.stage = one.score_milli > 500'000 ? v1::STAGE_EXPANSION : v1::STAGE_DISSOLUTION;
    one.buys_again = random() % 1'000'000 < one.score_milli;
    one.later_purchase_days = one.buys_again ? 2 : 0;
  }
  return table;
}

v1::Backtest BacktestOf(const BacktestTable& table) {
  v1::Backtest backtest;
  EXPECT_OK(WriteBacktest(table, kAlways, backtest));
  return backtest;
}

int64_t AucPpm(const BacktestTable& table, int64_t (*score)(const BacktestCustomer&)) {
  int64_t wins_twice = 0, pairs = 0;
  for (const BacktestCustomer& buyer : table.customers) {
    for (const BacktestCustomer& other : table.customers) {
      if (!buyer.buys_again || other.buys_again) continue;
      ++pairs;
      wins_twice += (score(buyer) > score(other)) + (score(buyer) >= score(other));
    }
  }
  return (1'000'000 * wins_twice + pairs) / (2 * pairs);
}

TEST(BacktestTableTest, CountsWhoBuysAgainByStage) {
  const BacktestTable table = TableOf(200);
  int64_t buyers = 0, days = 0, expanding = 0, expanding_buyers = 0;
  for (const BacktestCustomer& one : table.customers) {
    const bool is_expanding = one.stage == v1::STAGE_EXPANSION;
    buyers += one.buys_again;
    days += one.purchase_days;
    expanding += is_expanding;
    expanding_buyers += is_expanding && one.buys_again;
  }
  const v1::Backtest backtest = BacktestOf(table);
  EXPECT_EQ(backtest.customers(), 200);
  EXPECT_EQ(backtest.buyers(), buyers);
  EXPECT_EQ(backtest.purchase_days(), days);
  EXPECT_EQ(backtest.later_purchase_days(), 2 * buyers);
  EXPECT_EQ(backtest.until_us(), (kCutDay + 91) * kMicrosPerDay - 1);
  ASSERT_THAT(backtest.stages(), SizeIs(2));
  EXPECT_EQ(backtest.stages(0).stage(), v1::STAGE_EXPANSION);
  EXPECT_EQ(backtest.stages(0).customers(), expanding);
  EXPECT_EQ(backtest.stages(0).buyers(), expanding_buyers);
  EXPECT_EQ(backtest.stages(1).customers(), 200 - expanding);
  EXPECT_EQ(backtest.stages(1).buyers(), buyers - expanding_buyers);
}

TEST(BacktestTableTest, RanksByEachModelAndComparesWithTheScore) {
  BacktestTable table = TableOf(200);
  table.other_rules = "r-other";
  const v1::Backtest backtest = BacktestOf(table);
  std::vector<int> models;
  for (const v1::BacktestRanking& one : backtest.rankings()) models.push_back(one.model());
  EXPECT_THAT(models, ElementsAre(v1::BACKTEST_MODEL_SCORE, v1::BACKTEST_MODEL_OTHER_RULES,
                                  v1::BACKTEST_MODEL_RFM, v1::BACKTEST_MODEL_RECENCY,
                                  v1::BACKTEST_MODEL_FREQUENCY, v1::BACKTEST_MODEL_BG_NBD));
  const v1::BacktestRanking& score = backtest.rankings(0);
  EXPECT_EQ(score.rules_digest(), "r-one");
  EXPECT_EQ(backtest.rankings(1).rules_digest(), "r-other");
  EXPECT_EQ(score.auc_ppm(),
            AucPpm(table, [](const BacktestCustomer& one) { return int64_t{one.score_milli}; }));
  EXPECT_EQ(backtest.rankings(1).auc_ppm(), 1'000'000 - score.auc_ppm());
  EXPECT_EQ(backtest.rankings(3).auc_ppm(),
            AucPpm(table, [](const BacktestCustomer& one) { return one.last_day; }));
  EXPECT_EQ(backtest.rankings(4).auc_ppm(),
            AucPpm(table, [](const BacktestCustomer& one) { return one.purchase_days; }));
  EXPECT_FALSE(score.has_difference_ppm());
  for (const v1::BacktestRanking& one : backtest.rankings()) {
    EXPECT_LE(std::abs(one.gini_ppm() - (2 * one.auc_ppm() - 1'000'000)), 1);
    EXPECT_GT(one.error_ppm(), 0);
    ASSERT_THAT(one.lift_milli(), SizeIs(10));
    // All tenths together hold all buyers.
    int64_t sum = 0;
    for (const int64_t lift : one.lift_milli()) sum += lift;
    EXPECT_LE(std::abs(sum - 10'000), 5);
    if (one.model() == v1::BACKTEST_MODEL_SCORE) continue;
    EXPECT_LE(std::abs(one.difference_ppm() - (one.auc_ppm() - score.auc_ppm())), 1);
    EXPECT_GT(one.difference_error_ppm(), 0);
  }
}

TEST(BacktestTableTest, FitsTheUsualModelToTheDaysOfTheCut) {
  const BacktestTable table = TableOf(400);
  std::vector<BgNbdCustomer> customers;
  for (const BacktestCustomer& one : table.customers) {
    customers.push_back({one.purchase_days - 1,
                         static_cast<double>(one.last_day - one.first_day) / 7,
                         static_cast<double>(kCutDay - one.first_day) / 7});
  }
  const BgNbdFit fit = FitBgNbd(customers, kAlways).value();
  double expected = 0;
  for (const BgNbdCustomer& one : customers) {
    expected += BgNbdExpected(fit.model, one, 90.0 / 7);
  }
  const v1::BacktestBgNbd told = BacktestOf(table).bg_nbd();
  EXPECT_NEAR(static_cast<double>(told.log_likelihood_milli()), 1e3 * fit.log_likelihood, 1);
  EXPECT_NEAR(static_cast<double>(told.r_micro()), 1e6 * fit.model.r, 1);
  EXPECT_NEAR(static_cast<double>(told.alpha_micro()), 1e6 * fit.model.alpha, 1);
  EXPECT_NEAR(static_cast<double>(told.a_micro()), 1e6 * fit.model.a, 1);
  EXPECT_NEAR(static_cast<double>(told.b_micro()), 1e6 * fit.model.b, 1);
  EXPECT_NEAR(static_cast<double>(told.expected_days_milli()), 1e3 * expected, 1);
}

TEST(BacktestTableTest, WhereNobodyCameBackThereIsNoModelToFit) {
  BacktestTable table = TableOf(100);
  for (BacktestCustomer& one : table.customers) {
    one.purchase_days = 1;
    one.last_day = one.first_day;
  }
  const v1::Backtest backtest = BacktestOf(table);
  EXPECT_FALSE(backtest.has_bg_nbd());
  EXPECT_THAT(backtest.rankings(), SizeIs(4));
  EXPECT_THAT(backtest.verdict(), Contains(StartsWith("BG/NBD is left out")));
}

TEST(BacktestTableTest, WhereAllOrNoneBuyAgainNothingIsTold) {
  BacktestTable table = TableOf(30);
  v1::Backtest backtest;
  for (BacktestCustomer& one : table.customers) one.buys_again = true;
  EXPECT_THAT(WriteBacktest(table, kAlways, backtest),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "BACKTEST_UNDEFINED: all of the 30 customers who had bought by 2024-10-04 "
                       "bought again by 2025-01-02"));
  for (BacktestCustomer& one : table.customers) one.buys_again = false;
  backtest.Clear();
  EXPECT_THAT(
      WriteBacktest(table, kAlways, backtest),
      StatusIs(absl::StatusCode::kFailedPrecondition, "BACKTEST_UNDEFINED: none of the 30"));
}

TEST(BacktestTableTest, EndsWhenNobodyWaits) {
  v1::Backtest backtest;
  EXPECT_THAT(WriteBacktest(
                  TableOf(100), [] { return absl::CancelledError("left"); }, backtest),
              StatusIs(absl::StatusCode::kCancelled, "left"));
}

// A backtest of as many, with RFM that much better than the score.
std::vector<std::string> VerdictOn(int64_t customers, int64_t buyers, int64_t difference_ppm) {
  v1::Backtest backtest;
  backtest.set_customers(customers);
  backtest.set_buyers(buyers);
  backtest.mutable_bg_nbd();
  v1::BacktestRanking& score = *backtest.add_rankings();
  score.set_model(v1::BACKTEST_MODEL_SCORE);
  score.set_auc_ppm(772'492);
  score.add_lift_milli(2'861);
  v1::BacktestRanking& rfm = *backtest.add_rankings();
  rfm.set_model(v1::BACKTEST_MODEL_RFM);
  rfm.set_difference_ppm(difference_ppm);
  rfm.set_difference_error_ppm(2'000);
  WriteVerdict(backtest);
  return {backtest.verdict().begin(), backtest.verdict().end()};
}

TEST(BacktestVerdictTest, SaysHowGoodTheScoreIs) {
  EXPECT_THAT(VerdictOn(1'000, 300, -5'000)[0],
              "Of a customer who buys again and one who does not, Rapport's score ranks the first "
              "higher in 77 of 100 pairs, chance in 50. Of the tenth that it ranks highest 2.9 "
              "times as many buy again as of all.");
}

TEST(BacktestVerdictTest, SaysWhoRanksBetterAndWhetherThatMayBeChance) {
  EXPECT_EQ(VerdictOn(1'000, 300, -6'210)[1],
            "Rapport's score ranks better than RFM by .0062 (error .0020). That is more than "
            "chance.");
  EXPECT_EQ(VerdictOn(1'000, 300, 7'590)[1],
            "RFM ranks better than Rapport's score by .0076 (error .0020). That is more than "
            "chance.");
  EXPECT_THAT(VerdictOn(1'000, 300, 3'920)[1], HasSubstr("more than chance"));
  EXPECT_THAT(VerdictOn(1'000, 300, 3'919)[1], HasSubstr("That may be chance."));
  EXPECT_EQ(VerdictOn(1'000, 300, 49)[1], "RFM ranks as well as Rapport's score.");
}

TEST(BacktestVerdictTest, OfAHandfulItSaysNothingOfChance) {
  for (const auto& sentence : {VerdictOn(19, 9, 90'000)[1], VerdictOn(500, 491, 90'000)[1]}) {
    EXPECT_THAT(sentence, HasSubstr("too few customers"));
    EXPECT_THAT(sentence, Not(HasSubstr("more than")));
  }
  EXPECT_THAT(VerdictOn(20, 10, 90'000)[1], HasSubstr("more than chance"));
}

}  // namespace
}  // namespace rapport::analytics
