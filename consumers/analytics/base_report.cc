#include "consumers/analytics/base_report.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/validator.h"

namespace rapport::analytics {
namespace {

absl::StatusOr<fold::ReportWindow> WindowOf(const v1::ReportRequest& request, int64_t as_of_us) {
  fold::ReportWindow window;
  window.as_of_us = as_of_us;
  if (request.has_from_us()) window.from_us = request.from_us();
  if (request.has_to_us()) window.to_us = request.to_us();
  if (window.from_us < window.to_us) return window;
  return absl::InvalidArgumentError(absl::StrCat("TIME_OUT_OF_RANGE: to: must be behind from, ",
                                                 FormatTime(window.from_us), ", is ",
                                                 FormatTime(window.to_us)));
}

// Each relationship once, in the order of its first member.
absl::Status AddCustomers(const Engine& engine, const edge::Call& call,
                          const history::Viewpoint& viewpoint, fold::ReportRun& run) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, engine.pipeline().CustomerIds());
  std::sort(ids.begin(), ids.end());
  std::set<std::string> told;
  for (const std::string& id : ids) {
    call.Note(engine.pipeline().PartitionOfCustomer(id), 1);
    RETURN_IF_ERROR(edge::CheckAsked(call));
    if (told.contains(id)) continue;
    ASSIGN_OR_RETURN(const Group group, engine.history().GroupOf(id, viewpoint));
    if (group.is_merged()) told.insert(group.members.begin(), group.members.end());
    const absl::StatusOr<history::CountingEvents> events =
        engine.history().CountingEventsOf(group, viewpoint);
    // Gone since the ids were told.
    if (absl::IsNotFound(events.status())) continue;
    RETURN_IF_ERROR(events.status());
    if (!events->get().empty()) run.AddCustomer(group.survivor, events->get());
  }
  return absl::OkStatus();
}

// Up to where each partition is read for the events of nobody known.
std::vector<Offset> EndsOf(const Engine& engine, const history::Viewpoint& viewpoint) {
  Position applied = engine.pipeline().Applied();
  std::vector<Offset> ends;
  for (Partition partition = 0; partition < engine.archive().partitions(); ++partition) {
    const auto known = viewpoint.known_at.next.find(partition);
    const Offset end = applied.next[partition];
    ends.push_back(known == viewpoint.known_at.next.end() ? end : std::min(known->second, end));
  }
  return ends;
}

// The events of nobody known in one partition; of one id the first good one stands.
absl::Status AddAnonymous(const Engine& engine, const edge::Call& call,
                          const history::Viewpoint& viewpoint, Partition partition, Offset end,
                          fold::ReportRun& run) {
  // What ends the process when it is looked at is not looked at.
  const auto crashed = engine.pipeline().progress(partition).crashed;
  event::Validator validator(event::ValidatorOptions{});
  absl::flat_hash_set<std::string> met;
  const auto cursor = engine.archive().Scan(partition, 0, end);
  RecordBatch batch;
  Offset passed = engine.archive().End(partition).start;
  while (cursor->NextBatch(batch)) {
    call.Note(partition, std::max<Offset>(0, batch.next - passed));
    passed = batch.next;
    RETURN_IF_ERROR(edge::CheckAsked(call));
    for (const RecordView& record : batch.records) {
      if (crashed.contains(record.offset) || validator.CheckEnvelope(record).has_value()) continue;
      const ValidEvent& event = validator.event();
      if (!event.customer_id.empty() || met.contains(event.id.Bytes())) continue;
      if (validator.CheckPayload().has_value()) continue;
      met.insert(event.id.Bytes());
      if (event.occurred_at_us <= viewpoint.as_of_us) run.AddAnonymous(event);
    }
  }
  return cursor->status();
}

// The same of the field of this request: of one customer, reports are asked for as insights.
absl::Status OfName(const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrReplaceAll(status.message(), {{"insights: there is no insight",
                                                              "name: there is no report"}}));
}

}  // namespace

absl::Status ReportOnBase(const Engine& engine, const edge::Call& call, edge::Turns& walks,
                          const v1::ReportRequest& request, v1::ReportResponse& response) {
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.given_deadline(), engine));
  ASSIGN_OR_RETURN(fold::ReportWindow window, WindowOf(request, viewpoint.as_of_us));
  // What has taken too long is told below.
  window.is_late = [&viewpoint] { return viewpoint.IsLate(); };
  absl::StatusOr<std::unique_ptr<fold::ReportRun>> begun =
      viewpoint.rules->Report({request.name()}, window);
  if (!begun.ok()) return OfName(begun.status());
  const std::unique_ptr<fold::ReportRun> run = *std::move(begun);
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, walks.Take(call));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  const std::vector<Offset> ends = EndsOf(engine, viewpoint);
  std::vector<int64_t> records;
  for (Partition partition = 0; partition < engine.archive().partitions(); ++partition) {
    const Offset start = engine.archive().End(partition).start;
    records.push_back(std::max<Offset>(0, ends[static_cast<size_t>(partition)] - start));
  }
  call.Expect(records);
  call.Expect(edge::CustomersByPartition(engine));
  RETURN_IF_ERROR(AddCustomers(engine, call, viewpoint, *run));
  for (Partition partition = 0; partition < engine.archive().partitions(); ++partition) {
    RETURN_IF_ERROR(AddAnonymous(engine, call, viewpoint, partition,
                                 ends[static_cast<size_t>(partition)], *run));
  }
  google::protobuf::RepeatedPtrField<v1::Table> tables;
  run->Finish(tables);
  RETURN_IF_ERROR(edge::CheckAsked(call));
  *response.mutable_table() = std::move(tables[0]);
  return absl::OkStatus();
}

}  // namespace rapport::analytics
