#include "consumers/analytics/backtest_table.h"

#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/auc.h"
#include "consumers/analytics/backtest_verdict.h"
#include "consumers/analytics/bg_nbd.h"
#include "consumers/analytics/rfm.h"
#include "consumers/analytics/tenths.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::analytics {
namespace {

constexpr double kDaysOfWeek = 7;

int64_t Rounded(double value, double unit) { return std::llround(value * unit); }
int64_t Ppm(double share) { return Rounded(share, 1e6); }
int64_t Milli(double value) { return Rounded(value, 1e3); }

class Writer {
 public:
  Writer(const BacktestTable& table, v1::Backtest& backtest) : table_(table), backtest_(backtest) {
    for (const BacktestCustomer& one : table.customers) buys_.push_back(one.buys_again);
  }

  // Who they were and what came of it.
  void WriteCounts() {
    // Customers, and those of them who buy again.
    std::map<v1::Stage, std::pair<int64_t, int64_t>> stages;
    int64_t buyers = 0, days = 0, later_days = 0;
    for (const BacktestCustomer& one : table_.customers) {
      auto& [customers, buyers_of_stage] = stages[one.stage];
      ++customers;
      buyers_of_stage += one.buys_again ? 1 : 0;
      buyers += one.buys_again ? 1 : 0;
      days += one.purchase_days;
      later_days += one.later_purchase_days;
    }
    backtest_.set_until_us(table_.cut_us + table_.horizon_us);
    backtest_.set_customers(static_cast<int64_t>(table_.customers.size()));
    backtest_.set_buyers(buyers);
    backtest_.set_purchase_days(days);
    backtest_.set_later_purchase_days(later_days);
    for (const auto& [stage, counts] : stages) {
      v1::BacktestStage& row = *backtest_.add_stages();
      row.set_stage(stage);
      row.set_customers(counts.first);
      row.set_buyers(counts.second);
    }
  }

  // REQUIRES: somebody buys again, and somebody does not.
  absl::Status WriteRankings(const std::function<absl::Status()>& go_on) {
    const auto of = [&](auto member) {
      std::vector<double> values;
      values.reserve(table_.customers.size());
      for (const BacktestCustomer& one : table_.customers) {
        values.push_back(static_cast<double>(one.*member));
      }
      return values;
    };
    const std::vector<double> recency = of(&BacktestCustomer::last_day);
    const std::vector<double> frequency = of(&BacktestCustomer::purchase_days);
    Add(v1::BACKTEST_MODEL_SCORE, of(&BacktestCustomer::score_milli))
        .set_rules_digest(table_.rules);
    if (!table_.other_rules.empty()) {
      Add(v1::BACKTEST_MODEL_OTHER_RULES, of(&BacktestCustomer::other_score_milli))
          .set_rules_digest(table_.other_rules);
    }
    RETURN_IF_ERROR(go_on());
    Add(v1::BACKTEST_MODEL_RFM, RfmScores(recency, frequency, of(&BacktestCustomer::spend_centi)));
    Add(v1::BACKTEST_MODEL_RECENCY, recency);
    Add(v1::BACKTEST_MODEL_FREQUENCY, frequency);
    return WriteBgNbd(go_on);
  }

 private:
  v1::BacktestRanking& Add(v1::BacktestModel model, const std::vector<double>& scores) {
    v1::BacktestRanking& ranking = *backtest_.add_rankings();
    Auc auc(scores, buys_);
    ranking.set_model(model);
    ranking.set_auc_ppm(Ppm(auc.value()));
    if (const auto error = auc.error()) ranking.set_error_ppm(Ppm(*error));
    ranking.set_gini_ppm(Ppm(auc.gini()));
    const double expected = static_cast<double>(backtest_.buyers()) / kTenths;
    for (const double buyers : BuyersByTenth(scores, buys_)) {
      ranking.add_lift_milli(Milli(buyers / expected));
    }
    if (!score_.has_value()) {
      score_ = std::move(auc);
      return ranking;
    }
    const AucDifference difference = Difference(auc, *score_);
    ranking.set_difference_ppm(Ppm(difference.value));
    if (difference.error) ranking.set_difference_error_ppm(Ppm(*difference.error));
    return ranking;
  }

  absl::Status WriteBgNbd(const std::function<absl::Status()>& go_on) {
    std::vector<BgNbdCustomer> customers;
    customers.reserve(table_.customers.size());
    bool some_came_back = false;
    for (const BacktestCustomer& one : table_.customers) {
      const auto weeks = [&](int64_t day) {
        return static_cast<double>(day - one.first_day) / kDaysOfWeek;
      };
      customers.push_back(
          {one.purchase_days - 1, weeks(one.last_day), weeks(DayOf(table_.cut_us))});
      some_came_back = some_came_back || one.purchase_days > 1;
    }
    if (!some_came_back) return absl::OkStatus();
    ASSIGN_OR_RETURN(const BgNbdFit fit, FitBgNbd(customers, go_on));
    const double weeks =
        static_cast<double>(table_.horizon_us) / static_cast<double>(kMicrosPerDay) / kDaysOfWeek;
    std::vector<double> scores;
    scores.reserve(customers.size());
    double expected = 0;
    for (size_t i = 0; i < customers.size(); ++i) {
      if (i % 4096 == 0) RETURN_IF_ERROR(go_on());
      scores.push_back(BgNbdExpected(fit.model, customers[i], weeks));
      expected += scores.back();
    }
    Add(v1::BACKTEST_MODEL_BG_NBD, scores);
    v1::BacktestBgNbd& told = *backtest_.mutable_bg_nbd();
    told.set_log_likelihood_milli(Milli(fit.log_likelihood));
    told.set_r_micro(Ppm(fit.model.r));
    told.set_alpha_micro(Ppm(fit.model.alpha));
    told.set_a_micro(Ppm(fit.model.a));
    told.set_b_micro(Ppm(fit.model.b));
    told.set_expected_days_milli(Milli(expected));
    told.set_is_unbounded(!fit.is_found);
    return absl::OkStatus();
  }

  const BacktestTable& table_;
  v1::Backtest& backtest_;
  std::vector<bool> buys_;
  // That the others are compared with.
  std::optional<Auc> score_;
};

}  // namespace

absl::Status WriteBacktest(const BacktestTable& table, const std::function<absl::Status()>& go_on,
                           v1::Backtest& backtest) {
  Writer writer(table, backtest);
  writer.WriteCounts();
  if (backtest.buyers() == 0 || backtest.buyers() == backtest.customers()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "BACKTEST_UNDEFINED: ", backtest.buyers() == 0 ? "none" : "all", " of the ",
        backtest.customers(), " customers who had bought by ", FormatDay(DayOf(table.cut_us)),
        " bought again by ", FormatDay(DayOf(backtest.until_us())),
        ", so there is nobody to tell apart; choose another cut or horizon"));
  }
  RETURN_IF_ERROR(writer.WriteRankings(go_on));
  WriteVerdict(backtest);
  return absl::OkStatus();
}

}  // namespace rapport::analytics
