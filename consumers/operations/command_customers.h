// `rapport customers list`: who is in a stage, a score band, with a flag, of a type, an owner,
// idle.
//
// Threads: one thread. Errors: as the server said; FILTER_INVALID ends with exit code 2.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CustomersList {
  // `stage=EXPANSION AND score>=600`; empty = everybody.
  std::string filter;
  // `score_milli desc`; empty = by customer.
  std::string order;
  // As the base was; empty = now.
  std::string as_of;
  std::string known_at;
  std::string rules;
  int limit = 50;
  Format format = Format::kTable;
};
absl::Status ListCustomers(Client& client, const CustomersList& options);

}  // namespace rapport::operations
