// Powers and logarithms of two in integers, and decay by half-lives.
//
// Everything that a score or a decayed sum needs, the same bytes on every machine.
// Source: domain specification 2.2 and 4.1; vectors in tests/golden (int_math, decay).
//
// Threads: all functions are pure.
#pragma once

#include <array>
#include <cstdint>

namespace rapport {

using int128 = __int128;
using uint128 = unsigned __int128;

// 2^(f / 65536) in Q30. REQUIRES: f < 65536.
uint64_t Exp2Q(uint32_t f);

// log2(v) in Q16. REQUIRES: 1 <= v < 2^63.
int64_t Log2Q(uint64_t v);

// Pow2(i) = 2^(i / 1024) in Q20, for 0 <= i < 1024.
uint64_t Pow2(uint32_t i);

// `value` after `age` of `half_life`, both in days. REQUIRES: value, age >= 0, half_life >= 1.
int64_t Decay(int64_t value, int64_t age, int64_t half_life);

// floor(a / b). REQUIRES: b > 0.
constexpr int128 FloorDiv128(int128 a, int128 b) { return a / b - (a % b < 0 ? 1 : 0); }

// a + b, staying at 2^63 - 1. REQUIRES: a, b >= 0.
constexpr int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

}  // namespace rapport
