// `rapport diff` and `rapport what-if`: how the whole base differs between two moments, or under
// other rules.
//
// Threads: one thread. Errors: as the server said; NOT_FOUND for a file of rules that is not there.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CompareShown {
  int samples = 10;
  int customer_ids = 0;
  Format format = Format::kTable;
};

struct DiffBase {
  std::string from;
  std::string from_known_at;
  std::string to;
  std::string to_known_at;
  CompareShown shown;
};
absl::Status ShowDiff(Client& client, const DiffBase& options);

struct WhatIfBase {
  // A file, `-`, or the name of a set.
  std::string rules;
  std::string as_of;
  std::string known_at;
  CompareShown shown;
};
absl::Status ShowWhatIf(Client& client, const WhatIfBase& options);

}  // namespace rapport::operations
