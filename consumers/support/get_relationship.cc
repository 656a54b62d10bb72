#include "consumers/support/get_relationship.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/read_mask.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/support/profile.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

// As many as masks may have paths.
constexpr int kInsightsMax = 32;
constexpr int kBatchMax = 1000;
// A thread that others wait for answers so many at once.
constexpr int kQuickBatchMax = 32;

// The reports that were asked for, of the one relationship.
absl::StatusOr<std::unique_ptr<fold::ReportRun>> BeginInsights(
    const v1::GetRelationshipRequest& request, const history::Viewpoint& viewpoint) {
  if (request.insights_size() > kInsightsMax) {
    return absl::InvalidArgumentError(absl::StrCat("FIELD_INVALID: insights: has ",
                                                   request.insights_size(), " names, at most ",
                                                   kInsightsMax, " are told at once"));
  }
  fold::ReportWindow window;
  window.as_of_us = viewpoint.as_of_us;
  window.is_late = [viewpoint] { return viewpoint.IsLate(); };
  return viewpoint.rules->Report({request.insights().begin(), request.insights().end()}, window);
}

// What has to be computed for an answer.
struct Wanted {
  fold::EvaluateOptions options;
  bool profile = true;
  bool facts = false;
};

Wanted WantedBy(const edge::ReadMask& mask, bool include_facts) {
  Wanted wanted;
  wanted.profile = mask.Wants("profile") || mask.Wants("masked_fields");
  wanted.facts = mask.is_whole() ? include_facts : mask.Wants("facts");
  fold::EvaluateOptions& options = wanted.options;
  options.follow_ups = mask.Wants("standing.follow_ups");
  options.next_change =
      mask.Wants("standing.next_change_at_us") || mask.Wants("standing.next_follow_up_change_us");
  options.next_stage_change = mask.Wants("standing.next_stage_change_day");
  options.metrics = mask.Wants("standing.metrics");
  options.lines = mask.Wants("standing.lines");
  options.flags = mask.Wants("standing.flags");
  options.outlook = mask.Wants("standing.outlook");
  options.kind = false;
  for (const char* path :
       {"standing.types", "standing.primary_type", "standing.service_mode", "standing.recurring",
        "standing.long_term", "standing.type_rule", "standing.mode_rule"}) {
    options.kind = options.kind || mask.Wants(path);
  }
  options.receipts = false;
  for (const char* path :
       {"standing.stage_rule", "standing.lines.receipt", "standing.types.receipt",
        "standing.flags.receipt", "standing.type_rule", "standing.mode_rule"}) {
    options.receipts = options.receipts || mask.Wants(path);
  }
  return wanted;
}

// The one relationship, but for `info` and insights. `request` names the customer.
absl::Status FillAnswer(const Engine& engine, const edge::Call& call,
                        const v1::GetRelationshipRequest& request, const Wanted& wanted,
                        const history::Viewpoint& viewpoint, v1::GetRelationshipResponse& response,
                        Group& group) {
  ASSIGN_OR_RETURN(Relationship relationship,
                   engine.ReadRelationship(request.customer_id(), viewpoint, wanted.options,
                                           /*with_facts=*/wanted.facts));
  group = std::move(relationship.group);
  response.set_customer_id(request.customer_id());
  *response.mutable_standing() = std::move(relationship.standing);
  response.set_quarantined(relationship.quarantined);
  edge::TellMembers(request.customer_id(), group, response);
  if (wanted.profile) {
    RETURN_IF_ERROR(
        FillProfile(engine, call, request, group, viewpoint, relationship.profile, response));
  }
  if (wanted.facts && !response.mutable_facts()->ParseFromString(relationship.facts)) {
    return absl::DataLossError(
        "STATE_DAMAGED: the facts cannot be read; delete the folder "
        "`state`, it is rebuilt from the archive");
  }
  return absl::OkStatus();
}

// What a batch asks about each of its customers.
v1::GetRelationshipRequest EachOf(const v1::BatchGetRelationshipsRequest& request) {
  v1::GetRelationshipRequest each;
  each.set_include_facts(request.include_facts());
  return each;
}

}  // namespace

absl::Status GetOne(const Engine& engine, const edge::Call& call,
                    const v1::GetRelationshipRequest& request,
                    v1::GetRelationshipResponse& response) {
  ASSIGN_OR_RETURN(const edge::ReadMask mask,
                   edge::ReadMask::Of(request.read_mask(), response.GetDescriptor()));
  if (request.reveal()) RETURN_IF_ERROR(edge::CheckReveal(call, request.purpose()));
  const absl::Time deadline = call.deadline();
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  const bool tells = !request.insights().empty() && mask.Wants("insights");
  std::unique_ptr<fold::ReportRun> insights;
  if (tells) {
    ASSIGN_OR_RETURN(insights, BeginInsights(request, viewpoint));
  }
  Group group;
  RETURN_IF_ERROR(FillAnswer(engine, call, request, WantedBy(mask, request.include_facts()),
                             viewpoint, response, group));
  edge::LimitTo(group, engine, *response.mutable_info());
  if (tells) {
    RETURN_IF_ERROR(engine.history().AddTo(*insights, group, viewpoint));
    insights->Finish(*response.mutable_insights());
  }
  mask.Trim(response);
  return absl::OkStatus();
}

absl::Status GetBatch(const Engine& engine, const edge::Call& call,
                      const v1::BatchGetRelationshipsRequest& request,
                      v1::BatchGetRelationshipsResponse& response) {
  if (request.customer_ids_size() > kBatchMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("TOO_LARGE: customer_ids: has ", request.customer_ids_size(),
                     " ids; ask for at most ", kBatchMax, " at once"));
  }
  ASSIGN_OR_RETURN(
      const edge::ReadMask mask,
      edge::ReadMask::Of(request.read_mask(), v1::GetRelationshipResponse::descriptor()));
  const Wanted wanted = WantedBy(mask, request.include_facts());
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.deadline(), engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  v1::GetRelationshipRequest one = EachOf(request);
  for (const std::string& customer : request.customer_ids()) {
    RETURN_IF_ERROR(history::CheckInTime(viewpoint));
    v1::BatchGetResult& result = *response.add_results();
    result.set_customer_id(customer);
    one.set_customer_id(customer);
    Group group;
    const absl::Status status =
        FillAnswer(engine, call, one, wanted, viewpoint, *result.mutable_relationship(), group);
    if (status.ok()) {
      mask.Trim(*result.mutable_relationship());
    } else {
      *result.mutable_error() = edge::ToErrorStatus(status);
    }
  }
  return absl::OkStatus();
}

bool IsQuickGet(const google::protobuf::Message& message) {
  const auto& request = static_cast<const v1::GetRelationshipRequest&>(message);
  return !request.has_viewpoint() && request.min_position().empty() && request.insights().empty() &&
         !request.reveal();
}

bool IsQuickBatch(const google::protobuf::Message& message) {
  const auto& request = static_cast<const v1::BatchGetRelationshipsRequest&>(message);
  return !request.has_viewpoint() && request.min_position().empty() &&
         request.customer_ids_size() <= kQuickBatchMax;
}

}  // namespace rapport::support
