// Dice: the only source of chance in a simulation. The same seed, the same rolls, everywhere.
//
// Threads: as safe as a plain value.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace rapport::simulation {

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  // SplitMix64.
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // 0 .. sides - 1. REQUIRES: sides > 0.
  int64_t Roll(int64_t sides) {
    return static_cast<int64_t>(Next() % static_cast<uint64_t>(sides));
  }

  // low .. high.
  int64_t Between(int64_t low, int64_t high) { return low + Roll(high - low + 1); }

  // True `permille` times of a thousand.
  bool Chance(int64_t permille) { return Roll(1000) < permille; }

  template <typename T>
  T Pick(std::initializer_list<T> values) {
    return values.begin()[Roll(static_cast<int64_t>(values.size()))];
  }

 private:
  uint64_t state_;
};

}  // namespace rapport::simulation
