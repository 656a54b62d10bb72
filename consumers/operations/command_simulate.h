// `rapport customer simulate`: what a customer would be if something happened.
//
// Threads: one thread. Errors: as the server said, with the touchpoint's place in the file.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomerSimulate {
  std::string id;
  // Touchpoints as JSON, as `events publish` takes them; `-` reads standard input.
  std::string file;
  // The date both answers are about: a moment, or a span ahead such as 90d; empty = now.
  std::string at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  Format format = Format::kTable;
};
absl::Status SimulateCustomer(Client& client, const CustomerSimulate& options);

}  // namespace rapport::operations
