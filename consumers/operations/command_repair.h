// `rapport accept-loss` and `rapport quarantine retry`: what an operator decides about events, kept
// for ever.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include <cstdint>
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

struct QuarantineSelection {
  std::string reason;
  // -1 = all.
  int partition = -1;
  int64_t offset = -1;
  // Who decides.
  std::string caller = UserName();
};
// All of the quarantine, unless `selection` says less.
absl::Status RetryQuarantine(Client& client, const QuarantineSelection& selection, Format format);

}  // namespace rapport::operations
