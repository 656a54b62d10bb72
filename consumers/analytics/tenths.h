// BuyersByTenth: how many buyers stand in each tenth of a ranking.
//
//   BuyersByTenth(scores, buys)[0]   // of the tenth with the greatest scores
//
// A tenth is a tenth of the customers, also where that is no whole number. Who have equal scores
// stand in any order: each place among theirs holds their share of buyers, so the counts are what
// is expected, and no accident of sorting.
//
// Threads: a pure function.
#pragma once

#include <array>
#include <vector>

#include "absl/types/span.h"

namespace rapport::analytics {

inline constexpr size_t kTenths = 10;

// The best first. REQUIRES: a mark for each score; no score is a NaN.
std::array<double, kTenths> BuyersByTenth(absl::Span<const double> scores,
                                          const std::vector<bool>& buys);

}  // namespace rapport::analytics
