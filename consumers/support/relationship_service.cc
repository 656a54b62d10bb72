#include "consumers/support/relationship_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/support/base_list.h"
#include "consumers/support/base_summary.h"
#include "consumers/support/customer_list.h"
#include "consumers/support/get_relationship.h"
#include "consumers/support/simulation.h"
#include "consumers/support/watch_stream.h"
#include "engine/base/status_macros.h"

namespace rapport::support {
namespace {

bool AsksForAll(const std::string& customer_id) {
  return customer_id.empty() || customer_id == "-";
}

absl::Status FollowUps(const Engine& engine, edge::Turns& walks, const edge::PageTokens& tokens,
                       const edge::Call& call, const v1::ListFollowUpsRequest& request,
                       v1::ListFollowUpsResponse& response) {
  v1::ListFollowUpsRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   tokens.Read(request.page_size(), request.page_token(), query));
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOfPage(request.viewpoint(), page, call.deadline(), engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  const std::string& customer = request.customer_id();
  const BaseQuestion question{&engine, &call, &walks, viewpoint};
  absl::StatusOr<FollowUpList> list =
      AsksForAll(customer)
          ? FollowUpsOfAll(question, request, page.begin, page.size)
          : FollowUpsOf(question, {customer}, /*must_know=*/true, request, page.begin, page.size);
  RETURN_IF_ERROR(list.status());
  for (v1::CustomerFollowUp& entry : list->entries) *response.add_follow_ups() = std::move(entry);
  response.set_total(static_cast<int64_t>(list->total));
  response.set_next_page_token(edge::NextPageToken(tokens, page, list->total, query, viewpoint));
  return absl::OkStatus();
}

absl::StatusOr<ListPage> ListPageOf(const edge::Page& page) {
  ListPage result;
  result.size = page.size;
  result.begin = page.begin;
  if (page.begin == 0) return result;
  result.after = ListPlace::Parse(page.after);
  if (result.after.has_value()) return result;
  return absl::InvalidArgumentError(
      "PAGE_TOKEN_INVALID: page_token: names no place of this list; begin without one");
}

absl::Status Relationships(const Engine& engine, edge::Turns& walks, const edge::PageTokens& tokens,
                           const edge::Call& call, const v1::ListRelationshipsRequest& request,
                           v1::ListRelationshipsResponse& response) {
  v1::ListRelationshipsRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   tokens.Read(request.page_size(), request.page_token(), query));
  ASSIGN_OR_RETURN(const ListPage part, ListPageOf(page));
  ASSIGN_OR_RETURN(const BaseFilter filter, BaseFilter::Parse(request.filter()));
  ASSIGN_OR_RETURN(const ListOrder order, ListOrder::Parse(request.order_by()));
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOfPage(request.viewpoint(), page, call.deadline(), engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  ASSIGN_OR_RETURN(CustomerList list,
                   CustomersOfAll({&engine, &call, &walks, viewpoint,
                                   /*is_of_now=*/!request.viewpoint().has_as_of_us()},
                                  filter, order, part));
  for (v1::ListedRelationship& entry : list.entries) {
    *response.add_relationships() = std::move(entry);
  }
  response.set_total(static_cast<int64_t>(list.total));
  const std::string end = list.end.has_value() ? list.end->ToString() : "";
  response.set_next_page_token(edge::NextPageTokenAfter(tokens, page, end, query, viewpoint));
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

absl::Status Timeline(const Engine& engine, const edge::PageTokens& tokens, const edge::Call& call,
                      const v1::ListTimelineRequest& request, v1::ListTimelineResponse& response) {
  const absl::Time deadline = call.deadline();
  if (request.reveal()) RETURN_IF_ERROR(edge::CheckReveal(call, request.purpose()));
  v1::ListTimelineRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   tokens.Read(request.page_size(), request.page_token(), query));
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOfPage(request.viewpoint(), page, deadline, engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  ASSIGN_OR_RETURN(const Group group, engine.history().GroupOf(request.customer_id(), viewpoint));
  ASSIGN_OR_RETURN(history::TimelinePage timeline,
                   engine.history().Timeline(group, viewpoint, page.begin, page.size));
  edge::TellGroup(engine, request.customer_id(), group, response);
  for (v1::TimelineEntry& entry : timeline.entries) *response.add_entries() = std::move(entry);
  const std::vector<v1::TimelineEntry*> shown(response.mutable_entries()->pointer_begin(),
                                              response.mutable_entries()->pointer_end());
  if (request.reveal()) {
    RETURN_IF_ERROR(Reveal(engine, request.customer_id(),
                           edge::OpeningOf(call, request.purpose(), engine), shown));
  } else {
    edge::MaskEntries(shown);
  }
  response.set_total(static_cast<int64_t>(timeline.total));
  response.set_next_page_token(edge::NextPageToken(tokens, page, timeline.total, query, viewpoint));
  return absl::OkStatus();
}

absl::Status Explain(const Engine& engine, const edge::Call& call,
                     const v1::ExplainRelationshipRequest& request,
                     v1::ExplainRelationshipResponse& response) {
  std::vector<v1::ExplainSubject> subjects;
  for (const int subject : request.subjects()) {
    if (subject == v1::EXPLAIN_SUBJECT_UNSPECIFIED || !v1::ExplainSubject_IsValid(subject)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "FIELD_INVALID: subjects: must be STAGE, SCORE, FOLLOW_UP, TYPE or FLAG, is ", subject));
    }
    subjects.push_back(static_cast<v1::ExplainSubject>(subject));
  }
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.deadline(), engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  ASSIGN_OR_RETURN(history::ExplainedRelationship explained,
                   engine.ExplainRelationship(request.customer_id(), viewpoint, subjects));
  response.set_customer_id(request.customer_id());
  edge::TellGroup(engine, request.customer_id(), explained.group, response);
  *response.mutable_explanation() = std::move(explained.explanation);
  response.set_quarantined(explained.quarantined);
  return absl::OkStatus();
}

absl::Status Resolve(const Engine& engine, const edge::Call& call,
                     const v1::ResolveCustomerRequest& request,
                     v1::ResolveCustomerResponse& response) {
  ASSIGN_OR_RETURN(std::vector<std::string> customers,
                   engine.Resolve(request.alias(), call.deadline()));
  for (std::string& customer : customers) response.add_customer_ids(std::move(customer));
  return absl::OkStatus();
}

absl::Status Summarize(const Engine& engine, edge::Turns& walks, const edge::Call& call,
                       const v1::SummarizeBaseRequest& request,
                       v1::SummarizeBaseResponse& response) {
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.deadline(), engine));
  ASSIGN_OR_RETURN(const BaseGroups groups, BaseGroups::Of(request));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  RETURN_IF_ERROR(SummarizeAll({&engine, &call, &walks, viewpoint}, groups, response));
  HideSmallGroups(response);
  return absl::OkStatus();
}

}  // namespace

void RelationshipService::Register(edge::MethodTable& table) {
  const std::string service = "rapport.v1.RelationshipService.";
  table.Add(service + "GetRelationship", this, &RelationshipService::GetRelationship).is_quick =
      IsQuickGet;
  table.Add(service + "BatchGetRelationships", this, &RelationshipService::BatchGetRelationships)
      .is_quick = IsQuickBatch;
  table.Add(service + "ListRelationships", this, &RelationshipService::ListRelationships);
  table.Add(service + "SimulateRelationship", this, &RelationshipService::SimulateRelationship);
  table.Add(service + "ListFollowUps", this, &RelationshipService::ListFollowUps);
  table.Add(service + "ListTimeline", this, &RelationshipService::ListTimeline);
  table.Add(service + "ExplainRelationship", this, &RelationshipService::ExplainRelationship);
  table.Add(service + "ResolveCustomer", this, &RelationshipService::ResolveCustomer);
  table.Add(service + "SummarizeBase", this, &RelationshipService::SummarizeBase);
  table.Add(service + "WatchRelationships", this, &RelationshipService::WatchRelationships);
  table.Add(service + "ClaimFollowUp", &desk_, &FollowUpDesk::Claim);
  table.Add(service + "CompleteFollowUp", &desk_, &FollowUpDesk::Complete);
  table.Add(service + "SnoozeFollowUp", &desk_, &FollowUpDesk::Snooze);
  table.Add(service + "DismissFollowUp", &desk_, &FollowUpDesk::Dismiss);
}

absl::Status RelationshipService::GetRelationship(const edge::Call& call,
                                                  const v1::GetRelationshipRequest& request,
                                                  v1::GetRelationshipResponse& response) {
  return GetOne(*engine_, call, request, response);
}

absl::Status RelationshipService::BatchGetRelationships(
    const edge::Call& call, const v1::BatchGetRelationshipsRequest& request,
    v1::BatchGetRelationshipsResponse& response) {
  return GetBatch(*engine_, call, request, response);
}

absl::Status RelationshipService::ListRelationships(const edge::Call& call,
                                                    const v1::ListRelationshipsRequest& request,
                                                    v1::ListRelationshipsResponse& response) {
  return Relationships(*engine_, *walks_, page_tokens_, call, request, response);
}

absl::Status RelationshipService::SimulateRelationship(
    const edge::Call& call, const v1::SimulateRelationshipRequest& request,
    v1::SimulateRelationshipResponse& response) {
  return Simulate(*engine_, call, request, response);
}

absl::Status RelationshipService::ListFollowUps(const edge::Call& call,
                                                const v1::ListFollowUpsRequest& request,
                                                v1::ListFollowUpsResponse& response) {
  return FollowUps(*engine_, *walks_, page_tokens_, call, request, response);
}

absl::Status RelationshipService::ListTimeline(const edge::Call& call,
                                               const v1::ListTimelineRequest& request,
                                               v1::ListTimelineResponse& response) {
  return Timeline(*engine_, page_tokens_, call, request, response);
}

absl::Status RelationshipService::ExplainRelationship(const edge::Call& call,
                                                      const v1::ExplainRelationshipRequest& request,
                                                      v1::ExplainRelationshipResponse& response) {
  return Explain(*engine_, call, request, response);
}

absl::Status RelationshipService::ResolveCustomer(const edge::Call& call,
                                                  const v1::ResolveCustomerRequest& request,
                                                  v1::ResolveCustomerResponse& response) {
  return Resolve(*engine_, call, request, response);
}

absl::Status RelationshipService::SummarizeBase(const edge::Call& call,
                                                const v1::SummarizeBaseRequest& request,
                                                v1::SummarizeBaseResponse& response) {
  return Summarize(*engine_, *walks_, call, request, response);
}

absl::Status RelationshipService::WatchRelationships(
    const edge::Call& call, const v1::WatchRelationshipsRequest& request,
    edge::Sink<v1::WatchRelationshipsResponse>& sink) {
  return Watch(*engine_, hub_, call, request, sink);
}

}  // namespace rapport::support
