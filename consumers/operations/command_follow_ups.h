// `rapport follow-ups list`.
//
// Threads: one thread. Errors: as the server said; INVALID_ARGUMENT for a policy, department,
// stage, status or order that does not exist.
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
  // Not due before; likewise.
  std::string due_from;
  std::vector<std::string> policies;
  std::vector<std::string> departments;
  std::vector<std::string> assignees;
  // Names without prefix.
  std::vector<std::string> stages;
  std::vector<std::string> statuses;
  // `by`, `priority`, or empty.
  std::string order;
  std::string as_of;
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  int limit = 50;
  Format format = Format::kTable;
};
// `rules_file` names the policies, as Target has it.
absl::Status ListFollowUps(Client& client, const FollowUpsList& options,
                           const std::string& rules_file);

}  // namespace rapport::operations
