#include "consumers/edge/turns.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rapport::edge {
namespace {

// How often who waits looks whether his caller is still there.
constexpr absl::Duration kLook = absl::Milliseconds(50);

}  // namespace

int Turns::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<int>(tickets_.size());
}

absl::Status Turns::TooMany(absl::string_view why) const {
  return absl::ResourceExhaustedError(absl::StrCat("RATE_LIMITED: ", at_once_, " ", what_,
                                                   " may run at once, and ", why,
                                                   "; ask again a little later"));
}

absl::StatusOr<Turns::Turn> Turns::Take(const Call& call) {
  if (call.is_operation()) return Turn();
  const absl::MutexLock lock(&mutex_);
  // Who waits takes his own turn when there is one.
  if (running_ >= at_once_ || !tickets_.empty()) {
    if (static_cast<int>(tickets_.size()) >= waiting_max_) return TooMany("as many as may wait do");
    const uint64_t ticket = next_ticket_++;
    tickets_.insert(ticket);
    const absl::Status status = Await(call, ticket);
    tickets_.erase(ticket);
    if (!status.ok()) return status;
  }
  ++running_;
  return Turn(nullptr, [this](void*) {
    const absl::MutexLock lock(&mutex_);
    --running_;
  });
}

absl::Status Turns::Await(const Call& call, uint64_t ticket) {
  // A little before the caller gives up, so that he hears why.
  const absl::Time given = call.given_deadline();
  const absl::Time until = given == absl::InfiniteFuture()
                               ? given
                               : given - std::min(2 * kLook, (given - absl::Now()) / 10);
  const auto is_turn = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return IsTurnOf(ticket); };
  while (
      !mutex_.AwaitWithDeadline(absl::Condition(&is_turn), std::min(until, absl::Now() + kLook))) {
    if (call.cancelled()) return CallerLeft();
    if (absl::Now() >= until) return TooMany("it was not your turn in time");
  }
  return absl::OkStatus();
}

}  // namespace rapport::edge
