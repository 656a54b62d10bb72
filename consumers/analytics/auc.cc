#include "consumers/analytics/auc.h"

#include <cmath>
#include <numeric>

#include "consumers/analytics/midranks.h"
#include "engine/base/check.h"

namespace rapport::analytics {
namespace {

double MeanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The variance of the mean of independent draws that were `values`.
double VarianceOfMean(const std::vector<double>& values) {
  const double mean = MeanOf(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto count = static_cast<double>(values.size());
  return squares / (count - 1) / count;
}

// Buyers and others are drawn independently, so their variances add up.
std::optional<double> ErrorOf(const std::vector<double>& buyers,
                              const std::vector<double>& others) {
  if (buyers.size() < 2 || others.size() < 2) return std::nullopt;
  return std::sqrt(VarianceOfMean(buyers) + VarianceOfMean(others));
}

std::vector<double> Less(const std::vector<double>& a, const std::vector<double>& b) {
  RAPPORT_CHECK(a.size() == b.size()) << a.size() << " and " << b.size() << " customers";
  std::vector<double> less(a.size());
  for (size_t i = 0; i < a.size(); ++i) less[i] = a[i] - b[i];
  return less;
}

}  // namespace

Auc::Auc(absl::Span<const double> scores, const std::vector<bool>& buys) {
  RAPPORT_CHECK(scores.size() == buys.size()) << scores.size() << " and " << buys.size();
  std::vector<double> of_buyers, of_others;
  for (size_t i = 0; i < scores.size(); ++i) (buys[i] ? of_buyers : of_others).push_back(scores[i]);
  RAPPORT_CHECK(!of_buyers.empty() && !of_others.empty()) << "nothing to tell apart";
  const std::vector<double> among_all = Midranks(scores);
  const std::vector<double> among_buyers = Midranks(of_buyers);
  const std::vector<double> among_others = Midranks(of_others);
  const auto buyers = static_cast<double>(of_buyers.size());
  const auto others = static_cast<double>(of_others.size());
  buyers_.reserve(of_buyers.size());
  others_.reserve(of_others.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    // What is below among all and not among one's own is of the others.
    if (buys[i]) {
      buyers_.push_back((among_all[i] - among_buyers[buyers_.size()]) / others);
    } else {
      others_.push_back(1 - (among_all[i] - among_others[others_.size()]) / buyers);
    }
  }
  value_ = MeanOf(buyers_);
}

std::optional<double> Auc::error() const { return ErrorOf(buyers_, others_); }

AucDifference Difference(const Auc& a, const Auc& b) {
  return {.value = a.value_ - b.value_,
          .error = ErrorOf(Less(a.buyers_, b.buyers_), Less(a.others_, b.others_))};
}

}  // namespace rapport::analytics
