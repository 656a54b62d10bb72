// `rapport rebuild`: the state is folded anew from the archive while the server goes on answering.
//
// Threads: one thread. Errors: as the server said; INTERNAL with what a rebuild failed by.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

// What stands before the bar of what folds anew.
inline constexpr char kBesideWhatServes[] = "beside what serves; answers go on";

struct RebuildOrder {
  // Does not wait for the end; of a server only.
  bool no_wait = false;
  // Shows what it would take, and begins nothing.
  bool dry_run = false;
  // Records a second, at most; 0 = as many as it can.
  int64_t max_rate = 0;
};
absl::Status RebuildState(Client& client, const RebuildOrder& order, Format format);

// How a rebuild is, in a line: `63 %, 6,300,000 of 10,000,000 records`.
std::string RebuildLine(const v1::Rebuild& rebuild);

}  // namespace rapport::operations
