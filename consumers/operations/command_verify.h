// `rapport verify`: whether the state is what the archive says.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include "absl/status/statusor.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// An operation that is waited for, or not; how many customers are not as they should be.
absl::StatusOr<int> VerifyState(Client& client, const BackgroundOrder& order, Format format);

// What it found, likewise; it took so long.
int PrintVerified(const v1::VerifyResponse& answer, Format format, absl::Duration took);

}  // namespace rapport::operations
