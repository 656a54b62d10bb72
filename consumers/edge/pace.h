// Pace: lets something go on no faster than it may.
//
//   Pace pace(request.records_per_second_max());
//   ... pace.Keep(1, call);      // after each record
//
// What was not used of a tenth of a second may be caught up with, and no more.
//
// Threads: any, several at once.
#pragma once

#include <chrono>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace rapport::edge {

class Call;

class Pace {
 public:
  // 0 = as fast as it likes.
  explicit Pace(int64_t per_second) : per_second_(per_second) {}

  // So much more was done: waits until that was not too fast, or the call is cancelled.
  void Keep(int64_t done, const Call& call);

 private:
  using Clock = std::chrono::steady_clock;

  const int64_t per_second_;
  absl::Mutex mutex_;
  // When what was done would have been done at the pace.
  Clock::time_point due_ ABSL_GUARDED_BY(mutex_) = Clock::time_point::min();
};

// INVALID_ARGUMENT (FIELD_INVALID) for a negative pace.
absl::Status CheckPace(int64_t records_per_second_max);

}  // namespace rapport::edge
