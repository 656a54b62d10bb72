#include "consumers/edge/gate.h"

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace rapport::edge {
namespace {

absl::Status Unknown(absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("TOKEN_INVALID: ", why));
}

// Takes the caller's share for as long as the admission lives.
absl::Status Limit(CallerLimits& limits, const Method& method, Admission& admission) {
  const auto kind = method.answer ? CallerLimits::Kind::kCall : CallerLimits::Kind::kStream;
  ASSIGN_OR_RETURN(CallerShare share, limits.Enter(admission.caller.name, kind));
  admission.held = std::move(share.held);
  admission.caller.publishes = std::move(share.publishes);
  return absl::OkStatus();
}

absl::StatusOr<const Grant*> WhoIs(const TokenFile& tokens, const Credentials& credentials) {
  if (!credentials.bearer.empty()) {
    const Grant* const grant = tokens.FindToken(credentials.bearer);
    if (grant != nullptr) return grant;
    return Unknown("the token is not one of this server's; ask its operator for another");
  }
  for (const std::string& name : credentials.certificate_names) {
    if (const Grant* const grant = tokens.FindCertificate(name)) return grant;
  }
  if (!credentials.certificate_names.empty()) {
    return Unknown(
        "the certificate is good, but its name has no roles here; send a token, or have "
        "the operator name it in the file of tokens");
  }
  return Unknown("no token was sent; send one as `authorization: Bearer TOKEN`");
}

}  // namespace

std::string BearerOf(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return "";
  return std::string(absl::StripPrefix(authorization.substr(kScheme.size()), " "));
}

absl::StatusOr<Admission> OpenGate::Admit(const Credentials& credentials, const Method& method) {
  Admission admission;
  if (credentials.peer.empty()) {
    admission.caller.name = absl::StrCat("uid ", getuid());
    return admission;
  }
  admission.caller.name = credentials.peer;
  RETURN_IF_ERROR(Limit(limits_, method, admission));
  return admission;
}

// Knows what a stream was let in by, and who wants to hear when that is over.
class TokenGate::StreamLease final : public Lease {
 public:
  StreamLease(TokenGate* gate, Credentials shown, Grant grant)
      : shown(std::move(shown)), grant(std::move(grant)), gate_(gate) {
    const absl::MutexLock lock(&gate_->leases_mutex_);
    gate_->leases_.insert(this);
  }
  ~StreamLease() override {
    const absl::MutexLock lock(&gate_->leases_mutex_);
    gate_->leases_.erase(this);
  }

  void WhenOver(std::function<void(const absl::Status&)> over) override {
    const absl::MutexLock lock(&gate_->leases_mutex_);
    over_ = std::move(over);
  }
  // Under the gate's lock.
  void Tell(const absl::Status& why) {
    if (over_) std::exchange(over_, nullptr)(why);
  }

  const Credentials shown;
  const Grant grant;

 private:
  TokenGate* const gate_;
  std::function<void(const absl::Status&)> over_;
};

TokenGate::TokenGate(TokenFile tokens, CallerLimitOptions limits, std::function<absl::Time()> now)
    : now_(now ? std::move(now) : std::function<absl::Time()>(absl::Now)),
      limits_(std::move(limits)),
      tokens_(std::make_shared<const TokenFile>(std::move(tokens))) {}

absl::StatusOr<Grant> TokenGate::GrantOf(const Credentials& credentials) const {
  std::shared_ptr<const TokenFile> tokens;
  {
    const absl::MutexLock lock(&tokens_mutex_);
    tokens = tokens_;
  }
  ASSIGN_OR_RETURN(const Grant* const grant, WhoIs(*tokens, credentials));
  if (now_() < grant->expires) return *grant;
  return Unknown(
      absl::StrCat("the token of ", grant->name, " expired at ",
                   absl::FormatTime(absl::RFC3339_sec, grant->expires, absl::UTCTimeZone()),
                   "; ask the operator for another"));
}

absl::StatusOr<Admission> TokenGate::Admit(const Credentials& credentials, const Method& method) {
  ASSIGN_OR_RETURN(const Grant grant, GrantOf(credentials));
  Admission admission;
  admission.caller = {.name = grant.name,
                      .roles = grant.roles,
                      .sources = grant.sources,
                      .is_authenticated = true,
                      .publishes = nullptr};
  RETURN_IF_ERROR(CheckRole(admission.caller, method.roles, method.descriptor->name()));
  RETURN_IF_ERROR(Limit(limits_, method, admission));
  if (!method.answer) admission.lease = std::make_shared<StreamLease>(this, credentials, grant);
  return admission;
}

void TokenGate::Replace(TokenFile tokens) {
  auto next = std::make_shared<const TokenFile>(std::move(tokens));
  const absl::MutexLock lock(&tokens_mutex_);
  tokens_.swap(next);
}

absl::Status TokenGate::Judge(const StreamLease& lease) const {
  ASSIGN_OR_RETURN(const Grant grant, GrantOf(lease.shown));
  if (grant.name == lease.grant.name && grant.sources == lease.grant.sources &&
      grant.roles.ToString() == lease.grant.roles.ToString()) {
    return absl::OkStatus();
  }
  // The stream goes by what it was granted at its begin.
  return Unknown(absl::StrCat("what the token of ", lease.grant.name,
                              " may do was changed; open the stream again"));
}

void TokenGate::EndStale() {
  const absl::MutexLock lock(&leases_mutex_);
  for (StreamLease* lease : leases_) {
    const absl::Status status = Judge(*lease);
    if (!status.ok()) lease->Tell(status);
  }
}

}  // namespace rapport::edge
