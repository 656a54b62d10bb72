// DemoRandom: numbers that look like chance and are the same on every machine.
//
//   DemoRandom random(1);
//   const int64_t gap_days = random.Between(20, 40);
//   if (random.Chance(880)) Thank();  // 88 %
//
// The generator is splitmix64; the distributions of the standard library differ between libraries,
// so there are none of them here, and no floating point.
//
// Threads: one.
#pragma once

#include <cstdint>

namespace rapport::operations {

class DemoRandom {
 public:
  explicit DemoRandom(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }

  // From `least` to `most`, both included. REQUIRES: least <= most.
  int64_t Between(int64_t least, int64_t most) {
    const auto range = static_cast<uint64_t>(most - least) + 1;
    return least + static_cast<int64_t>(Next() % range);
  }

  // True so many times in a thousand.
  bool Chance(int64_t permille) { return Between(0, 999) < permille; }

 private:
  uint64_t state_;
};

}  // namespace rapport::operations
