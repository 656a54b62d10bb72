// Attribution: a whole number split over weights, without a remainder.
//
//   Attribute(100, {1, 1, 1});   // 34, 33, 33
//
// Each weight gets |whole| * weight / sum rounded down; what is left goes one by one to the largest
// remainders, of equal ones to the earlier; then all get the sign of `whole`. So shares always add
// up to the whole, unless every weight is zero: then all shares are zero and the whole stays whole.
// Source: domain specification 5; vectors in tests/golden (attribution).
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "engine/base/fixed_point.h"

namespace rapport::facts {

// REQUIRES: the sum of the weights, and |whole| times each of them, are below 2^128.
std::vector<int64_t> Attribute(int64_t whole, absl::Span<const uint128> weights);

}  // namespace rapport::facts
