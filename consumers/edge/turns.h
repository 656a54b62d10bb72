// Turns: lets only so many calls do something heavy at once; a few more wait for their turn, in the
// order in which they came.
//
//   ASSIGN_OR_RETURN(const Turns::Turn turn, turns.Take(call));
//   ... the work ...      // the turn ends with its scope
//
// Threads:   all methods from any thread; Take waits. A turn ends on any thread.
// Ownership: turns must end before what they are of.
// Errors:    RESOURCE_EXHAUSTED (RATE_LIMITED) when too many wait already, or it is not the call's
//            turn before its deadline; CANCELLED when its caller leaves.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/call.h"

namespace rapport::edge {

class Turns {
 public:
  using Turn = std::shared_ptr<void>;

  // `what` is done so often at once, such as `walks of the whole base`.
  Turns(absl::string_view what, int at_once, int waiting_max)
      : what_(what), at_once_(at_once), waiting_max_(waiting_max) {}

  // Waits as long as the caller does; for one who named no deadline, until it is his turn. An
  // operation has had its turn in a queue of its own, and may be told to go slowly: it goes on
  // beside.
  absl::StatusOr<Turn> Take(const Call& call);
  // Calls that wait.
  int waiting() const;

 private:
  // Of who waits longest; taken out once it has its turn.
  bool IsTurnOf(uint64_t ticket) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return running_ < at_once_ && *tickets_.begin() == ticket;
  }
  absl::Status Await(const Call& call, uint64_t ticket);
  absl::Status TooMany(absl::string_view why) const;

  const std::string what_;
  const int at_once_;
  const int waiting_max_;
  mutable absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t next_ticket_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of those who wait.
  std::set<uint64_t> tickets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::edge
