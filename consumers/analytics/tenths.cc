#include "consumers/analytics/tenths.h"

#include <algorithm>
#include <numeric>

namespace rapport::analytics {

std::array<double, kTenths> BuyersByTenth(absl::Span<const double> scores,
                                          const std::vector<bool>& buys) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  std::array<double, kTenths> tenths{};
  // In tenths of a place, which are whole numbers where tenths of the customers begin.
  const size_t tenth = order.size();
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    size_t buyers = 0;
    for (; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end) {
      if (buys[order[end]]) ++buyers;
    }
    const size_t from = begin * kTenths, to = end * kTenths;
    for (size_t which = from / tenth; which * tenth < to; ++which) {
      const size_t inside = std::min(to, (which + 1) * tenth) - std::max(from, which * tenth);
      tenths[which] += static_cast<double>(buyers) * static_cast<double>(inside) /
                       static_cast<double>(to - from);
    }
    begin = end;
  }
  return tenths;
}

}  // namespace rapport::analytics
