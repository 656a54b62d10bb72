#include "consumers/edge/pace.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "consumers/edge/call.h"

namespace rapport::edge {
namespace {

constexpr std::chrono::milliseconds kCaughtUpMax(100);
// Less than this is waited for later.
constexpr std::chrono::milliseconds kPauseMin(2);

}  // namespace

void Pace::Keep(int64_t done, const Call& call) {
  if (per_second_ <= 0 || done <= 0) return;
  const Clock::time_point now = Clock::now();
  Clock::duration pause;
  {
    const absl::MutexLock lock(&mutex_);
    const std::chrono::duration<double> takes(static_cast<double>(done) /
                                              static_cast<double>(per_second_));
    due_ = std::max(due_, now - kCaughtUpMax) + std::chrono::duration_cast<Clock::duration>(takes);
    pause = due_ - now;
  }
  if (pause >= kPauseMin) call.CancelledWithin(absl::FromChrono(pause));
}

absl::Status CheckPace(int64_t records_per_second_max) {
  if (records_per_second_max >= 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "FIELD_INVALID: records_per_second_max: must be 0 or more, is ", records_per_second_max));
}

}  // namespace rapport::edge
