// `rapport status`, `rapport digest` and `rapport quarantine list`.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

absl::Status ShowStatus(Client& client, Format format);

// With `customers` also one digest per customer, on lines of their own.
absl::Status ShowDigest(Client& client, bool customers, Format format);

absl::Status ListQuarantine(Client& client, const std::string& reason, int limit, Format format);

}  // namespace rapport::operations
