// Clock is the seam to the time of day.
//
// Only doors, the pipeline's edges and servers ask it. Fold and Evaluate never do: there time is an
// argument.
//
// Threads: every implementation may be called from any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace rapport {

class Clock {
 public:
  virtual ~Clock() = default;

  // Microseconds UTC since 1970. May go back when the machine's clock is set.
  virtual int64_t NowMicros() const = 0;
};

// The machine's clock. Never destroyed.
const Clock& SystemClock();

// A clock that tests move by hand.
class ManualClock : public Clock {
 public:
  explicit ManualClock(int64_t now_us) : now_us_(now_us) {}
  int64_t NowMicros() const override { return now_us_.load(); }
  void Set(int64_t now_us) { now_us_.store(now_us); }
  void Advance(int64_t by_us) { now_us_.fetch_add(by_us); }

 private:
  std::atomic<int64_t> now_us_;
};

}  // namespace rapport
