// RfmScores: recency, frequency and monetary value, a fifth each, added up.
//
//   RfmScores(last_days, purchase_days, spend)   // 3 to 15 for each customer
//
// The plain model of direct marketing (Hughes, "Strategic Database Marketing", 1994) with equal
// weights: by each of the three a customer gets 1 to 5 points, 5 for the fifth with the greatest
// values. Equal values get equal points: those of the fifth in which the middle of their places
// lies.
//
// Threads: a pure function.
#pragma once

#include <vector>

#include "absl/types/span.h"

namespace rapport::analytics {

// REQUIRES: three values for each customer, none a NaN.
std::vector<double> RfmScores(absl::Span<const double> recency, absl::Span<const double> frequency,
                              absl::Span<const double> monetary);

}  // namespace rapport::analytics
