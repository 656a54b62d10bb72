#include "consumers/operations/command_status.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "consumers/operations/command_rebuild.h"
#include "consumers/operations/known_names.h"
#include "consumers/transactions/import_report.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

void PrintPartition(const v1::PartitionStatus& partition) {
  std::printf("%s %s %s %s %s\n", Pad(absl::StrCat(partition.partition()), 10).c_str(),
              Pad(Thousands(partition.applied()), -12).c_str(),
              Pad(Thousands(partition.durable()), -12).c_str(),
              Pad(Thousands(partition.log_end()), -12).c_str(),
              Pad(Thousands(partition.customers()), -12).c_str());
  if (!partition.stopped_cause().empty()) {
    std::printf("  %s %s: %s\n  cure: %s\n",
                partition.waits() ? "waits:" : "stopped:", partition.stopped_cause().c_str(),
                partition.stopped_message().c_str(), partition.cure().c_str());
  }
  if (partition.echo_pending() > 0) {
    std::printf("  %s events wait to be told to a second customer\n",
                Thousands(partition.echo_pending()).c_str());
  }
  if (partition.texts_wait()) {
    std::printf(
        "  texts wait: it has not come yet to where its log ended at the start, and may have to "
        "learn of an erasure\n");
  }
  for (const v1::AcceptedLoss& loss : partition.losses()) {
    std::printf("  lost: %s to %s, accepted %s by %s\n", Thousands(loss.from()).c_str(),
                Thousands(loss.to() - 1).c_str(), FormatDay(DayOf(loss.accepted_at_us())).c_str(),
                loss.reason().c_str());
  }
}

void PrintStatus(const v1::GetStatusResponse& status) {
  int64_t lag = 0;
  for (const v1::PartitionStatus& partition : status.partitions()) {
    lag += partition.log_end() - partition.applied();
  }
  const v1::EventCounts& events = status.events();
  std::printf("rapport %s   log %s %s   rules %s\n", status.version().c_str(), status.log().c_str(),
              status.log_id().c_str(), status.rules_digest().c_str());
  std::printf("%s customers, %s events folded, %s behind\n", Thousands(status.customers()).c_str(),
              Thousands(events.folded()).c_str(), Thousands(lag).c_str());
  std::printf(
      "archived %s = folded %s + duplicates %s + conflicts %s + rejected %s + kept for a "
      "later version %s\n",
      Thousands(events.archived()).c_str(), Thousands(events.folded()).c_str(),
      Thousands(events.duplicates()).c_str(), Thousands(events.conflicts()).c_str(),
      Thousands(events.rejected()).c_str(), Thousands(events.not_folded()).c_str());
  std::printf("disk %s used, %s free\n",
              transactions::FormatBytes(status.disk_used_bytes()).c_str(),
              transactions::FormatBytes(status.disk_free_bytes()).c_str());
  if (events.clear_text() > 0) {
    std::printf(
        "%s events hold free text, names or addresses in clear, which the log keeps: "
        "somebody writes to the topic past the ingress\n",
        Thousands(events.clear_text()).c_str());
  }
  if (!status.key_store_cause().empty()) {
    std::printf("keys: %s\n", status.key_store_cause().c_str());
  }
  if (!status.paused_cause().empty()) {
    std::printf("paused: %s, nothing is taken in; free some space\n",
                status.paused_cause().c_str());
  }
  if (status.has_rebuild()) std::printf("rebuild %s\n", RebuildLine(status.rebuild()).c_str());
  for (const std::string& alarm : status.alarms()) std::printf("alarm: %s\n", alarm.c_str());
  for (const std::string& warning : status.warnings()) {
    std::printf("warning: %s\n", warning.c_str());
  }
  std::printf("%s %s %s %s %s\n", Pad("partition", 10).c_str(), Pad("applied", -12).c_str(),
              Pad("durable", -12).c_str(), Pad("log end", -12).c_str(),
              Pad("customers", -12).c_str());
  for (const v1::PartitionStatus& partition : status.partitions()) PrintPartition(partition);
}

// The last rebuild or refold, where the end of a process broke it off.
absl::Status PrintInterrupted(Client& client, const v1::GetStatusResponse& status) {
  if (status.has_rebuild()) return absl::OkStatus();
  v1::ListOperationsResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::ListOperations,
                              v1::ListOperationsRequest(), &answer));
  if (answer.operations().empty()) return absl::OkStatus();
  const v1::Operation& last = answer.operations(0);
  if (last.state() == v1::OPERATION_STATE_RUNNING && client.store() != nullptr) {
    std::printf("%s was interrupted, and goes on once this store is served\n", last.id().c_str());
  } else if (last.rebuild().cause() == "INTERRUPTED") {
    std::printf("%s: rebuild %s\n", last.id().c_str(), RebuildLine(last.rebuild()).c_str());
  }
  return absl::OkStatus();
}

void PrintCsvPartitions(const v1::GetStatusResponse& status) {
  PrintCsv({"partition", "applied", "durable", "log_end", "customers", "stopped_cause"});
  for (const v1::PartitionStatus& partition : status.partitions()) {
    PrintCsv({absl::StrCat(partition.partition()), absl::StrCat(partition.applied()),
              absl::StrCat(partition.durable()), absl::StrCat(partition.log_end()),
              absl::StrCat(partition.customers()), partition.stopped_cause()});
  }
}

void PrintCsvQuarantine(const v1::ListQuarantineResponse& answer) {
  PrintCsv({"reason", "field", "message", "partition", "offset", "appended_at", "customer_id",
            "event_id", "source"});
  for (const v1::QuarantineEntry& entry : answer.entries()) {
    PrintCsv({entry.reason(), entry.field(), entry.message(), absl::StrCat(entry.partition()),
              absl::StrCat(entry.offset()), FormatTime(entry.appended_at_us()), entry.customer_id(),
              entry.event_id(), entry.source()});
  }
}

}  // namespace

absl::Status ShowStatus(Client& client, Format format) {
  v1::GetStatusResponse status;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::GetStatus,
                              v1::GetStatusRequest(), &status));
  if (format == Format::kTable) {
    PrintStatus(status);
    return PrintInterrupted(client, status);
  }
  if (format == Format::kCsv) {
    PrintCsvPartitions(status);
  } else {
    PrintJson(format, {&status});
  }
  return absl::OkStatus();
}

absl::Status ShowDigest(Client& client, bool customers, Format format) {
  v1::DigestRequest request;
  request.set_per_customer(customers);
  v1::DigestResponse digest;
  RETURN_IF_ERROR(
      client.Call(client.history(), &v1::HistoryService::Stub::Digest, request, &digest));
  if (format != Format::kTable) {
    PrintJson(format, {&digest});
    return absl::OkStatus();
  }
  for (const v1::PartitionDigest& partition : digest.partitions()) {
    std::printf("partition %d at %s  facts %s  state %s  %s customers\n", partition.partition(),
                Thousands(partition.offset()).c_str(), partition.facts_digest().c_str(),
                partition.state_digest().c_str(), Thousands(partition.customers()).c_str());
  }
  for (const v1::CustomerDigest& customer : digest.customers()) {
    std::printf("%s  %s\n", customer.facts_digest().c_str(), customer.customer_id().c_str());
  }
  std::printf("facts %s  state %s\n", digest.facts_digest().c_str(), digest.state_digest().c_str());
  return absl::OkStatus();
}

absl::Status ListQuarantine(Client& client, const std::string& reason, int limit, Format format) {
  RETURN_IF_ERROR(CheckReason(reason));
  v1::ListQuarantineRequest request;
  request.set_reason(reason);
  request.set_page_size(limit);
  v1::ListQuarantineResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &v1::OperationsService::Stub::ListQuarantine,
                              request, &answer));
  if (format == Format::kCsv) {
    PrintCsvQuarantine(answer);
    return absl::OkStatus();
  }
  if (format != Format::kTable) {
    PrintJson(format, PointersTo(answer.entries()));
    return absl::OkStatus();
  }
  if (answer.counts().empty()) {
    std::printf("nothing is in quarantine\n");
    return absl::OkStatus();
  }
  std::printf("%s %s %s %s %s\n", Pad("reason", 24).c_str(), Pad("events", -8).c_str(),
              Pad("customers", -10).c_str(), Pad("since", 10).c_str(), "example");
  for (const v1::QuarantineCount& count : answer.counts()) {
    const v1::QuarantineEntry& example = count.example();
    std::printf("%s %s %s %s %d@%d %s%s%s\n", Pad(count.reason(), 24).c_str(),
                Pad(Thousands(count.events()), -8).c_str(),
                Pad(Thousands(count.customers()), -10).c_str(),
                FormatDay(DayOf(count.since_us())).c_str(), example.partition(),
                static_cast<int>(example.offset()), example.field().c_str(),
                example.field().empty() ? "" : ": ", example.message().c_str());
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
