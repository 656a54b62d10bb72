// `rapport accept-loss`: what an operator decides about events, kept for ever.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// The user who runs this process, as the system names them.
std::string UserName();

struct LossAcceptance {
  int partition = 0;
  std::string reason;
  // Who decides.
  std::string caller = UserName();
};
absl::Status AcceptLoss(Client& client, const LossAcceptance& acceptance, Format format);

}  // namespace rapport::operations
