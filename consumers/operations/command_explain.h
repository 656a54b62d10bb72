// `rapport customer explain`: why a standing is what it is, event by event.
//
// Threads: one thread. Errors: as the server said; CUSTOMER_UNKNOWN ends with exit code 3.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomerExplain {
  std::string id;
  // `stage`, `score`, `follow-up`, `type`, `flag`; none = all.
  std::vector<std::string> subjects;
  std::string as_of;
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  std::string min_position;
  // Events shown of each line and type, those that weigh most; JSON has them all.
  int events = 8;
  Format format = Format::kTable;
};
absl::Status ExplainCustomer(Client& client, const CustomerExplain& options);

}  // namespace rapport::operations
