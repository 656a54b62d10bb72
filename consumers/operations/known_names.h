// KnownNames: refuses a policy, department or reason that does not exist, before an empty list says
// so by mistake.
//
//   RETURN_IF_ERROR(CheckFollowUpNames(client, rules_file, viewpoint, policies, departments));
//
// Known are the names of the rules that answer, or of --rules where they may not be asked for, and
// any that the asked server or store has a follow-up of at the viewpoint.
//
// Threads: one. Errors: INVALID_ARGUMENT with what was perhaps meant; those of the call.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"

namespace rapport::operations {

absl::Status CheckFollowUpNames(Client& client, const std::string& rules_file,
                                const v1::Viewpoint& viewpoint,
                                const std::vector<std::string>& policies,
                                const std::vector<std::string>& departments);

// A reason for quarantine; empty is fine.
absl::Status CheckReason(const std::string& reason);

}  // namespace rapport::operations
