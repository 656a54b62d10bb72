// `rapport summary`: how the base is: customers per stage, score band, type, mode and flag, and
// what is owed.
//
// Threads: one thread. Errors: as the server said.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct Summary {
  // `stage`, `score`, `type`, `mode`, `flag`, `follow-up`; none = all.
  std::vector<std::string> by;
  std::string as_of;
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  Format format = Format::kTable;
};
absl::Status ShowSummary(Client& client, const Summary& options);

}  // namespace rapport::operations
