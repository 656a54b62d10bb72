// Random: numbers that are the same for the same seed on every machine.
//
//   Random random(seed);
//   random.Below(6)          // 0 to 5
//
// Threads: one.
#pragma once

#include <cstdint>

#include "absl/numeric/int128.h"

namespace rapport::bench {

// SplitMix64: small, and good enough for made-up events.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Below `bound`, which is not 0.
  uint64_t Below(uint64_t bound) { return absl::Uint128High64(absl::uint128(Next()) * bound); }

 private:
  uint64_t state_;
};

}  // namespace rapport::bench
