#include "engine/fold/active_rules.h"

namespace rapport::fold {

absl::Status ActiveRules::Set(std::shared_ptr<const Projection> rules) {
  // allow: thread, because rules are exchanged while others are being answered
  absl::MutexLock lock(&mutex_);
  if (!FoldAlike(*rules, *rules_)) {
    return absl::FailedPreconditionError(
        "RULES_NEED_REFOLD: the fold part differs from that of the active rules, so facts must be "
        "folded anew first");
  }
  // Who answers by the old ones may hold them longer than this.
  rules_.swap(rules);
  return absl::OkStatus();
}

void ActiveRules::Replace(std::shared_ptr<const Projection> rules) {
  // allow: thread, because rules are exchanged while others are being answered
  absl::MutexLock lock(&mutex_);
  rules_.swap(rules);
}

}  // namespace rapport::fold
