// `rapport follow-ups list`.
//
// Threads: one thread. Errors: as the server said; INVALID_ARGUMENT for a policy or a department
// that does not exist.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct FollowUpsList {
  std::string customer;
  // Due within this long, such as `7d`, or by this moment; empty = whenever.
  std::string due;
  std::vector<std::string> policies;
  std::vector<std::string> departments;
  std::string as_of;
  int limit = 50;
  Format format = Format::kTable;
};
// `rules_file` names the policies, as Target has it.
absl::Status ListFollowUps(Client& client, const FollowUpsList& options,
                           const std::string& rules_file);

}  // namespace rapport::operations
