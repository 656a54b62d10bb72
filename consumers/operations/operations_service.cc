#include "consumers/operations/operations_service.h"

#include <algorithm>
#include <map>
#include <set>

#include "consumers/edge/page.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

// How long a status waits for the log to say where it ends.
constexpr absl::Duration kLogPatience = absl::Seconds(2);

void FillPartition(const Engine& engine, Partition partition, Offset log_end,
                   v1::PartitionStatus& status) {
  const pipeline::PartitionProgress progress = engine.pipeline().progress(partition);
  status.set_partition(partition);
  status.set_applied(progress.applied);
  status.set_durable(progress.durable);
  status.set_customers(progress.customers);
  status.set_log_end(std::max(log_end, progress.applied));
  const absl::Status& trouble = progress.stopped.ok() ? progress.waiting : progress.stopped;
  if (trouble.ok()) return;
  status.set_stopped_cause(edge::ReasonOf(trouble));
  status.set_stopped_message(edge::TextOf(trouble));
}

void FillCounts(const store::EventCounters& counters, v1::EventCounts& counts) {
  counts.set_archived(counters.archived);
  counts.set_folded(counters.folded);
  counts.set_duplicates(counters.duplicates);
  counts.set_conflicts(counters.conflicts);
  counts.set_rejected(counters.rejected);
  counts.set_not_folded(counters.not_folded);
  counts.set_anonymous(counters.anonymous);
  counts.set_clear_text(counters.clear_text);
}

absl::Status Status(const Engine& engine, v1::GetStatusResponse& response) {
  response.set_version(RAPPORT_VERSION);
  response.set_log(engine.log().name());
  response.set_log_id(engine.archive().identity().ToString());
  response.set_rules_digest(edge::AnswerInfoOf(engine, 0).rules_digest());
  const std::vector<Offset> ends = engine.LogEnds(kLogPatience);
  int64_t customers = 0;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    v1::PartitionStatus* status = response.add_partitions();
    FillPartition(engine, partition, ends[static_cast<size_t>(partition)], *status);
    customers += status->customers();
  }
  response.set_customers(customers);
  FillCounts(engine.pipeline().counters(), *response.mutable_events());
  response.set_disk_used_bytes(
      static_cast<int64_t>(DirectoryBytes(engine.options().data_directory)));
  ASSIGN_OR_RETURN(const DiskSpace space, DiskSpaceOf(engine.options().data_directory));
  response.set_disk_free_bytes(static_cast<int64_t>(space.free_bytes));
  if (const absl::Status keys = engine.keys().status(); !keys.ok()) {
    response.set_key_store_cause(edge::TextOf(keys));
  }
  if (const absl::Status paused = engine.MayWrite(); !paused.ok()) {
    response.set_paused_cause(edge::ReasonOf(paused));
  }
  return absl::OkStatus();
}

v1::QuarantineEntry EntryOf(const store::QuarantineEntry& entry) {
  v1::QuarantineEntry out;
  out.set_reason(std::string(ReasonName(entry.rejection.reason)));
  out.set_field(entry.rejection.field);
  out.set_message(entry.rejection.message);
  out.set_partition(entry.partition);
  out.set_offset(entry.offset);
  out.set_appended_at_us(entry.append_time_us);
  out.set_customer_id(entry.customer_id);
  out.set_event_id(entry.event_id);
  out.set_source(entry.source);
  return out;
}

absl::Status Quarantine(const Engine& engine, absl::Time deadline,
                        const v1::ListQuarantineRequest& request,
                        v1::ListQuarantineResponse& response) {
  v1::ListQuarantineRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   edge::PageOf(request.page_size(), request.page_token(), query));
  RETURN_IF_ERROR(engine.pipeline().Checkpoint(deadline));
  std::map<std::string, v1::QuarantineCount> counts;
  std::map<std::string, std::set<std::string>> customers;
  size_t total = 0;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    ASSIGN_OR_RETURN(const auto entries, engine.pipeline().Quarantine(partition, 0, SIZE_MAX));
    for (const store::QuarantineEntry& stored : entries) {
      const v1::QuarantineEntry entry = EntryOf(stored);
      if (!request.reason().empty() && entry.reason() != request.reason()) continue;
      v1::QuarantineCount& count = counts[entry.reason()];
      if (count.events() == 0 || entry.appended_at_us() < count.since_us()) {
        count.set_since_us(entry.appended_at_us());
        *count.mutable_example() = entry;
      }
      count.set_reason(entry.reason());
      count.set_events(count.events() + 1);
      // It cannot always be told whose it is.
      if (!entry.customer_id().empty()) customers[entry.reason()].insert(entry.customer_id());
      if (total >= page.begin && total < page.begin + page.size) *response.add_entries() = entry;
      ++total;
    }
  }
  for (auto& [reason, count] : counts) {
    count.set_customers(static_cast<int64_t>(customers[reason].size()));
    *response.add_counts() = count;
  }
  response.set_next_page_token(edge::NextPageToken(page, total, query));
  return absl::OkStatus();
}

}  // namespace

grpc::Status OperationsService::GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                                          v1::GetStatusResponse* response) {
  return edge::ToRpcStatus(Status(*engine_, *response));
}

grpc::Status OperationsService::ListQuarantine(grpc::ServerContext* context,
                                               const v1::ListQuarantineRequest* request,
                                               v1::ListQuarantineResponse* response) {
  return edge::ToRpcStatus(Quarantine(*engine_, edge::DeadlineOf(*context), *request, *response));
}

}  // namespace rapport::operations
