// CallerLimits: how much one caller may ask of the server at once, so that none takes the place of
// the others.
//
//   ASSIGN_OR_RETURN(CallerShare share, limits.Enter("shop", CallerLimits::Kind::kCall));
//   ... share.held lives as long as the call ...
//   if (!share.publishes->Take(500)) ...
//
// Threads:   all methods from any thread.
// Errors:    RESOURCE_EXHAUSTED: RATE_LIMITED, TOO_MANY_STREAMS.
// Limits:    remembers 16,384 callers; who calls when all of them are busy is refused. A caller is
//            forgotten once nothing of his runs and his allowance is whole again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "consumers/edge/call.h"

namespace rapport::edge {

struct CallerLimitOptions {
  // Calls under way; as many streams besides.
  int in_flight = 64;
  int64_t publishes_per_second = 50'000;
  size_t callers = 16'384;
  // Null = the machine's clock.
  std::function<absl::Time()> now;
};

// What one call takes, given back when it is destroyed.
struct CallerShare {
  std::shared_ptr<void> held;
  std::shared_ptr<Allowance> publishes;
};

class CallerLimits {
 public:
  enum class Kind { kCall, kStream };

  explicit CallerLimits(CallerLimitOptions options = {});

  absl::StatusOr<CallerShare> Enter(const std::string& caller, Kind kind);
  // Callers remembered.
  size_t size() const;

 private:
  class Usage;
  std::shared_ptr<Usage> Find(const std::string& caller);

  const CallerLimitOptions options_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Usage>> usages_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_sweep_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace rapport::edge
