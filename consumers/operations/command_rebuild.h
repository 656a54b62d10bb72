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

// Waits for the end of a rebuild that has begun, and says what it ended by; `title` stands before
// the bar, which is shown only if `shows`.
absl::Status AwaitRebuild(Client& client, absl::string_view title, bool shows,
                          v1::Rebuild& rebuild);

struct RebuildOrder {
  // Does not wait for the end; of a server only.
  bool no_wait = false;
};
absl::Status RebuildState(Client& client, const RebuildOrder& order, Format format);

// How a rebuild is, in a line: `rebuild 63 %, 6,300,000 of 10,000,000 records`.
std::string RebuildLine(const v1::Rebuild& rebuild);

}  // namespace rapport::operations
