// BG/NBD on the published CDNOW sample: the maximum that the paper prints.
#include "consumers/analytics/bg_nbd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "engine/base/check.h"
#include "tests/golden/real_data.h"
#include "tests/kit/csv.h"

namespace rapport::golden {
namespace {

using analytics::BgNbdCustomer;
using analytics::BgNbdFit;

constexpr double kDaysOfWeek = 7;

// The published summary by customer, whose weeks are rounded to two digits.
std::vector<BgNbdCustomer> ReadSummary() {
  const kit::Csv csv = kit::ReadCsv(DataPath("cdnow/cdnow_customers_summary.csv"));
  const auto weeks = [&](size_t row, absl::string_view column) {
    double value = 0;
    RAPPORT_CHECK(absl::SimpleAtod(csv.Text(row, column), &value)) << csv.Text(row, column);
    return std::round(value * kDaysOfWeek) / kDaysOfWeek;
  };
  std::vector<BgNbdCustomer> customers;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    customers.push_back({csv.Number(row, "frequency"), weeks(row, "recency"), weeks(row, "T")});
  }
  return customers;
}

// The same from the purchases up to the end of September 1997.
std::vector<BgNbdCustomer> ReadPurchases() {
  const int64_t cut_day = DayOfDate("1997-09-30");
  std::map<int64_t, std::set<int64_t>> days;
  for (const Purchase& one : ReadCdnowSample()) {
    if (one.day <= cut_day) days[kit::ToNumber(one.customer)].insert(one.day);
  }
  std::vector<BgNbdCustomer> customers;
  for (const auto& [customer, of] : days) {
    const int64_t first = *of.begin();
    customers.push_back({static_cast<int64_t>(of.size()) - 1,
                         static_cast<double>(*of.rbegin() - first) / kDaysOfWeek,
                         static_cast<double>(cut_day - first) / kDaysOfWeek});
  }
  return customers;
}

class BgNbdGolden : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasRealData()) GTEST_SKIP() << "set RAPPORT_DATA to the folder of the data sets";
  }
};

TEST_F(BgNbdGolden, PurchasesAddUpToThePublishedSummary) {
  const std::vector<BgNbdCustomer> summary = ReadSummary(), purchases = ReadPurchases();
  ASSERT_EQ(summary.size(), 2'357u);
  ASSERT_EQ(purchases.size(), summary.size());
  for (size_t i = 0; i < summary.size(); ++i) {
    EXPECT_EQ(purchases[i].repeats, summary[i].repeats) << i;
    EXPECT_EQ(purchases[i].last_at, summary[i].last_at) << i;
    EXPECT_EQ(purchases[i].watched, summary[i].watched) << i;
  }
}

TEST_F(BgNbdGolden, LikelihoodHasTheMaximumThatIsPublished) {
  const BgNbdFit fit = analytics::FitBgNbd(ReadSummary(), [] { return absl::OkStatus(); }).value();
  EXPECT_TRUE(fit.is_found);
  EXPECT_NEAR(fit.log_likelihood, -9582.43, 0.005);
  EXPECT_NEAR(fit.model.r, 0.2426, 0.00005);
  EXPECT_NEAR(fit.model.alpha, 4.4136, 0.00005);
  EXPECT_NEAR(fit.model.a, 0.7929, 0.00005);
  EXPECT_NEAR(fit.model.b, 2.4259, 0.00005);
}

}  // namespace
}  // namespace rapport::golden
