// Gate: decides who calls, and whether he may.
//
// Threads: Admit from any thread, and cheap: it runs before every call.
// Errors:  UNAUTHENTICATED (TOKEN_INVALID), PERMISSION_DENIED (ROLE_MISSING), RESOURCE_EXHAUSTED
//          (RATE_LIMITED, TOO_MANY_STREAMS).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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

// A call that was let in; what it takes of a limit is given back when it is destroyed.
struct Admission {
  Caller caller;
  std::shared_ptr<void> held;
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
// roles and limits. Who shows a token is who that says, whatever his certificate.
class TokenGate final : public Gate {
 public:
  // `now` null = the machine's clock.
  explicit TokenGate(TokenFile tokens, CallerLimitOptions limits = {},
                     std::function<absl::Time()> now = nullptr);
  absl::StatusOr<Admission> Admit(const Credentials& credentials, const Method& method) override;

 private:
  absl::StatusOr<const Grant*> WhoIs(const Credentials& credentials) const;

  const TokenFile tokens_;
  const std::function<absl::Time()> now_;
  CallerLimits limits_;
};

}  // namespace rapport::edge
