#include "consumers/analytics/rfm.h"

#include <cmath>

#include "consumers/analytics/midranks.h"
#include "engine/base/check.h"

namespace rapport::analytics {
namespace {

constexpr double kFifths = 5;

void AddFifths(absl::Span<const double> values, std::vector<double>& sums) {
  RAPPORT_CHECK(values.size() == sums.size()) << values.size() << " and " << sums.size();
  const std::vector<double> ranks = Midranks(values);
  const auto count = static_cast<double>(values.size());
  for (size_t i = 0; i < ranks.size(); ++i) {
    sums[i] += 1 + std::floor(kFifths * (ranks[i] - 1) / count);
  }
}

}  // namespace

std::vector<double> RfmScores(absl::Span<const double> recency, absl::Span<const double> frequency,
                              absl::Span<const double> monetary) {
  std::vector<double> sums(recency.size(), 0);
  AddFifths(recency, sums);
  AddFifths(frequency, sums);
  AddFifths(monetary, sums);
  return sums;
}

}  // namespace rapport::analytics
