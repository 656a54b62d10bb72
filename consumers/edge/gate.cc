#include "consumers/edge/gate.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace rapport::edge {

absl::StatusOr<Admission> OpenGate::Admit(const Credentials& credentials, const Method&) {
  Admission admission;
  admission.caller.name =
      credentials.peer.empty() ? absl::StrCat("uid ", getuid()) : credentials.peer;
  return admission;
}

}  // namespace rapport::edge
