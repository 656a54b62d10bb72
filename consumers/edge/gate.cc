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

TokenGate::TokenGate(TokenFile tokens, CallerLimitOptions limits, std::function<absl::Time()> now)
    : tokens_(std::move(tokens)),
      now_(now ? std::move(now) : std::function<absl::Time()>(absl::Now)),
      limits_(std::move(limits)) {}

absl::StatusOr<const Grant*> TokenGate::WhoIs(const Credentials& credentials) const {
  if (!credentials.bearer.empty()) {
    const Grant* const grant = tokens_.FindToken(credentials.bearer);
    if (grant != nullptr) return grant;
    return Unknown("the token is not one of this server's; ask its operator for another");
  }
  for (const std::string& name : credentials.certificate_names) {
    if (const Grant* const grant = tokens_.FindCertificate(name)) return grant;
  }
  if (!credentials.certificate_names.empty()) {
    return Unknown(
        "the certificate is good, but its name has no roles here; send a token, or have "
        "the operator name it in the file of tokens");
  }
  return Unknown("no token was sent; send one as `authorization: Bearer TOKEN`");
}

absl::StatusOr<Admission> TokenGate::Admit(const Credentials& credentials, const Method& method) {
  ASSIGN_OR_RETURN(const Grant* const grant, WhoIs(credentials));
  if (now_() >= grant->expires) {
    return Unknown(
        absl::StrCat("the token of ", grant->name, " expired at ",
                     absl::FormatTime(absl::RFC3339_sec, grant->expires, absl::UTCTimeZone()),
                     "; ask the operator for another"));
  }
  Admission admission;
  admission.caller = {.name = grant->name,
                      .roles = grant->roles,
                      .sources = grant->sources,
                      .is_authenticated = true,
                      .publishes = nullptr};
  RETURN_IF_ERROR(CheckRole(admission.caller, method.role, method.descriptor->name()));
  RETURN_IF_ERROR(Limit(limits_, method, admission));
  return admission;
}

}  // namespace rapport::edge
