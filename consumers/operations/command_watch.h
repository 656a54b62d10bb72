// `rapport customers watch`: changes of relationships, as they happen, until it is interrupted.
//
// Threads: one thread. Errors: as the server said; FILTER_INVALID ends with exit code 2.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomersWatch {
  // `stage=EXPANSION AND score>=600`; empty = everybody.
  std::string filter;
  // Where to go on; empty = now.
  std::string from_position;
  // First how everybody is.
  bool snapshot = false;
  // Ends once all is told that there was.
  bool once = false;
  Format format = Format::kTable;
};
absl::Status WatchCustomers(Client& client, const CustomersWatch& options);

}  // namespace rapport::operations
