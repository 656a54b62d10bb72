#include "consumers/operations/command_follow_ups.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "consumers/operations/known_names.h"
#include "consumers/operations/moment.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

void PrintRows(const v1::ListFollowUpsResponse& answer, int64_t now_us, bool past) {
  size_t id_width = 16;
  size_t policy_width = 8;
  for (const v1::CustomerFollowUp& entry : answer.follow_ups()) {
    id_width = std::max(id_width, entry.customer_id().size());
    policy_width = std::max(policy_width, entry.follow_up().policy().size());
  }
  for (const v1::CustomerFollowUp& entry : answer.follow_ups()) {
    const v1::FollowUp& follow_up = entry.follow_up();
    std::printf("%s  %s  %s  score %s  %s%s, %s\n",
                Pad(entry.customer_id(), static_cast<int>(id_width)).c_str(),
                Pad(follow_up.policy(), static_cast<int>(policy_width)).c_str(),
                Pad(StageName(entry.stage()), 12).c_str(),
                Pad(absl::StrCat(entry.score()), -4).c_str(),
                DueText(follow_up, now_us, past).c_str(), ClaimText(follow_up).c_str(),
                follow_up.text().c_str());
  }
  std::printf("%s of %s\n", Thousands(answer.follow_ups_size()).c_str(),
              Thousands(answer.total()).c_str());
}

// Empty when nobody has claimed it, or without an end.
std::string ClaimedUntil(const v1::FollowUp& follow_up) {
  return follow_up.claimed_until_us() == 0 ? "" : FormatTime(follow_up.claimed_until_us());
}

void PrintCsvRows(const v1::ListFollowUpsResponse& answer) {
  PrintCsv({"customer_id", "policy", "status", "priority", "due_by", "department", "stage", "score",
            "key", "text", "name", "assignee", "claimed_until"});
  for (const v1::CustomerFollowUp& entry : answer.follow_ups()) {
    const v1::FollowUp& follow_up = entry.follow_up();
    PrintCsv({entry.customer_id(), follow_up.policy(), StatusName(follow_up.status()),
              absl::StrCat(follow_up.priority()), FormatTime(follow_up.by_us()),
              follow_up.department(), StageName(entry.stage()), absl::StrCat(entry.score()),
              follow_up.key(), follow_up.text(), follow_up.name(), follow_up.assignee(),
              ClaimedUntil(follow_up)});
  }
}

// The request's filters by name.
absl::Status AddNames(const FollowUpsList& options, v1::ListFollowUpsRequest& request) {
  for (const std::string& policy : options.policies) request.add_policies(policy);
  for (const std::string& department : options.departments) request.add_departments(department);
  for (const std::string& assignee : options.assignees) request.add_assignees(assignee);
  for (const std::string& word : options.stages) {
    v1::Stage stage = v1::STAGE_UNSPECIFIED;
    if (!v1::Stage_Parse("STAGE_" + absl::AsciiStrToUpper(word), &stage) || stage == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "wrong usage: --stage is AWARENESS, EXPLORATION, EXPANSION, COMMITMENT or DISSOLUTION, "
          "not `",
          word, "`"));
    }
    request.add_stages(stage);
  }
  for (const std::string& word : options.statuses) {
    v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
    if (!v1::FollowUpStatus_Parse("FOLLOW_UP_STATUS_" + absl::AsciiStrToUpper(word), &status) ||
        status == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "wrong usage: --status is PENDING, DUE, OVERDUE, SUPPRESSED, DONE or EXPIRED, not `",
          word, "`"));
    }
    request.add_statuses(status);
  }
  v1::FollowUpOrder order = v1::FOLLOW_UP_ORDER_UNSPECIFIED;
  if (!options.order.empty() &&
      !v1::FollowUpOrder_Parse("FOLLOW_UP_ORDER_" + absl::AsciiStrToUpper(options.order), &order)) {
    return absl::InvalidArgumentError(
        absl::StrCat("wrong usage: --order is by or priority, not `", options.order, "`"));
  }
  request.set_order(order);
  return absl::OkStatus();
}

}  // namespace

absl::Status ListFollowUps(Client& client, const FollowUpsList& options,
                           const std::string& rules_file) {
  v1::ListFollowUpsRequest request;
  request.set_customer_id(options.customer.empty() ? "-" : options.customer);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  const int64_t now_us =
      request.viewpoint().has_as_of_us() ? request.viewpoint().as_of_us() : NowMicros();
  if (!options.due.empty()) {
    ASSIGN_OR_RETURN(const int64_t due_us, MomentAfter("--due", options.due, now_us));
    request.set_due_to_us(due_us);
  }
  if (!options.due_from.empty()) {
    ASSIGN_OR_RETURN(const int64_t due_us, MomentAfter("--due-from", options.due_from, now_us));
    request.set_due_from_us(due_us);
  }
  RETURN_IF_ERROR(CheckFollowUpNames(client, rules_file, request.viewpoint(), options.policies,
                                     options.departments));
  RETURN_IF_ERROR(AddNames(options, request));
  request.set_page_size(options.limit);
  v1::ListFollowUpsResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(), &v1::RelationshipService::Stub::ListFollowUps,
                              request, &answer, kWholeBasePatience));
  switch (options.format) {
    case Format::kTable:
      PrintRows(answer, now_us, IsPast(now_us));
      break;
    case Format::kCsv:
      PrintCsvRows(answer);
      break;
    default:
      PrintJson(options.format, PointersTo(answer.follow_ups()));
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
