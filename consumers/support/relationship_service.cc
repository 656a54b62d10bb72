#include "consumers/support/relationship_service.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "consumers/edge/page.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/support/profile.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

template <typename Values, typename Value>
bool Contains(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool Asked(const v1::ListFollowUpsRequest& request, const v1::FollowUp& follow_up) {
  if (request.statuses().empty()) {
    if (follow_up.status() != v1::FOLLOW_UP_STATUS_DUE &&
        follow_up.status() != v1::FOLLOW_UP_STATUS_OVERDUE) {
      return false;
    }
  } else if (!Contains(request.statuses(), static_cast<int>(follow_up.status()))) {
    return false;
  }
  if (!request.policies().empty() && !Contains(request.policies(), follow_up.policy())) {
    return false;
  }
  if (!request.departments().empty() && !Contains(request.departments(), follow_up.department())) {
    return false;
  }
  return !request.has_due_to_us() || follow_up.by_us() <= request.due_to_us();
}

// What needs doing first: of what is overdue the most urgent, then what is due soonest.
bool ComesFirst(const v1::CustomerFollowUp& a, const v1::CustomerFollowUp& b) {
  const auto rank = [](const v1::CustomerFollowUp& entry) {
    const v1::FollowUp& follow_up = entry.follow_up();
    const bool overdue = follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
    return std::make_tuple(!overdue, overdue ? follow_up.priority() : 0, follow_up.by_us(),
                           follow_up.priority());
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a.follow_up().name() < b.follow_up().name();
}

bool AsksForAll(const std::string& customer_id) {
  return customer_id.empty() || customer_id == "-";
}

absl::StatusOr<std::vector<std::string>> CustomersAsked(const std::string& customer_id,
                                                        const Engine& engine) {
  if (!AsksForAll(customer_id)) return std::vector<std::string>{customer_id};
  return engine.pipeline().CustomerIds();
}

// Calls `visit` with each relationship among `customers` once: of merged ones under the survivor's
// id, whichever of them was asked about. Who is not there any more is passed over when `lenient`.
absl::Status ForEachRelationship(const Engine& engine, const std::vector<std::string>& customers,
                                 const history::Viewpoint& viewpoint, bool lenient,
                                 absl::FunctionRef<void(Relationship&)> visit) {
  fold::EvaluateOptions options;
  options.next_change = false;
  options.receipts = false;
  absl::flat_hash_set<std::string> told;
  for (const std::string& customer : customers) {
    if (told.contains(customer)) continue;
    auto relationship = engine.ReadRelationship(customer, viewpoint, options);
    if (lenient && absl::IsNotFound(relationship.status())) continue;
    RETURN_IF_ERROR(relationship.status());
    if (relationship->group.is_merged()) {
      told.insert(relationship->group.members.begin(), relationship->group.members.end());
    }
    visit(*relationship);
  }
  return absl::OkStatus();
}

// Who is one with the customer asked about, in an answer that can say so; and from where on that
// relationship is whole.
template <typename Response>
void TellGroup(const Engine& engine, const std::string& customer_id, const Group& group,
               Response& response) {
  edge::LimitTo(group, engine, *response.mutable_info());
  if (!group.is_merged()) return;
  if (group.survivor != customer_id) response.set_merged_into(group.survivor);
  for (const std::string& member : group.members) response.add_members(member);
}

absl::Status Get(const Engine& engine, const grpc::ServerContext& context,
                 const v1::GetRelationshipRequest& request, v1::GetRelationshipResponse& response) {
  const absl::Time deadline = edge::DeadlineOf(context);
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us);
  ASSIGN_OR_RETURN(Relationship relationship,
                   engine.ReadRelationship(request.customer_id(), viewpoint, {},
                                           /*with_facts=*/true));
  response.set_customer_id(request.customer_id());
  TellGroup(engine, request.customer_id(), relationship.group, response);
  *response.mutable_standing() = std::move(relationship.standing);
  response.set_quarantined(relationship.quarantined);
  v1::CustomerFacts facts;
  if (!facts.ParseFromString(relationship.facts)) {
    return absl::DataLossError(
        "STATE_DAMAGED: the facts cannot be read; delete the folder "
        "`state`, it is rebuilt from the archive");
  }
  RETURN_IF_ERROR(
      FillProfile(engine, context, request, relationship.group, viewpoint, facts, response));
  if (request.include_facts()) *response.mutable_facts() = std::move(facts);
  return absl::OkStatus();
}

absl::Status FollowUps(const Engine& engine, absl::Time deadline,
                       const v1::ListFollowUpsRequest& request,
                       v1::ListFollowUpsResponse& response) {
  v1::ListFollowUpsRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   edge::PageOf(request.page_size(), request.page_token(), query));
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(edge::OfPage(request.viewpoint(), page), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us);
  ASSIGN_OR_RETURN(const auto customers, CustomersAsked(request.customer_id(), engine));
  std::vector<v1::CustomerFollowUp> found;
  const auto take = [&](Relationship& relationship) {
    for (v1::FollowUp& follow_up : *relationship.standing.mutable_follow_ups()) {
      if (!Asked(request, follow_up)) continue;
      v1::CustomerFollowUp entry;
      entry.set_customer_id(relationship.group.survivor);
      entry.set_stage(relationship.standing.stage());
      entry.set_score(relationship.standing.score());
      *entry.mutable_follow_up() = std::move(follow_up);
      found.push_back(std::move(entry));
    }
  };
  RETURN_IF_ERROR(
      ForEachRelationship(engine, customers, viewpoint, AsksForAll(request.customer_id()), take));
  std::sort(found.begin(), found.end(), ComesFirst);
  for (size_t i = page.begin; i < found.size() && i < page.begin + page.size; ++i) {
    *response.add_follow_ups() = std::move(found[i]);
  }
  response.set_total(static_cast<int64_t>(found.size()));
  response.set_next_page_token(edge::NextPageToken(page, found.size(), query, viewpoint.as_of_us));
  return absl::OkStatus();
}

// Opens the entries of each customer under that customer's key.
absl::Status Reveal(const Engine& engine, const std::string& asked, const event::Opening& opening,
                    const std::vector<v1::TimelineEntry*>& entries) {
  std::map<std::string, std::vector<v1::TimelineEntry*>> by_customer;
  for (v1::TimelineEntry* entry : entries) {
    by_customer[entry->touchpoint().customer_id()].push_back(entry);
  }
  if (by_customer.empty()) by_customer[asked];
  for (const auto& [customer, own] : by_customer) {
    RETURN_IF_ERROR(edge::RevealEntries(engine, customer, opening, own));
  }
  return absl::OkStatus();
}

absl::Status Timeline(const Engine& engine, const grpc::ServerContext& context,
                      const v1::ListTimelineRequest& request, v1::ListTimelineResponse& response) {
  const absl::Time deadline = edge::DeadlineOf(context);
  if (request.reveal()) RETURN_IF_ERROR(event::CheckPurpose(request.purpose()));
  v1::ListTimelineRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   edge::PageOf(request.page_size(), request.page_token(), query));
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(edge::OfPage(request.viewpoint(), page), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us);
  ASSIGN_OR_RETURN(const Group group, engine.history().GroupOf(request.customer_id(), viewpoint));
  ASSIGN_OR_RETURN(auto entries, engine.history().Timeline(group, viewpoint));
  TellGroup(engine, request.customer_id(), group, response);
  std::reverse(entries.begin(), entries.end());
  for (size_t i = page.begin; i < entries.size() && i < page.begin + page.size; ++i) {
    *response.add_entries() = std::move(entries[i]);
  }
  const std::vector<v1::TimelineEntry*> shown(response.mutable_entries()->pointer_begin(),
                                              response.mutable_entries()->pointer_end());
  if (request.reveal()) {
    RETURN_IF_ERROR(Reveal(engine, request.customer_id(),
                           edge::OpeningOf(context, request.purpose(), engine), shown));
  } else {
    edge::MaskEntries(shown);
  }
  response.set_total(static_cast<int64_t>(entries.size()));
  response.set_next_page_token(
      edge::NextPageToken(page, entries.size(), query, viewpoint.as_of_us));
  return absl::OkStatus();
}

absl::Status Resolve(const Engine& engine, absl::Time deadline,
                     const v1::ResolveCustomerRequest& request,
                     v1::ResolveCustomerResponse& response) {
  ASSIGN_OR_RETURN(std::vector<std::string> customers, engine.Resolve(request.alias(), deadline));
  for (std::string& customer : customers) response.add_customer_ids(std::move(customer));
  return absl::OkStatus();
}

absl::Status Summarize(const Engine& engine, absl::Time deadline,
                       const v1::SummarizeBaseRequest& request,
                       v1::SummarizeBaseResponse& response) {
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us);
  ASSIGN_OR_RETURN(const auto customers, engine.pipeline().CustomerIds());
  std::map<v1::Stage, int64_t> stages;
  std::map<std::string, v1::PolicyCount> policies;
  int64_t count = 0;
  const auto add = [&](const Relationship& relationship) {
    ++count;
    ++stages[relationship.standing.stage()];
    for (const v1::FollowUp& follow_up : relationship.standing.follow_ups()) {
      const bool overdue = follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
      if (!overdue && follow_up.status() != v1::FOLLOW_UP_STATUS_DUE) continue;
      v1::PolicyCount& policy = policies[follow_up.policy()];
      policy.set_policy(follow_up.policy());
      policy.set_due(policy.due() + 1);
      policy.set_overdue(policy.overdue() + overdue);
    }
  };
  RETURN_IF_ERROR(ForEachRelationship(engine, customers, viewpoint, /*lenient=*/true, add));
  for (const auto& [stage, customers_of_stage] : stages) {
    v1::StageCount* entry = response.add_stages();
    entry->set_stage(stage);
    entry->set_customers(customers_of_stage);
  }
  for (auto& [name, policy] : policies) *response.add_policies() = std::move(policy);
  response.set_customers(count);
  return absl::OkStatus();
}

}  // namespace

grpc::Status RelationshipService::GetRelationship(grpc::ServerContext* context,
                                                  const v1::GetRelationshipRequest* request,
                                                  v1::GetRelationshipResponse* response) {
  return edge::ToRpcStatus(Get(*engine_, *context, *request, *response));
}

grpc::Status RelationshipService::ListFollowUps(grpc::ServerContext* context,
                                                const v1::ListFollowUpsRequest* request,
                                                v1::ListFollowUpsResponse* response) {
  return edge::ToRpcStatus(FollowUps(*engine_, edge::DeadlineOf(*context), *request, *response));
}

grpc::Status RelationshipService::ListTimeline(grpc::ServerContext* context,
                                               const v1::ListTimelineRequest* request,
                                               v1::ListTimelineResponse* response) {
  return edge::ToRpcStatus(Timeline(*engine_, *context, *request, *response));
}

grpc::Status RelationshipService::ResolveCustomer(grpc::ServerContext* context,
                                                  const v1::ResolveCustomerRequest* request,
                                                  v1::ResolveCustomerResponse* response) {
  return edge::ToRpcStatus(Resolve(*engine_, edge::DeadlineOf(*context), *request, *response));
}

grpc::Status RelationshipService::SummarizeBase(grpc::ServerContext* context,
                                                const v1::SummarizeBaseRequest* request,
                                                v1::SummarizeBaseResponse* response) {
  return edge::ToRpcStatus(Summarize(*engine_, edge::DeadlineOf(*context), *request, *response));
}

}  // namespace rapport::support
