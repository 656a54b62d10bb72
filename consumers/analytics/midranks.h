// Midranks: the places of values in ascending order, those who are equal sharing the mean of
// theirs.
//
//   Midranks({3.0, 1.0, 3.0})   // {2.5, 1, 2.5}
//
// Threads: a pure function.
#pragma once

#include <vector>

#include "absl/types/span.h"

namespace rapport::analytics {

// One place for each value, the least is 1. REQUIRES: no value is a NaN.
std::vector<double> Midranks(absl::Span<const double> values);

}  // namespace rapport::analytics
