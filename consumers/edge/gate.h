// Gate: decides who calls, and whether he may.
//
// Threads: all methods from any thread; Admit is cheap: it runs before every call.
// Errors:  UNAUTHENTICATED (TOKEN_INVALID), PERMISSION_DENIED (ROLE_MISSING), RESOURCE_EXHAUSTED
//          (RATE_LIMITED, TOO_MANY_STREAMS).
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "consumers/edge/call.h"
#include "consumers/edge/caller_limits.h"
#include "consumers/edge/method_table.h"
#include "consumers/edge/token_file.h"

namespace rapport::edge {

// What a caller shows at a door.
struct Credentials {
  // Of `Authorization: Bearer`; empty when there was none.
  std::string bearer;
  // Names in a client certificate that was verified.
  std::vector<std::string> certificate_names;
  // Network address, such as `ipv4:127.0.0.1:50123`; empty within this process.
  std::string peer;
};

// The token in an `Authorization` header; empty when it holds none.
std::string BearerOf(absl::string_view authorization);

// What lets a stream in, for as long as it does.
class Lease {
 public:
  virtual ~Lease() = default;
  // `over` is told why, at most once and not any more when the lease is gone, as soon as the stream
  // must end. It runs under a lock of the gate, and so must be short and not ask it anything.
  virtual void WhenOver(std::function<void(const absl::Status&)> over) = 0;
};

// A call that was let in; what it takes of a limit is given back when it is destroyed.
struct Admission {
  Caller caller;
  std::shared_ptr<void> held;
  // Null for a call that is answered once, and where nothing can be taken back.
  std::shared_ptr<Lease> lease;
};

class Gate {
 public:
  virtual ~Gate() = default;
  virtual absl::StatusOr<Admission> Admit(const Credentials& credentials, const Method& method) = 0;
};

// Lets everybody do everything, as long as only this machine can connect. Callers are named by
// address, and limited; within this process by the user who runs it, and not limited.
class OpenGate final : public Gate {
 public:
  explicit OpenGate(CallerLimitOptions limits = {}) : limits_(std::move(limits)) {}
  absl::StatusOr<Admission> Admit(const Credentials& credentials, const Method& method) override;

 private:
  CallerLimits limits_;
};

// Lets in who shows a token of a file, or a client certificate whose name stands there, within his
// roles and limits. Who shows a token is who that says, whatever his certificate. A token that is
// changed, taken back or expires ends what streams it let in.
class TokenGate final : public Gate {
 public:
  // `now` null = the machine's clock.
  explicit TokenGate(TokenFile tokens, CallerLimitOptions limits = {},
                     std::function<absl::Time()> now = nullptr);
  absl::StatusOr<Admission> Admit(const Credentials& credentials, const Method& method) override;

  // Who calls from now on is judged by `tokens`.
  void Replace(TokenFile tokens);
  // Tells the leases that are over why.
  void EndStale();

 private:
  class StreamLease;

  // What is granted to who shows this, if it still is.
  absl::StatusOr<Grant> GrantOf(const Credentials& credentials) const;
  absl::Status Judge(const StreamLease& lease) const;

  const std::function<absl::Time()> now_;
  CallerLimits limits_;
  mutable absl::Mutex tokens_mutex_;
  std::shared_ptr<const TokenFile> tokens_ ABSL_GUARDED_BY(tokens_mutex_);
  absl::Mutex leases_mutex_;
  std::set<StreamLease*> leases_ ABSL_GUARDED_BY(leases_mutex_);
};

}  // namespace rapport::edge
