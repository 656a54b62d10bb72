// Scores, stages and next changes of real customers, and how well the total ranks later buyers.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"
#include "projections/facts/fold.h"
#include "projections/loyalty/score.h"
#include "projections/stage/course.h"
#include "tests/golden/real_data.h"
#include "tests/golden/stage_vectors.h"
#include "tests/kit/csv.h"
#include "tests/kit/standard_rules.h"

namespace rapport::golden {
namespace {

using facts::Facts;

// One customer at a cut.
struct Scored {
  facts::Reading reading;
  loyalty::ScoreLines score;
  facts::StageState state;
  std::optional<int64_t> next;
  int64_t reversed_centi = 0;
};

std::map<std::string, Scored> ScoreAt(const std::vector<Purchase>& purchases, int64_t cut_day) {
  const kit::StandardRules& rules = kit::Standard();
  std::map<std::string, Facts> facts;
  kit::EventBuilder bought(v1::KIND_PURCHASE_MADE);
  kit::EventBuilder reversed(v1::KIND_PURCHASE_REVERSED);
  uint64_t id = 0;
  for (const Purchase& one : purchases) {
    if (one.day > cut_day) continue;
    kit::EventBuilder& event = one.reversed ? reversed : bought;
    event.Id(++id).OnDay(one.day).WorthMicros(one.micros, "EUR");
    facts::Fold(facts[one.customer], event.View(), rules.fold);
  }
  std::map<std::string, Scored> scored;
  for (const auto& [customer, known] : facts) {
    if (known.purchase_days.empty()) continue;
    const int64_t as_of_us = cut_day * kMicrosPerDay;
    facts::Reading reading = facts::Read(known, as_of_us, rules.fold, rules.evaluate);
    const stage::Course course(known, reading, rules.evaluate);
    scored.emplace(customer,
                   Scored{reading, loyalty::Score(reading, rules.evaluate), course.At(cut_day),
                          course.NextChangeDay(cut_day), known.Sum(facts::kReversedCenti)});
  }
  return scored;
}

// The row of one customer, in the order of the columns from `purchase_days` on.
std::string Told(const Scored& one, bool full) {
  const facts::Reading& reading = one.reading;
  std::string told = absl::StrJoin(
      {absl::StrCat(reading.n), absl::StrCat(reading.rhythm), absl::StrCat(reading.expected),
       absl::StrCat(reading.spend), absl::StrCat(one.score.of(v1::SCORE_LINE_RHYTHM)),
       absl::StrCat(one.score.of(v1::SCORE_LINE_OUTLOOK)),
       absl::StrCat(one.score.of(v1::SCORE_LINE_VALUE)), absl::StrCat(one.score.total),
       absl::StrCat(one.score.points()), absl::StrCat(reading.alive_ppm),
       v1::Stage_Name(one.state.stage).substr(sizeof("STAGE_") - 1), std::string(one.state.rule),
       stage::FlagNames(one.state.flags),
       one.next.has_value() ? absl::StrCat(*one.next) : std::string()},
      ",");
  if (full) absl::StrAppend(&told, ",", reading.act_day, ",", one.reversed_centi);
  return told;
}

void CompareRows(absl::string_view file, const std::map<std::string, Scored>& scored, bool full,
                 size_t rows) {
  const kit::Csv csv = kit::ReadCsv(ScorePath(file));
  const size_t first =
      std::find(csv.columns.begin(), csv.columns.end(), "purchase_days") - csv.columns.begin();
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    const std::string& customer = csv.Text(row, "customer");
    const auto found = scored.find(customer);
    ASSERT_TRUE(found != scored.end()) << file << ": no customer " << customer;
    const std::string told = Told(found->second, full);
    const std::string expected =
        absl::StrJoin(csv.rows[row].begin() + first, csv.rows[row].end(), ",");
    EXPECT_EQ(told, expected) << file << ": customer " << customer;
    equal += told == expected ? 1 : 0;
  }
  std::cout << file << ": " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), rows);
}

// 2 * wins + ties over all pairs of a buyer and another.
int64_t WinsTwice(std::vector<std::pair<int64_t, bool>> totals) {
  std::sort(totals.begin(), totals.end());
  int64_t sum = 0;
  int64_t others_below = 0;
  for (size_t begin = 0; begin < totals.size();) {
    size_t end = begin;
    int64_t buyers = 0;
    for (; end < totals.size() && totals[end].first == totals[begin].first; ++end) {
      buyers += totals[end].second ? 1 : 0;
    }
    const int64_t others = static_cast<int64_t>(end - begin) - buyers;
    sum += buyers * (2 * others_below + others);
    others_below += others;
    begin = end;
  }
  return sum;
}

// Customers, sums, stages and the ranking of later buyers, against one row of auc.csv.
void CompareCut(const std::string& cut, const std::vector<Purchase>& purchases) {
  const kit::Csv csv = kit::ReadCsv(ScorePath("auc.csv"));
  size_t row = 0;
  while (row < csv.rows.size() && csv.Text(row, "cut_name") != cut) ++row;
  ASSERT_LT(row, csv.rows.size()) << cut;
  const int64_t cut_day = csv.Number(row, "cut_day");
  const std::map<std::string, Scored> scored = ScoreAt(purchases, cut_day);
  std::map<std::string, bool> buyers;
  for (const Purchase& one : purchases) {
    if (one.reversed || one.day <= cut_day || one.day > csv.Number(row, "holdout_end_day"))
      continue;
    if (scored.count(one.customer) != 0) buyers[one.customer] = true;
  }
  int64_t totals = 0;
  int64_t alive = 0;
  std::vector<std::pair<int64_t, bool>> ranked;
  std::map<std::string, std::pair<int64_t, int64_t>> stages;
  for (const auto& [customer, one] : scored) {
    const bool buys = buyers.count(customer) != 0;
    totals += one.score.total;
    alive += one.reading.alive_ppm;
    ranked.emplace_back(one.score.total, buys);
    auto& counts = stages[v1::Stage_Name(one.state.stage).substr(sizeof("STAGE_") - 1)];
    ++counts.first;
    counts.second += buys ? 1 : 0;
  }
  const std::string counts = absl::StrJoin(stages, ";", [](std::string* out, const auto& one) {
    absl::StrAppend(out, one.first, ":", one.second.first, "/", one.second.second);
  });
  EXPECT_EQ(static_cast<int64_t>(scored.size()), csv.Number(row, "customers")) << cut;
  EXPECT_EQ(static_cast<int64_t>(buyers.size()), csv.Number(row, "buyers_in_holdout")) << cut;
  EXPECT_EQ(totals, csv.Number(row, "sum_total_millipoints")) << cut;
  EXPECT_EQ(alive, csv.Number(row, "sum_alive_ppm")) << cut;
  EXPECT_EQ(counts, csv.Text(row, "stage_count/buyers")) << cut;
  EXPECT_EQ(WinsTwice(ranked), csv.Number(row, "auc_numerator")) << cut;
}

class ScoreGolden : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasRealData()) GTEST_SKIP() << "set RAPPORT_DATA to the folder of the data sets";
  }
};

TEST_F(ScoreGolden, CdnowSampleMatchesRowByRow) {
  const std::vector<Purchase> purchases = ReadCdnowSample();
  CompareRows("score_cdnow_sample.csv", ScoreAt(purchases, DayOfDate("1997-09-30")), false, 2357);
  CompareCut("cdnow_sample", purchases);
}

TEST_F(ScoreGolden, CdnowMasterMatchesInSum) { CompareCut("cdnow_master", ReadCdnowMaster()); }

TEST_F(ScoreGolden, OnlineRetailMatchesRowByRow) {
  const std::vector<Purchase> purchases = ReadOnlineRetail(false);
  CompareRows("score_uci.csv", ScoreAt(purchases, DayOfDate("2011-06-09")), false, 500);
  CompareCut("uci", purchases);
  CompareCut("uci_late", purchases);
}

TEST_F(ScoreGolden, OnlineRetailWithReversalsMatchesRowByRow) {
  const std::vector<Purchase> purchases = ReadOnlineRetail(true);
  CompareRows("score_uci_full.csv", ScoreAt(purchases, DayOfDate("2011-06-09")), true, 500);
  CompareCut("uci_full", purchases);
}

}  // namespace
}  // namespace rapport::golden
