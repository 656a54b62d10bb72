#include "projections/facts/attribution.h"

#include <algorithm>
#include <numeric>

namespace rapport::facts {

std::vector<int64_t> Attribute(int64_t whole, absl::Span<const uint128> weights) {
  std::vector<int64_t> shares(weights.size(), 0);
  uint128 sum = 0;
  for (const uint128 weight : weights) sum += weight;
  if (sum == 0) return shares;

  const uint128 size =
      whole < 0 ? uint128{0} - static_cast<uint128>(int128{whole}) : static_cast<uint128>(whole);
  std::vector<uint128> remainders(weights.size());
  uint128 left = size;
  for (size_t i = 0; i < weights.size(); ++i) {
    const uint128 product = size * weights[i];
    shares[i] = static_cast<int64_t>(product / sum);
    remainders[i] = product % sum;
    left -= product / sum;
  }

  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; i < static_cast<size_t>(left); ++i) ++shares[order[i]];
  if (whole < 0) {
    for (int64_t& share : shares) share = -share;
  }
  return shares;
}

}  // namespace rapport::facts
