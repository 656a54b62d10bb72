#include "engine/base/clock.h"

#include <chrono>

namespace rapport {
namespace {

class RealClock : public Clock {
 public:
  int64_t NowMicros() const override {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace

const Clock& SystemClock() {
  static const RealClock* clock = new RealClock;
  return *clock;
}

}  // namespace rapport
