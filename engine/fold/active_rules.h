// ActiveRules: the rules that answer now, exchanged while others are being answered.
//
//   const auto rules = active.Get();             // once for each answer
//   rules->Evaluate(...);  rules->Index(...);    // all of it under the same rules
//   active.Set(other);                           // what is asked from now on
//
// Set takes only rules whose facts are the same; when facts were folded anew by others, Replace.
//
// Threads:   any. Get waits for nobody but who copies a pointer.
// Ownership: shares the rules with those who are answering by them.
#pragma once

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/fold/projection.h"

namespace rapport::fold {

class ActiveRules {
 public:
  explicit ActiveRules(std::shared_ptr<const Projection> first) : rules_(std::move(first)) {}

  std::shared_ptr<const Projection> Get() const {
    // allow: thread, because rules are exchanged while others are being answered
    absl::MutexLock lock(&mutex_);
    return rules_;
  }

  // FAILED_PRECONDITION (RULES_NEED_REFOLD) when facts would come out differently under `rules`;
  // nothing has changed then.
  absl::Status Set(std::shared_ptr<const Projection> rules);
  // The same of rules that fold otherwise. REQUIRES: the facts that are shown are theirs by now.
  void Replace(std::shared_ptr<const Projection> rules);

 private:
  // allow: thread, because rules are exchanged while others are being answered
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Projection> rules_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::fold
