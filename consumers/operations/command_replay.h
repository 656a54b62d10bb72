// `rapport replay`: records of the archive, as they are in the log, no faster than they may come.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_export.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct EventsReplay {
  EventsExport chosen;
  std::optional<int> partition;
  // Only says how much it would be.
  bool dry_run = false;
  // Records a second, at most; 0 = as many as there are.
  int64_t max_rate = 0;
  Format format = Format::kTable;
};
absl::Status ReplayEvents(Client& client, const EventsReplay& options);

}  // namespace rapport::operations
