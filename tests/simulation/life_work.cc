// Work in a simulated life: agents claim follow-ups that customers really have.
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "rapport/v1/kind.pb.h"
#include "rapport/v1/work.pb.h"
#include "tests/kit/random_history.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

// When the agents look.
constexpr int64_t kWorkDay = kit::kHistoryBegins + 90;
// Facts remember so many.
constexpr int64_t kClaimsMax = 16;

std::string IdOf(const v1::FollowUp& follow_up) {
  const std::string& name = follow_up.name();
  return name.substr(name.rfind('/') + 1);
}

}  // namespace

Offset Oracle::ClaimOf(const OracleCustomer& customer, Partition partition,
                       absl::string_view follow_up) const {
  Offset holds = -1;
  int64_t claims = 0;
  for (const Offset offset : customer.touches) {
    const auto event = Standing(customer, partition, offset);
    if (!event.has_value() || event->kind != v1::KIND_FOLLOW_UP_CLAIMED) continue;
    if (++claims > kClaimsMax) return -1;
    const auto& claim = static_cast<const v1::FollowUpClaimed&>(*event->payload);
    if (claim.follow_up_id() != follow_up) continue;
    if (holds < 0 ? !claim.has_fence() : claim.has_fence() && claim.fence() == holds) {
      holds = offset;
    }
  }
  return holds;
}

v1::Standing Life::StandingNow(const std::string& customer) {
  v1::Standing standing;
  const absl::Status ignored =
      world_.pipeline().Read(customer, [&](const store::CustomerView& view) {
        view.folds->Evaluate(customer, view.facts, kWorkDay * kMicrosPerDay, {}, standing);
      });
  return standing;
}

void Life::Claim() {
  if (workload_.done()) return;
  const std::string name = SomeCustomer();
  const v1::Standing standing = StandingNow(name);
  if (standing.follow_ups().empty()) return;
  const v1::FollowUp& owed = standing.follow_ups(
      static_cast<int>(dice_.Roll(static_cast<int64_t>(standing.follow_ups_size()))));
  const bool names_fence = owed.has_fence() && dice_.Chance(500);
  claimed_.emplace(name, IdOf(owed));
  // Two agents may look at once.
  for (int64_t agents = dice_.Between(1, 2); agents > 0 && !workload_.done(); --agents) {
    Send(workload_.Claim(name, IdOf(owed), names_fence ? owed.fence() : -1));
  }
  Note("claim");
}

void Life::CheckClaims() {
  for (const auto& [name, id] : claimed_) {
    const Partition partition = world_.pipeline().PartitionOfCustomer(name);
    const Offset applied = world_.pipeline().progress(partition).applied;
    const OraclePartition state = oracle_.Fold(partition, applied, name);
    const auto customer = state.customers.find(name);
    if (customer == state.customers.end()) continue;
    const Offset holds = oracle_.ClaimOf(customer->second, partition, id);
    const v1::Standing standing = StandingNow(name);
    for (const v1::FollowUp& owed : standing.follow_ups()) {
      if (holds < 0 || IdOf(owed) != id || (owed.has_fence() && owed.fence() == holds)) continue;
      return Fail(absl::StrCat(name, ": claim ", owed.fence(), " holds, and not ", holds));
    }
  }
}

}  // namespace rapport::simulation
