// `rapport customers watch`: changes of relationships, as they happen, until it is interrupted or
// its time is over. A server that ends is waited for, and what came meanwhile is told once; at the
// end it says from which position to go on.
//
// Threads: one thread. Errors: as the server said; FILTER_INVALID ends with exit code 2; CANCELLED
//          when it was interrupted; UNAVAILABLE when no server answers at first.
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
  // `30m`: ends after so long; empty = never.
  std::string for_span;
  Format format = Format::kTable;
};
absl::Status WatchCustomers(Client& client, const CustomersWatch& options);

}  // namespace rapport::operations
