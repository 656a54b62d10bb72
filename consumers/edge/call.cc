#include "consumers/edge/call.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace rapport::edge {
namespace {

constexpr absl::Duration kDeadlineDefault = absl::Seconds(5);
constexpr absl::Duration kDeadlineMax = absl::Seconds(30);

absl::Time DeadlineOf(absl::Time given) {
  const absl::Time now = absl::Now();
  // No deadline is one so far away that no clock holds it.
  if (given > now + absl::Hours(24 * 365)) return now + kDeadlineDefault;
  const absl::Duration spare = std::min(absl::Milliseconds(100), (given - now) / 10);
  return std::min(given - spare, now + kDeadlineMax);
}

}  // namespace

Call::Call(Caller caller, absl::Time given)
    : caller_(std::move(caller)), given_(given), deadline_(DeadlineOf(given)) {}

}  // namespace rapport::edge
