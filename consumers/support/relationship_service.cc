#include "consumers/support/relationship_service.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/page.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "engine/event/revision.h"
#include "rapport/v1/known.pb.h"

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

// Where the texts of the event of that id stand as they count: in the event itself, or in the
// correction in its place.
absl::StatusOr<v1::Event> FindTexts(const Engine& engine, const std::string& customer_id,
                                    const EventId& id, history::Viewpoint viewpoint) {
  bool has_revisions = false;
  RETURN_IF_ERROR(engine.pipeline().Read(
      customer_id, [&](const store::CustomerView& view) { has_revisions = view.has_revisions; }));
  if (!has_revisions) {
    ASSIGN_OR_RETURN(pipeline::FoundEvent found, engine.pipeline().FindEvent(customer_id, id));
    return std::move(found.event);
  }
  viewpoint.as_of_us = INT64_MAX;
  ASSIGN_OR_RETURN(const auto events, engine.history().Events(customer_id, viewpoint));
  const auto find = [&events](const EventId& wanted) {
    return std::find_if(events.begin(), events.end(),
                        [&](const history::PastEvent& event) { return event.moment.id == wanted; });
  };
  auto found = find(id);
  if (found != events.end() && found->counts_as.has_value()) {
    found = find(EventId::FromText(found->corrected_by));
  }
  if (found != events.end()) return found->envelope;
  return absl::NotFoundError(
      absl::StrCat("EVENT_UNKNOWN: customer ", customer_id, " has no such event any more"));
}

// The customer's name: in the event that the facts say was the latest about it.
absl::Status FillProfile(const Engine& engine, const grpc::ServerContext& context,
                         const v1::GetRelationshipRequest& request,
                         const history::Viewpoint& viewpoint, const v1::CustomerFacts& facts,
                         v1::GetRelationshipResponse& response) {
  if (request.reveal()) RETURN_IF_ERROR(event::CheckPurpose(request.purpose()));
  if (!facts.known().has_profile()) return absl::OkStatus();
  if (!request.reveal()) {
    response.add_masked_fields("profile.name");
    return absl::OkStatus();
  }
  const EventId id = EventId::FromBytes(facts.known().profile().event_id());
  ASSIGN_OR_RETURN(v1::Event found, FindTexts(engine, request.customer_id(), id, viewpoint));
  v1::Event* const event = &found;
  RETURN_IF_ERROR(engine.revealer().Open(request.customer_id(),
                                         edge::OpeningOf(context, request.purpose(), engine),
                                         absl::MakeConstSpan(&event, 1)));
  if (event->kind() == v1::KIND_EVENT_CORRECTED) *event = event::InPlaceOf(*event, *event);
  v1::ProfileRecorded profile;
  if (profile.ParseFromString(event->payload()) && !profile.name().empty()) {
    response.mutable_profile()->set_name(profile.name());
  } else {
    response.add_masked_fields("profile.name");
  }
  return absl::OkStatus();
}

absl::Status Get(const Engine& engine, const grpc::ServerContext& context,
                 const v1::GetRelationshipRequest& request, v1::GetRelationshipResponse& response) {
  const absl::Time deadline = edge::DeadlineOf(context);
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us, request.customer_id());
  ASSIGN_OR_RETURN(Relationship relationship,
                   engine.ReadRelationship(request.customer_id(), viewpoint, {},
                                           /*with_facts=*/true));
  response.set_customer_id(request.customer_id());
  *response.mutable_standing() = std::move(relationship.standing);
  response.set_quarantined(relationship.quarantined);
  v1::CustomerFacts facts;
  if (!facts.ParseFromString(relationship.facts)) {
    return absl::DataLossError(
        "STATE_DAMAGED: the facts cannot be read; delete the folder "
        "`state`, it is rebuilt from the archive");
  }
  RETURN_IF_ERROR(FillProfile(engine, context, request, viewpoint, facts, response));
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
  fold::EvaluateOptions options;
  options.next_change = false;
  options.receipts = false;
  std::vector<v1::CustomerFollowUp> found;
  for (const std::string& customer : customers) {
    auto relationship = engine.ReadRelationship(customer, viewpoint, options);
    if (absl::IsNotFound(relationship.status()) && AsksForAll(request.customer_id())) continue;
    RETURN_IF_ERROR(relationship.status());
    v1::Standing& standing = relationship->standing;
    for (v1::FollowUp& follow_up : *standing.mutable_follow_ups()) {
      if (!Asked(request, follow_up)) continue;
      v1::CustomerFollowUp entry;
      entry.set_customer_id(customer);
      entry.set_stage(standing.stage());
      entry.set_score(standing.score());
      *entry.mutable_follow_up() = std::move(follow_up);
      found.push_back(std::move(entry));
    }
  }
  std::sort(found.begin(), found.end(), ComesFirst);
  for (size_t i = page.begin; i < found.size() && i < page.begin + page.size; ++i) {
    *response.add_follow_ups() = std::move(found[i]);
  }
  response.set_total(static_cast<int64_t>(found.size()));
  response.set_next_page_token(edge::NextPageToken(page, found.size(), query, viewpoint.as_of_us));
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
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us, request.customer_id());
  ASSIGN_OR_RETURN(auto entries, engine.history().Timeline(request.customer_id(), viewpoint));
  std::reverse(entries.begin(), entries.end());
  for (size_t i = page.begin; i < entries.size() && i < page.begin + page.size; ++i) {
    *response.add_entries() = std::move(entries[i]);
  }
  const std::vector<v1::TimelineEntry*> shown(response.mutable_entries()->pointer_begin(),
                                              response.mutable_entries()->pointer_end());
  if (request.reveal()) {
    RETURN_IF_ERROR(edge::RevealEntries(
        engine, request.customer_id(), edge::OpeningOf(context, request.purpose(), engine), shown));
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
  fold::EvaluateOptions options;
  options.next_change = false;
  options.receipts = false;
  std::map<v1::Stage, int64_t> stages;
  std::map<std::string, v1::PolicyCount> policies;
  int64_t count = 0;
  for (const std::string& customer : customers) {
    const auto relationship = engine.ReadRelationship(customer, viewpoint, options);
    if (absl::IsNotFound(relationship.status())) continue;
    RETURN_IF_ERROR(relationship.status());
    ++count;
    ++stages[relationship->standing.stage()];
    for (const v1::FollowUp& follow_up : relationship->standing.follow_ups()) {
      const bool overdue = follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
      if (!overdue && follow_up.status() != v1::FOLLOW_UP_STATUS_DUE) continue;
      v1::PolicyCount& policy = policies[follow_up.policy()];
      policy.set_policy(follow_up.policy());
      policy.set_due(policy.due() + 1);
      policy.set_overdue(policy.overdue() + overdue);
    }
  }
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
