#include "consumers/operations/operations_service.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "consumers/operations/cure.h"
#include "consumers/operations/fill_rebuild.h"
#include "consumers/operations/unlisted_currency.h"
#include "consumers/operations/verification.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"
#include "engine/model/index_row.h"

namespace rapport::operations {
namespace {

// How long a status waits for the log to say where it ends.
constexpr absl::Duration kLogPatience = absl::Seconds(2);

using Alarms = google::protobuf::RepeatedPtrField<std::string>;
using Partitions = google::protobuf::RepeatedPtrField<v1::PartitionStatus>;

void FillPartition(const Engine& engine, Partition partition, Offset log_end,
                   v1::PartitionStatus& status, Alarms& alarms) {
  const pipeline::PartitionProgress progress = engine.pipeline().progress(partition);
  status.set_partition(partition);
  status.set_applied(progress.applied);
  status.set_durable(progress.durable);
  status.set_customers(progress.customers);
  status.set_log_end(std::max(log_end, progress.applied));
  status.set_texts_wait(!progress.is_current);
  status.set_echo_pending(progress.echo_pending);
  if (!progress.echo_refused.ok()) {
    *alarms.Add() =
        absl::StrCat("ECHO_REFUSED: ", progress.echo_pending, " events of partition ", partition,
                     " wait to be told to a second customer, the log takes none: ",
                     progress.echo_refused.message(),
                     ". They are kept and tried again; with Kafka allow this program "
                     "to WRITE, or serve with --echo off");
  }
  for (const auto& [offset, deaths] : progress.crashed) {
    *alarms.Add() = absl::StrCat("CRASHED_FOLD: folding record ", partition, "@", offset,
                                 " ended the process ", deaths,
                                 " times; it is in quarantine. Report it, upgrade, then: rapport "
                                 "quarantine retry --partition ",
                                 partition, " --offset ", offset);
  }
  const absl::Status& trouble = progress.stopped.ok() ? progress.waiting : progress.stopped;
  if (trouble.ok()) return;
  status.set_stopped_cause(edge::ReasonOf(trouble));
  status.set_stopped_message(edge::TextOf(trouble));
  status.set_cure(CureOf(status.stopped_cause(), partition));
  status.set_waits(progress.stopped.ok());
}

void FillLoss(const log::AcceptedGap& gap, int64_t at_us, v1::AcceptedLoss& loss) {
  loss.set_from(gap.from);
  loss.set_to(gap.to);
  loss.set_reason(gap.reason);
  loss.set_accepted_at_us(at_us);
}

absl::Status FillLosses(const Engine& engine, Partitions& partitions) {
  ASSIGN_OR_RETURN(const auto records, engine.archive().EngineRecords());
  for (const log::EngineRecord& record : records) {
    if (record.type != log::EngineRecord::Type::kGapAccepted) continue;
    ASSIGN_OR_RETURN(const log::AcceptedGap gap, log::DecodeGap(record.body));
    if (gap.partition >= partitions.size()) continue;
    FillLoss(gap, record.at_us, *partitions.Mutable(gap.partition)->add_losses());
  }
  return absl::OkStatus();
}

absl::Status FillPartitions(const Engine& engine, Partitions& partitions, Alarms& alarms) {
  const std::vector<Offset> ends = engine.LogEnds(kLogPatience);
  const std::vector<pipeline::Lag> lags = engine.pipeline().Lags(ends);
  for (size_t i = 0; i < ends.size(); ++i) {
    v1::PartitionStatus& status = *partitions.Add();
    FillPartition(engine, static_cast<Partition>(i), ends[i], status, alarms);
    status.set_lag_ms((lags[i].micros + 999) / 1000);
  }
  return FillLosses(engine, partitions);
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

// What counts otherwise than it says.
void WarnOfCurrencies(const Engine& engine, const RuleBook& rules,
                      v1::GetStatusResponse& response) {
  const int64_t customers = engine.pipeline().IndexRowsOf(kUnlistedCurrencyRowName);
  if (customers == 0) return;
  response.add_warnings(UnlistedWarning(customers, rules.unlisted_rate(), rules.base_currency()));
}

absl::Status Status(const Engine& engine, const RuleBook& rules, v1::GetStatusResponse& response) {
  response.set_version(RAPPORT_VERSION);
  response.set_log(engine.log().name());
  response.set_log_id(engine.archive().identity().ToString());
  response.set_rules_digest(edge::AnswerInfoOf(engine, 0).rules_digest());
  RETURN_IF_ERROR(
      FillPartitions(engine, *response.mutable_partitions(), *response.mutable_alarms()));
  int64_t customers = 0;
  for (const v1::PartitionStatus& status : response.partitions()) customers += status.customers();
  response.set_customers(customers);
  for (std::string& warning : engine.log().warnings()) response.add_warnings(std::move(warning));
  WarnOfCurrencies(engine, rules, response);
  FillCounts(engine.pipeline().counters(), *response.mutable_events());
  response.set_disk_used_bytes(
      static_cast<int64_t>(DirectoryBytes(engine.options().data_directory)));
  ASSIGN_OR_RETURN(const DiskSpace space, DiskSpaceOf(engine.options().data_directory));
  response.set_disk_free_bytes(static_cast<int64_t>(space.free_bytes));
  if (const absl::Status keys = engine.keys().status(); !keys.ok()) {
    response.set_key_store_cause(edge::TextOf(keys));
  } else if (const absl::Status fixed = engine.keys().CheckRotation(); !fixed.ok()) {
    response.add_warnings(std::string(fixed.message()));
  }
  if (const absl::Status paused = engine.MayWrite(); !paused.ok()) {
    response.set_paused_cause(edge::ReasonOf(paused));
  }
  const pipeline::RebuildStatus rebuild = engine.pipeline().rebuild();
  if (rebuild.begun_us != 0)
    FillRebuild(rebuild, engine.clock().NowMicros(), *response.mutable_rebuild());
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

absl::Status Quarantine(const Engine& engine, const edge::PageTokens& tokens, absl::Time deadline,
                        const v1::ListQuarantineRequest& request,
                        v1::ListQuarantineResponse& response) {
  v1::ListQuarantineRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  ASSIGN_OR_RETURN(const edge::Page page,
                   tokens.Read(request.page_size(), request.page_token(), query));
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
  response.set_next_page_token(tokens.Next(page, total, query));
  return absl::OkStatus();
}

// What is kept for ever must be there, and be short.
absl::Status CheckWords(absl::string_view field, const std::string& words) {
  constexpr size_t kWordsBytesMax = 500;
  if (!words.empty() && words.size() <= kWordsBytesMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("FIELD_INVALID: ", field, ": has ", words.size(),
                                                 " bytes, must have 1 to ", kWordsBytesMax,
                                                 "; it is kept for ever"));
}

absl::Status Accept(const Engine& engine, const edge::Call& call,
                    const v1::AcceptLossRequest& request, v1::AcceptLossResponse& response) {
  RETURN_IF_ERROR(CheckWords("reason", request.reason()));
  const std::string who = edge::DoneBy(call, request.caller());
  RETURN_IF_ERROR(CheckWords("caller", who));
  RETURN_IF_ERROR(edge::WriteDown(call, "accept-loss", "", request.reason(), engine));
  ASSIGN_OR_RETURN(
      const log::AcceptedGap gap,
      engine.pipeline().AcceptLoss(request.partition(), absl::StrCat(who, ": ", request.reason()),
                                   call.deadline()));
  FillLoss(gap, engine.clock().NowMicros(), *response.mutable_loss());
  return absl::OkStatus();
}

absl::StatusOr<pipeline::RetryFilter> FilterOf(const v1::RetryQuarantineRequest& request) {
  pipeline::RetryFilter filter;
  if (!request.reason().empty()) {
    filter.reason = ReasonFromName(request.reason());
    if (!filter.reason.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("FIELD_INVALID: reason: there is no such reason; rapport quarantine list "
                       "names those that are there"));
    }
  }
  if (request.has_offset()) {
    if (!request.has_partition()) {
      return absl::InvalidArgumentError("FIELD_INVALID: offset: needs a partition too");
    }
    filter.offset = request.offset();
  }
  return filter;
}

absl::Status Retry(const Engine& engine, const edge::Call& call,
                   const v1::RetryQuarantineRequest& request,
                   v1::RetryQuarantineResponse& response) {
  const std::string who = edge::DoneBy(call, request.caller());
  RETURN_IF_ERROR(CheckWords("caller", who));
  ASSIGN_OR_RETURN(const pipeline::RetryFilter filter, FilterOf(request));
  pipeline::Pipeline& pipeline = engine.pipeline();
  const Partition first = request.has_partition() ? request.partition() : 0;
  const Partition last = request.has_partition() ? first : pipeline.partitions() - 1;
  pipeline::RetryOutcome sum;
  for (Partition partition = first; partition <= last; ++partition) {
    const absl::StatusOr<pipeline::RetryOutcome> outcome =
        pipeline.RetryQuarantine(partition, filter, who, call.given_deadline());
    // One that stands still must not keep the others from being judged.
    if (first < last && edge::ReasonOf(outcome.status()) == "PARTITION_STOPPED") {
      v1::StandingPartition& standing = *response.add_left_out();
      standing.set_partition(partition);
      standing.set_cause(edge::ReasonOf(pipeline.progress(partition).stopped));
      continue;
    }
    RETURN_IF_ERROR(outcome.status());
    sum += *outcome;
  }
  if (filter.offset.has_value() && sum.judged == 0) {
    return absl::NotFoundError(
        absl::StrCat("NOT_FOUND: record ", first, "@", *filter.offset,
                     " is not in quarantine; rapport quarantine list names what is"));
  }
  response.set_judged(sum.judged);
  response.set_released(sum.released);
  response.set_customers(sum.customers);
  return absl::OkStatus();
}

}  // namespace

void OperationsService::Register(edge::MethodTable& table) {
  const std::string service = "rapport.v1.OperationsService.";
  table.Add(service + "GetStatus", this, &OperationsService::GetStatus);
  table.Add(service + "ListPartitions", this, &OperationsService::ListPartitions);
  table.Add(service + "ListQuarantine", this, &OperationsService::ListQuarantine);
  table.Add(service + "RetryQuarantine", this, &OperationsService::RetryQuarantine);
  table.Add(service + "StartRebuild", this, &OperationsService::StartRebuild);
  table.Add(service + "StartOperation", this, &OperationsService::StartOperation);
  table.Add(service + "ListOperations", this, &OperationsService::ListOperations);
  table.Add(service + "GetOperation", this, &OperationsService::GetOperation);
  table.Add(service + "WaitOperation", this, &OperationsService::WaitOperation);
  table.Add(service + "CancelOperation", this, &OperationsService::CancelOperation);
  table.Add(service + "Verify", this, &OperationsService::Verify);
  table.Add(service + "AcceptLoss", this, &OperationsService::AcceptLoss);
  table.Add(service + "ListRules", this, &OperationsService::ListRules);
  table.Add(service + "CheckRules", this, &OperationsService::CheckRules);
  table.Add(service + "ActivateRules", this, &OperationsService::ActivateRules);
  table.Add(service + "RollbackRules", this, &OperationsService::RollbackRules);
}

absl::Status OperationsService::ListPartitions(const edge::Call&, const v1::ListPartitionsRequest&,
                                               v1::ListPartitionsResponse& response) {
  return FillPartitions(*engine_, *response.mutable_partitions(), *response.mutable_alarms());
}

absl::Status OperationsService::GetStatus(const edge::Call&, const v1::GetStatusRequest&,
                                          v1::GetStatusResponse& response) {
  return Status(*engine_, *rules_, response);
}

absl::Status OperationsService::ListQuarantine(const edge::Call& call,
                                               const v1::ListQuarantineRequest& request,
                                               v1::ListQuarantineResponse& response) {
  return Quarantine(*engine_, page_tokens_, call.deadline(), request, response);
}

absl::Status OperationsService::RetryQuarantine(const edge::Call& call,
                                                const v1::RetryQuarantineRequest& request,
                                                v1::RetryQuarantineResponse& response) {
  // A customer with a long history takes a while to fold: the caller's deadline stands.
  return Retry(*engine_, call, request, response);
}

// Takes as long as the caller waits: the whole archive is folded anew.
absl::Status OperationsService::Verify(const edge::Call& call, const v1::VerifyRequest&,
                                       v1::VerifyResponse& response) {
  ASSIGN_OR_RETURN(const edge::Turns::Turn turn, walks_->Take(call));
  return operations::Verify(*engine_, call, response).status();
}

absl::Status OperationsService::AcceptLoss(const edge::Call& call,
                                           const v1::AcceptLossRequest& request,
                                           v1::AcceptLossResponse& response) {
  return Accept(*engine_, call, request, response);
}

}  // namespace rapport::operations
