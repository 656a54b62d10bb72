// `rapport rebuild`: the state is folded anew from the archive while the server goes on answering.
//
// Threads: one thread. Errors: as the server said; INTERNAL with what a rebuild failed by.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// INVALID_ARGUMENT for `no_wait` where no server goes on with it.
absl::Status CheckMayNotWait(Client& client, bool no_wait);

// Waits for the end of an operation, and says what it ended by; `title` stands before the bar,
// which is shown only if `shows`.
absl::Status AwaitOperation(Client& client, absl::string_view title, bool shows,
                            v1::Operation& operation);

struct RebuildOrder {
  // Does not wait for the end; of a server only.
  bool no_wait = false;
  // Shows what it would take, and begins nothing.
  bool dry_run = false;
  // Records a second, at most; 0 = as many as it can.
  int64_t max_rate = 0;
};
absl::Status RebuildState(Client& client, const RebuildOrder& order, Format format);

// How a rebuild is, in a line: `rebuild 63 %, 6,300,000 of 10,000,000 records`.
std::string RebuildLine(const v1::Rebuild& rebuild);

}  // namespace rapport::operations
