// Durations counts how long something took, by upper bounds, for whoever watches the process.
//
//   Durations folds;
//   folds.Note(took_us);
//   const Durations::Sight sight = folds.Look();
//
// Threads: all methods from any thread; a Note under way may be in one number of a Sight and not in
//          another.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace rapport {

class Durations {
 public:
  // Microseconds.
  static constexpr std::array<int64_t, 14> kBoundsUs = {
      100,    250,    500,     1'000,   2'500,     5'000,     10'000,
      25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000, 30'000'000};

  struct Sight {
    // How many took at most kBoundsUs[i] and longer than the bound before; the last took longer
    // than any bound.
    std::array<int64_t, kBoundsUs.size() + 1> counts{};
    int64_t sum_us = 0;
  };

  // A clock that was set back meanwhile counts as no time.
  void Note(int64_t took_us) {
    if (took_us < 0) took_us = 0;
    size_t step = 0;
    while (step < kBoundsUs.size() && took_us > kBoundsUs[step]) ++step;
    counts_[step].fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(took_us, std::memory_order_relaxed);
  }

  Sight Look() const {
    Sight sight;
    for (size_t i = 0; i < counts_.size(); ++i) {
      sight.counts[i] = counts_[i].load(std::memory_order_relaxed);
    }
    sight.sum_us = sum_us_.load(std::memory_order_relaxed);
    return sight;
  }

 private:
  std::array<std::atomic<int64_t>, kBoundsUs.size() + 1> counts_{};
  std::atomic<int64_t> sum_us_{0};
};

}  // namespace rapport
