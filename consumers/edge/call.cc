#include "consumers/edge/call.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/rpc_status.h"

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

bool Caller::MayPublishAs(absl::string_view source) const {
  if (!is_authenticated) return true;
  const bool is_engine = absl::StartsWith(source, "rapport/");
  return std::any_of(sources.begin(), sources.end(), [&](const std::string& allowed) {
    return allowed == source || (allowed == "*" && !is_engine);
  });
}

absl::Status CheckSource(const Caller& caller, absl::string_view source) {
  if (caller.MayPublishAs(source)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("SOURCE_NOT_PERMITTED: ", caller.name,
                   " may not publish in the name of this source; its token names those it may"));
}

absl::Status CheckRole(const Caller& caller, Role needed, absl::string_view what) {
  return CheckRole(caller, absl::MakeConstSpan(&needed, 1), what);
}

absl::Status CheckRole(const Caller& caller, absl::Span<const Role> enough,
                       absl::string_view what) {
  std::string names;
  for (const Role role : enough) {
    if (caller.roles.Cover(role)) return absl::OkStatus();
    absl::StrAppend(&names, names.empty() ? "" : " or ", RoleName(role));
  }
  absl::Status status = absl::PermissionDeniedError(
      absl::StrCat("ROLE_MISSING: ", what, " needs the role ", names, "; ", caller.name, " is ",
                   caller.roles.ToString(), ". Ask the operator for a token that has it"));
  AddMetadata("role", names, status);
  return status;
}

absl::Status Call::TakePublishes(int64_t events) const {
  if (caller_.publishes == nullptr || caller_.publishes->Take(events)) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "RATE_LIMITED: ", caller_.name,
      " publishes more events a second than one caller may; send these again a little later"));
}

Call::Call(Caller caller, absl::Time given, Progress* progress)
    : caller_(std::move(caller)),
      given_(given),
      deadline_(DeadlineOf(given)),
      progress_(progress) {}

absl::Time Call::deadline() const {
  return is_operation() ? absl::Now() + kDeadlineMax : deadline_;
}

absl::Status CallerLeft() { return absl::CancelledError("the caller has left"); }

void Call::End(absl::Status why) {
  {
    const absl::MutexLock lock(&mutex_);
    if (why_ended_.ok()) why_ended_ = std::move(why);
  }
  is_ended_ = true;
  Cancel();
}

absl::Status Call::StatusOf(absl::Status status) const {
  const absl::MutexLock lock(&mutex_);
  return why_ended_.ok() ? std::move(status) : why_ended_;
}

}  // namespace rapport::edge
