#include "consumers/operations/customer_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapport::operations {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(CustomerMetricsTest, SaysNothingOfWhatIsNotKnown) {
  EXPECT_THAT(MetricLines(v1::Metrics()), IsEmpty());
}

TEST(CustomerMetricsTest, PurchasesHaveUnitsAndDates) {
  v1::Metrics metrics;
  v1::PurchaseMetrics& purchases = *metrics.mutable_purchases();
  purchases.set_count(4);
  purchases.set_days(4);
  purchases.set_last_day(19'788);
  purchases.set_mean_gap_milli_days(21'666);
  purchases.set_last_gap_days(15);
  v1::CurrencyMetrics& euro = *purchases.add_currencies();
  euro.set_currency("EUR");
  euro.set_spend_micros(12'500'000);
  EXPECT_THAT(MetricLines(metrics),
              ElementsAre("purchases    4 on 4 days, the last 2024-03-06, every 21.6 days on "
                          "average, the last after 15 days",
                          "spent        EUR 12.50"));
}

TEST(CustomerMetricsTest, MoneyWithoutARateSaysTheCure) {
  v1::Metrics metrics;
  v1::PurchaseMetrics& purchases = *metrics.mutable_purchases();
  v1::CurrencyMetrics& other = *purchases.add_currencies();
  other.set_currency("XXX");
  other.set_spend_micros(64'200'000);
  other.set_reversed_micros(4'200'000);
  const std::vector<std::string> lines = MetricLines(metrics);
  EXPECT_THAT(lines, Contains("spent        64.20 in currencies without a rate, 4.20 in currencies "
                              "without a rate taken back"));
  EXPECT_THAT(lines, Contains(AllOf(StartsWith("no rate      VALUE says what it counts; "),
                                    HasSubstr("rapport serve --rules FILE"))));
  other.set_currency("GBP");
  EXPECT_THAT(MetricLines(metrics), Not(Contains(HasSubstr("rate"))));
}

TEST(CustomerMetricsTest, ProfitIsAnUpperBoundWhileACostIsNotKnown) {
  v1::Metrics metrics;
  v1::ProfitMetrics& profit = *metrics.mutable_profit();
  profit.set_total_centi(19'000);
  profit.set_margin_centi(25'000);
  profit.set_service_centi(-6'000);
  EXPECT_THAT(MetricLines(metrics), ElementsAre("profit       190.00, margin 250.00, service "
                                                "-60.00, giving 0.00, outreach 0.00"));
  profit.set_purchases_without_cost(1);
  EXPECT_THAT(MetricLines(metrics),
              ElementsAre("profit       at most 190.00, margin 250.00, service -60.00, giving "
                          "0.00, outreach 0.00, 1 purchase states no cost"));
}

TEST(CustomerMetricsTest, MomentsSayTheirZone) {
  v1::Metrics metrics;
  v1::OpenPromise& promise = *metrics.add_open_promises();
  promise.set_promise("call");
  promise.set_due_at_us(1'704'445'200'000'000);
  EXPECT_THAT(MetricLines(metrics), ElementsAre("promised     call by 2024-01-05T09:00:00Z"));
}

TEST(CustomerMetricsTest, NegativeSentimentKeepsItsSign) {
  v1::Metrics metrics;
  metrics.mutable_sentiment()->set_level_milli(-700);
  metrics.mutable_sentiment()->set_minus_milli(700);
  EXPECT_THAT(MetricLines(metrics), ElementsAre("sentiment    -0.7, good 0.0, bad 0.7"));
}

TEST(CustomerMetricsTest, KindSaysSharesAndMode) {
  v1::Standing standing;
  standing.set_primary_type(v1::RELATIONSHIP_TYPE_REACTIVE);
  standing.set_service_mode(v1::SERVICE_MODE_SELF_SERVICE);
  v1::TypeShare& share = *standing.add_types();
  share.set_type(2);
  share.set_permille(1'000);
  EXPECT_THAT(KindLines(standing), Contains("type         reactive, reactive 100.0 %"));
  EXPECT_THAT(KindLines(standing), Contains("served       self service"));
}

}  // namespace
}  // namespace rapport::operations
