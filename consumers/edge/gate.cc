#include "consumers/edge/gate.h"

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rapport::edge {

std::string BearerOf(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return "";
  return std::string(absl::StripPrefix(authorization.substr(kScheme.size()), " "));
}

absl::StatusOr<Admission> OpenGate::Admit(const Credentials& credentials, const Method&) {
  Admission admission;
  admission.caller.name =
      credentials.peer.empty() ? absl::StrCat("uid ", getuid()) : credentials.peer;
  return admission;
}

}  // namespace rapport::edge
