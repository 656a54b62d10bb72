// SeededSecrets: while it lives, keys and nonces made on this thread come of a seed, so that a
// simulation with sealed texts is the same each time.
//
//   kit::SeededSecrets secrets(seed);
//   event::Secret::Random();              // the same for the same seed
//
// Threads: one each; other threads go on with the machine's randomness. At most one lives a thread.
#pragma once

#include <cstdint>

namespace rapport::kit {

class SeededSecrets {
 public:
  explicit SeededSecrets(uint64_t seed);
  ~SeededSecrets();
  SeededSecrets(const SeededSecrets&) = delete;
  SeededSecrets& operator=(const SeededSecrets&) = delete;

 private:
  uint64_t state_;
};

}  // namespace rapport::kit
