#include "engine/fold/active_rules.h"

namespace rapport::fold {

absl::Status ActiveRules::Set(std::shared_ptr<const Projection> rules) {
  // allow: thread, because rules are exchanged while others are being answered
  absl::MutexLock lock(&mutex_);
  if (rules->fold_digest() != rules_->fold_digest()) {
    return absl::FailedPreconditionError(
        "RULES_NEED_REFOLD: the fold part differs from that of the active rules, so facts must be "
        "folded anew; start the server with --rules FILE, or leave the fold part as it is");
  }
  // Who answers by the old ones may hold them longer than this.
  rules_.swap(rules);
  return absl::OkStatus();
}

}  // namespace rapport::fold
