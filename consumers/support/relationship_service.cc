#include "consumers/support/relationship_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/page.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/support/base_list.h"
#include "engine/base/status_macros.h"
#include "engine/event/revision.h"
#include "rapport/v1/known.pb.h"

namespace rapport::support {
namespace {

template <typename Values, typename Value>
bool Contains(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool AsksForAll(const std::string& customer_id) {
  return customer_id.empty() || customer_id == "-";
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
  const std::string& customer = request.customer_id();
  absl::StatusOr<FollowUpList> list =
      AsksForAll(customer)
          ? FollowUpsOfAll(engine, request, viewpoint, page.begin, page.size)
          : FollowUpsOf(engine, {customer}, true, request, viewpoint, page.begin, page.size);
  RETURN_IF_ERROR(list.status());
  for (v1::CustomerFollowUp& entry : list->entries) *response.add_follow_ups() = std::move(entry);
  response.set_total(static_cast<int64_t>(list->total));
  response.set_next_page_token(edge::NextPageToken(page, list->total, query, viewpoint.as_of_us));
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
  ASSIGN_OR_RETURN(const auto before, engine.keys().Resolve(request.alias()));
  RETURN_IF_ERROR(engine.AwaitErasuresKnown(before, deadline));
  // Some may have been forgotten meanwhile; of those who came meanwhile nothing is known.
  ASSIGN_OR_RETURN(const auto after, engine.keys().Resolve(request.alias()));
  for (const std::string& customer : after) {
    if (Contains(before, customer)) response.add_customer_ids(customer);
  }
  return absl::OkStatus();
}

absl::Status Summarize(const Engine& engine, absl::Time deadline,
                       const v1::SummarizeBaseRequest& request,
                       v1::SummarizeBaseResponse& response) {
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint.as_of_us);
  return SummarizeAll(engine, viewpoint, response);
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
