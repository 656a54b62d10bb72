// `rapport customer history`: what a relationship was over time, and what changed it.
//
// Threads: one thread. Errors: as the server said; CUSTOMER_UNKNOWN ends with exit code 3.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomerHistory {
  std::string id;
  // Moments; empty = where the relationship begins, and the moment asked about.
  std::string from;
  std::string to;
  // `7d`, `12h`: a row every so long. Empty = one at each change, as `changes` asks for by name.
  std::string step;
  bool changes = false;
  std::string as_of;
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  std::string min_position;
  Format format = Format::kTable;
};
absl::Status ShowHistory(Client& client, const CustomerHistory& options);

}  // namespace rapport::operations
