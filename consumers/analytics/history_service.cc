#include "consumers/analytics/history_service.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/backtest.h"
#include "consumers/analytics/base_report.h"
#include "consumers/analytics/base_snapshot.h"
#include "consumers/analytics/compare_views.h"
#include "consumers/analytics/replay.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::analytics {
namespace {

constexpr int64_t kAheadMax = 3653 * kMicrosPerDay;

// Of all partitions; null when they are folded by different rules, as while others take over.
absl::StatusOr<std::shared_ptr<const fold::Projection>> AddDigests(const Engine& engine,
                                                                   bool per_customer,
                                                                   v1::DigestResponse& response) {
  SetDigest facts, state;
  std::map<std::string, std::string> customers;
  std::shared_ptr<const fold::Projection> folds;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    ASSIGN_OR_RETURN(
        const pipeline::Digests digests,
        engine.pipeline().Digest(partition, [&](absl::string_view name, const SetDigest& digest) {
          if (per_customer) customers[std::string(name)] = digest.Hex();
        }));
    if (folds == nullptr) folds = digests.folds;
    if (!fold::FoldAlike(*folds, *digests.folds)) return nullptr;
    v1::PartitionDigest* entry = response.add_partitions();
    entry->set_partition(partition);
    entry->set_offset(digests.next);
    entry->set_facts_digest(digests.facts.Hex());
    entry->set_state_digest(digests.state.Hex());
    entry->set_customers(digests.customers);
    facts.Add(digests.facts);
    state.Add(digests.state);
  }
  for (const auto& [name, digest] : customers) {
    v1::CustomerDigest* entry = response.add_customers();
    entry->set_customer_id(name);
    entry->set_facts_digest(digest);
  }
  response.set_facts_digest(facts.Hex());
  response.set_state_digest(state.Hex());
  return folds;
}

// The rules that the answer names fold what it is of.
absl::Status DigestOf(const Engine& engine, absl::Time deadline, const v1::DigestRequest& request,
                      v1::DigestResponse& response) {
  while (true) {
    RETURN_IF_ERROR(history::CheckInTime(deadline));
    RETURN_IF_ERROR(engine.pipeline().Checkpoint(deadline));
    response.Clear();
    history::Viewpoint now;
    now.as_of_us = engine.clock().NowMicros();
    now.rules = engine.rules();
    ASSIGN_OR_RETURN(const auto folds, AddDigests(engine, request.per_customer(), response));
    if (folds == nullptr || !fold::FoldAlike(*folds, *now.rules)) continue;
    *response.mutable_info() = edge::AnswerInfoOf(engine, now);
    return absl::OkStatus();
  }
}

// Which rows are wanted, of what is asked as of `as_of_us`.
absl::StatusOr<history::StandingsSpan> SpanOf(const v1::ListStandingsRequest& request,
                                              int64_t as_of_us) {
  if (request.has_step_us() == request.changes_only()) {
    return absl::InvalidArgumentError("FIELD_INVALID: step_us: give a step, or changes_only");
  }
  if (request.has_step_us() && request.step_us() < kMicrosPerHour) {
    return absl::InvalidArgumentError("FIELD_INVALID: step_us: must be an hour or longer");
  }
  history::StandingsSpan span;
  span.step_us = request.step_us();
  span.to_us = request.has_to_us() ? request.to_us() : as_of_us;
  if (span.to_us <= 0 || span.to_us > as_of_us + kAheadMax || span.to_us >= kEndOfTimeMicros) {
    return absl::InvalidArgumentError(
        absl::StrCat("TIME_OUT_OF_RANGE: to: must be after 1970 and at most ten years behind as_of,"
                     " is ",
                     FormatTime(span.to_us)));
  }
  if (!request.has_from_us()) return span;
  span.from_us = request.from_us();
  if (span.from_us <= 0 || span.from_us > span.to_us) {
    return absl::InvalidArgumentError(
        absl::StrCat("TIME_OUT_OF_RANGE: from: must be after 1970 and not behind to, ",
                     FormatTime(span.to_us), ", is ", FormatTime(span.from_us)));
  }
  return span;
}

absl::Status Standings(const Engine& engine, absl::Time deadline,
                       const v1::ListStandingsRequest& request,
                       v1::ListStandingsResponse& response) {
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), deadline, engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), deadline, engine));
  ASSIGN_OR_RETURN(const history::StandingsSpan span, SpanOf(request, viewpoint.as_of_us));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  const auto go_on = [&viewpoint] { return history::CheckInTime(viewpoint); };
  ASSIGN_OR_RETURN(history::RelationshipOverTime over_time,
                   engine.ListStandings(request.customer_id(), viewpoint, span, go_on));
  response.set_customer_id(request.customer_id());
  edge::TellGroup(engine, request.customer_id(), over_time.group, response);
  for (v1::StandingRow& row : over_time.rows) *response.add_rows() = std::move(row);
  response.set_quarantined(over_time.quarantined);
  return absl::OkStatus();
}

// How many are shown, `otherwise` unless the caller says how many.
absl::StatusOr<size_t> ShownOf(absl::string_view field, int32_t asked, int32_t otherwise,
                               int32_t most) {
  if (asked >= 0 && asked <= most) return static_cast<size_t>(asked == 0 ? otherwise : asked);
  return absl::InvalidArgumentError(
      absl::StrCat("FIELD_INVALID: ", field, ": must be 0 to ", most, ", is ", asked));
}

template <typename Request>
absl::StatusOr<Shown> ShownOf(const Request& request) {
  Shown shown;
  ASSIGN_OR_RETURN(shown.samples, ShownOf("samples", request.samples(), 10, 50));
  ASSIGN_OR_RETURN(shown.customer_ids, ShownOf("customer_ids", request.customer_ids(), 0, 1000));
  return shown;
}

}  // namespace

void HistoryService::Register(edge::MethodTable& table) {
  table.Add("rapport.v1.HistoryService.ReplayEvents", this, &HistoryService::ReplayEvents);
  table.Add("rapport.v1.HistoryService.Digest", this, &HistoryService::Digest);
  table.Add("rapport.v1.HistoryService.SnapshotBase", this, &HistoryService::SnapshotBase);
  table.Add("rapport.v1.HistoryService.ListStandings", this, &HistoryService::ListStandings);
  table.Add("rapport.v1.HistoryService.Diff", this, &HistoryService::Diff);
  table.Add("rapport.v1.HistoryService.WhatIf", this, &HistoryService::WhatIf);
  table.Add("rapport.v1.HistoryService.Backtest", this, &HistoryService::Backtest);
  table.Add("rapport.v1.HistoryService.GetCapsule", this, &HistoryService::GetCapsule);
  table.Add("rapport.v1.HistoryService.Report", this, &HistoryService::Report);
}

absl::Status HistoryService::ReplayEvents(const edge::Call& call,
                                          const v1::ReplayEventsRequest& request,
                                          edge::Sink<v1::ReplayEventsResponse>& sink) {
  RETURN_IF_ERROR(edge::WriteDown(call, "replay", "", "", *engine_));
  return ReplayArchive(*engine_, call, request, sink);
}

absl::Status HistoryService::Digest(const edge::Call& call, const v1::DigestRequest& request,
                                    v1::DigestResponse& response) {
  return DigestOf(*engine_, call.deadline(), request, response);
}

absl::Status HistoryService::SnapshotBase(const edge::Call& call,
                                          const v1::SnapshotBaseRequest& request,
                                          edge::Sink<v1::SnapshotBaseResponse>& sink) {
  RETURN_IF_ERROR(edge::WriteDown(call, "snapshot", "", "", *engine_));
  return StreamBase(*engine_, call, *walks_, request, sink);
}

absl::Status HistoryService::ListStandings(const edge::Call& call,
                                           const v1::ListStandingsRequest& request,
                                           v1::ListStandingsResponse& response) {
  return Standings(*engine_, call.deadline(), request, response);
}

// Both may take as long as the caller waits: a large base is folded anew.
absl::Status HistoryService::Diff(const edge::Call& call, const v1::DiffRequest& request,
                                  v1::DiffResponse& response) {
  ASSIGN_OR_RETURN(const Shown shown, ShownOf(request));
  RETURN_IF_ERROR(
      edge::AwaitPosition(request.min_position(), call.deadline(), engine_->pipeline()));
  ASSIGN_OR_RETURN(history::Viewpoint left,
                   edge::ViewpointOf(request.left(), call.given_deadline(), *engine_, "left"));
  ASSIGN_OR_RETURN(history::Viewpoint right,
                   edge::ViewpointOf(request.right(), call.given_deadline(), *engine_, "right"));
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, walks_->Take(call));
  return CompareViews(*engine_, call, std::move(left), std::move(right), shown,
                      *response.mutable_difference());
}

absl::Status HistoryService::WhatIf(const edge::Call& call, const v1::WhatIfRequest& request,
                                    v1::WhatIfResponse& response) {
  ASSIGN_OR_RETURN(const Shown shown, ShownOf(request));
  RETURN_IF_ERROR(
      edge::AwaitPosition(request.min_position(), call.deadline(), engine_->pipeline()));
  ASSIGN_OR_RETURN(history::Viewpoint left,
                   edge::ViewpointOf(request.viewpoint(), call.given_deadline(), *engine_));
  history::Viewpoint right = left;
  ASSIGN_OR_RETURN(right.rules, find_rules_(request));
  response.set_refolded(!fold::FoldAlike(*left.rules, *right.rules));
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, walks_->Take(call));
  return CompareViews(*engine_, call, std::move(left), std::move(right), shown,
                      *response.mutable_difference());
}

// Takes as long as the caller waits, as those do.
absl::Status HistoryService::Backtest(const edge::Call& call, const v1::BacktestRequest& request,
                                      v1::BacktestResponse& response) {
  RETURN_IF_ERROR(CheckSpan(request, engine_->clock().NowMicros()));
  RETURN_IF_ERROR(
      edge::AwaitPosition(request.min_position(), call.deadline(), engine_->pipeline()));
  BacktestOrder order;
  order.horizon_us = request.horizon_us();
  ASSIGN_OR_RETURN(order.cut,
                   edge::ViewpointOf(request.cut(), call.given_deadline(), *engine_, "cut"));
  if (request.other_rules_case() != v1::BacktestRequest::OTHER_RULES_NOT_SET) {
    v1::WhatIfRequest named;
    named.set_file(request.file());
    if (request.has_rules_text()) named.set_rules_text(request.rules_text());
    if (request.has_rules_digest()) named.set_rules_digest(request.rules_digest());
    ASSIGN_OR_RETURN(order.other_rules, find_rules_(named));
  }
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, walks_->Take(call));
  return RunBacktest(*engine_, call, std::move(order), *response.mutable_backtest());
}

absl::Status HistoryService::GetCapsule(const edge::Call& call,
                                        const v1::GetCapsuleRequest& request,
                                        v1::GetCapsuleResponse& response) {
  RETURN_IF_ERROR(
      edge::AwaitPosition(request.min_position(), call.deadline(), engine_->pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.deadline(), *engine_));
  *response.mutable_info() = edge::AnswerInfoOf(*engine_, viewpoint);
  ASSIGN_OR_RETURN(std::string rules_text, rules_text_(viewpoint.rules->digest()));
  // What is written down comes before what is given away.
  RETURN_IF_ERROR(edge::WriteDown(call, "capsule", request.customer_id(), "", *engine_));
  ASSIGN_OR_RETURN(*response.mutable_capsule(),
                   engine_->MakeCapsule(request.customer_id(), viewpoint,
                                        {std::move(rules_text), RAPPORT_VERSION}));
  return absl::OkStatus();
}

absl::Status HistoryService::Report(const edge::Call& call, const v1::ReportRequest& request,
                                    v1::ReportResponse& response) {
  return ReportOnBase(*engine_, call, *walks_, request, response);
}

}  // namespace rapport::analytics
