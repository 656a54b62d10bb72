#include "consumers/operations/known_names.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/edge/nearest_name.h"
#include "consumers/operations/rules_file.h"
#include "engine/base/status_macros.h"
#include "engine/model/rejection.h"
#include "projections/catalog.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::operations {
namespace {

using Names = std::set<std::string>;

absl::Status Unknown(absl::string_view flag, absl::string_view what, const std::string& name,
                     const Names& known) {
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string nearest = edge::NearestName(name, names);
  return absl::InvalidArgumentError(
      absl::StrCat("wrong usage: ", flag, ": there is no ", what, " ", edge::ShownName(name),
                   nearest.empty() ? absl::StrCat("; there are ", absl::StrJoin(names, ", "))
                                   : absl::StrCat("; did you mean ", nearest, "?")));
}

struct RulesNames {
  Names policies;
  // Those that rules leave out are `sales` and `service`.
  Names departments = {"sales", "service"};
};

// Of the rules that answer, which `digest` names, empty = the active ones; of those that the
// command line names when it cannot be asked.
RulesNames NamesOf(Client& client, const std::string& rules_file, const std::string& digest) {
  v1::ListRulesRequest request;
  request.set_with_text(true);
  v1::ListRulesResponse answer;
  std::string text;
  if (client.Call(client.operations(), &v1::OperationsService::Stub::ListRules, request, &answer)
          .ok() &&
      !answer.rules().empty()) {
    // What is active stands first.
    text = answer.rules(0).text();
    for (const v1::RulesEntry& entry : answer.rules()) {
      if (entry.rules_digest() == digest) text = entry.text();
    }
  } else if (const auto file = ReadRulesFile(rules_file.empty() ? "standard" : rules_file);
             file.ok()) {
    text = file->text;
  }
  RulesNames names;
  const auto rules = projections::ReadRules(text, "rules");
  if (!rules.ok()) return names;
  for (const v1::PolicyRule& policy : rules->rules().evaluate().policy()) {
    names.policies.insert(policy.id());
    if (!policy.department().empty()) names.departments.insert(policy.department());
  }
  return names;
}

// True when anybody has, or lately had, a follow-up that `request` names.
absl::StatusOr<bool> Occurs(Client& client, v1::ListFollowUpsRequest request) {
  request.set_page_size(1);
  for (int status = v1::FOLLOW_UP_STATUS_PENDING; v1::FollowUpStatus_IsValid(status); ++status) {
    request.add_statuses(static_cast<v1::FollowUpStatus>(status));
  }
  v1::ListFollowUpsResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(), &v1::RelationshipService::Stub::ListFollowUps,
                              request, &answer, kWholeBasePatience));
  return answer.total() > 0;
}

}  // namespace

absl::Status CheckFollowUpNames(Client& client, const std::string& rules_file,
                                const v1::Viewpoint& viewpoint,
                                const std::vector<std::string>& policies,
                                const std::vector<std::string>& departments) {
  if (policies.empty() && departments.empty()) return absl::OkStatus();
  const RulesNames known = NamesOf(client, rules_file, viewpoint.rules());
  for (const std::string& policy : policies) {
    if (known.policies.count(policy) > 0) continue;
    v1::ListFollowUpsRequest request;
    *request.mutable_viewpoint() = viewpoint;
    request.add_policies(policy);
    ASSIGN_OR_RETURN(const bool occurs, Occurs(client, request));
    if (!occurs) return Unknown("--policy", "policy", policy, known.policies);
  }
  for (const std::string& department : departments) {
    if (known.departments.count(department) > 0) continue;
    v1::ListFollowUpsRequest request;
    *request.mutable_viewpoint() = viewpoint;
    request.add_departments(department);
    ASSIGN_OR_RETURN(const bool occurs, Occurs(client, request));
    if (!occurs) return Unknown("--department", "department", department, known.departments);
  }
  return absl::OkStatus();
}

absl::Status CheckReason(const std::string& reason) {
  if (reason.empty() || ReasonFromName(reason).has_value()) return absl::OkStatus();
  Names known;
  for (int number = 1; number <= static_cast<int>(Reason::kCrashedFold); ++number) {
    known.insert(std::string(ReasonName(static_cast<Reason>(number))));
  }
  return Unknown("--reason", "reason", reason, known);
}

}  // namespace rapport::operations
