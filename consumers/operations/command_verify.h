// `rapport verify`: whether the state is what the archive says.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include "absl/status/statusor.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// How many customers are not as they should be.
absl::StatusOr<int> VerifyState(Client& client, Format format);

}  // namespace rapport::operations
