#include "engine/pipeline/partition.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace rapport::pipeline {
namespace {

constexpr absl::Duration kReadTimeout = absl::Milliseconds(50);
constexpr absl::Duration kRetryPause = absl::Milliseconds(200);

// The last record of an archive, if it has one.
absl::StatusOr<RecordBatch> LastArchived(log::Archive& archive, Partition partition, Offset end) {
  RecordBatch last;
  // Blocks are short, so a window of offsets that doubles soon holds a record.
  for (Offset window = 512;; window *= 2) {
    const Offset from = end > window ? end - window : 0;
    const auto cursor = archive.Scan(partition, from, end);
    RecordBatch batch;
    while (cursor->NextBatch(batch)) {
      if (!batch.records.empty()) last = batch;
    }
    RETURN_IF_ERROR(cursor->status());
    if (!last.records.empty() || from == 0) return last;
  }
}

}  // namespace

PartitionRunner::PartitionRunner(const PartitionParts& parts, const PartitionOptions& options,
                                 const store::PartitionState& state)
    : parts_(parts),
      options_(options),
      folder_(parts.partition, parts.partitions, parts.projection, parts.archive, parts.store,
              state, parts.on_erasure),
      last_cut_(absl::Now()),
      counters_(state.counters) {
  parts_.progress->Update(parts_.partition, [&](PartitionProgress& progress) {
    progress.applied = state.next;
    progress.durable = state.next;
    progress.customers = state.customers;
  });
}

PartitionRunner::~PartitionRunner() { Stop(); }

void PartitionRunner::Start() {
  thread_ = std::thread([this] { Run(); });
}

void PartitionRunner::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

store::EventCounters PartitionRunner::counters() const {
  std::lock_guard lock(counters_mutex_);
  return counters_;
}

void PartitionRunner::Run() {
  absl::Status status = FoldArchive();
  if (status.ok() && parts_.mirror) status = CompareAnchor();
  if (status.ok()) status = FollowLog();
  if (!status.ok()) {
    parts_.progress->Update(parts_.partition,
                            [&](PartitionProgress& progress) { progress.stopped = status; });
    // What is applied stays readable, and digests may still ask for a cut.
    while (!stopping_) {
      MaybeCheckpoint(false);
      absl::SleepFor(kReadTimeout);
    }
  }
  AwaitCommit();
  if (folder_.HasChanges()) {
    MaybeCheckpoint(true);
    AwaitCommit();
  }
}

// Folds what the archive holds beyond the state.
absl::Status PartitionRunner::FoldArchive() {
  const Offset end = parts_.archive->End(parts_.partition).next;
  const auto cursor = parts_.archive->Scan(parts_.partition, folder_.state().next, end);
  RecordBatch batch;
  while (!stopping_ && cursor->NextBatch(batch)) RETURN_IF_ERROR(Apply(batch));
  return cursor->status();
}

// The log must still be the one that was archived: its record at the archive's last offset must be
// the archived one.
absl::Status PartitionRunner::CompareAnchor() {
  if (stopping_) return absl::OkStatus();
  const log::ArchiveEnd end = parts_.archive->End(parts_.partition);
  absl::StatusOr<log::OffsetRange> range = parts_.log->Range(parts_.partition);
  while (absl::IsUnavailable(range.status()) && !stopping_) {
    absl::SleepFor(kRetryPause);
    range = parts_.log->Range(parts_.partition);
  }
  if (stopping_) return absl::OkStatus();
  RETURN_IF_ERROR(range.status());
  if (range->start > end.next) {
    return absl::FailedPreconditionError(
        absl::StrCat("ARCHIVE_GAP: the log of partition ", parts_.partition, " begins at ",
                     range->start, ", the archive ends at ", end.next,
                     ": the events between are lost to both. Reads go on; "
                     "set retention.ms to -1 and restore the archive from a backup"));
  }
  ASSIGN_OR_RETURN(const RecordBatch last,
                   LastArchived(*parts_.archive, parts_.partition, end.next));
  if (last.records.empty()) return absl::OkStatus();
  const RecordView& archived = last.records.back();
  if (archived.offset < range->start) return absl::OkStatus();
  const auto changed = [&](absl::string_view how) {
    return absl::FailedPreconditionError(
        absl::StrCat("LOG_CHANGED: the log was truncated or re-created (record ", parts_.partition,
                     "@", archived.offset, " ", how, "). Partition ", parts_.partition,
                     " is stopped, reads go on. Check the cluster, then: rapport status"));
  };
  if (range->end <= archived.offset) return changed("is gone");
  ASSIGN_OR_RETURN(auto reader, parts_.log->NewReader(parts_.partition, archived.offset));
  while (!stopping_) {
    const absl::StatusOr<RecordBatch> batch = reader->Read(1, kReadTimeout);
    if (absl::IsUnavailable(batch.status())) continue;
    RETURN_IF_ERROR(batch.status());
    if (batch->records.empty() && batch->next <= archived.offset) continue;
    if (batch->records.empty() || batch->records[0].offset != archived.offset ||
        log::RecordCrc(batch->records[0]) != log::RecordCrc(archived)) {
      return changed("differs");
    }
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status PartitionRunner::FollowLog() {
  std::unique_ptr<log::LogReader> reader;
  while (!stopping_) {
    MaybeCheckpoint(false);
    absl::Status wait = parts_.may_write();
    if (wait.ok() && reader == nullptr) {
      auto opened = parts_.log->NewReader(parts_.partition, folder_.state().next);
      wait = opened.status();
      if (opened.ok()) reader = std::move(opened).value();
    }
    absl::StatusOr<RecordBatch> batch = absl::UnavailableError("");
    if (wait.ok()) {
      batch = reader->Read(options_.batch_records_max, kReadTimeout);
      wait = batch.status();
    }
    if (absl::IsUnavailable(wait) || absl::IsResourceExhausted(wait)) {
      parts_.progress->Update(parts_.partition,
                              [&](PartitionProgress& progress) { progress.waiting = wait; });
      absl::SleepFor(kRetryPause);
      continue;
    }
    RETURN_IF_ERROR(wait);
    parts_.progress->Update(parts_.partition, [](PartitionProgress& progress) {
      if (!progress.waiting.ok()) progress.waiting = absl::OkStatus();
    });
    if (batch->next == folder_.state().next) continue;
    if (parts_.mirror) {
      RETURN_IF_ERROR(
          parts_.archive->Append(absl::MakeConstSpan(&*batch, 1), table::Durability::kBuffered));
    }
    RETURN_IF_ERROR(Apply(*batch));
  }
  return absl::OkStatus();
}

absl::Status PartitionRunner::Apply(const RecordBatch& batch) {
  RETURN_IF_ERROR(folder_.Apply(batch));
  const store::PartitionState& state = folder_.state();
  {
    std::lock_guard lock(counters_mutex_);
    counters_ = state.counters;
  }
  parts_.progress->Update(parts_.partition, [&](PartitionProgress& progress) {
    progress.applied = state.next;
    progress.customers = state.customers;
  });
  MaybeCheckpoint(folder_.dirty() >= options_.dirty_slots_max);
  folder_.Evict(options_.memory_bytes);
  return absl::OkStatus();
}

void PartitionRunner::MaybeCheckpoint(bool force) {
  if (in_flight_ != nullptr && !commit_done_ && !force) return;
  AwaitCommit();
  if (!folder_.HasChanges() || commit_failed_) return;
  const bool requested = checkpoint_requested_.exchange(false);
  if (!force && !requested && absl::Now() - last_cut_ < options_.checkpoint_interval) return;
  last_cut_ = absl::Now();
  in_flight_ = std::make_unique<Checkpoint>(folder_.TakeCut());
  commit_done_ = false;
  const Offset next = in_flight_->cut.state.next;
  parts_.committer->Submit(std::move(in_flight_->cut), [this, next](const absl::Status& status) {
    if (status.ok()) {
      parts_.progress->Update(parts_.partition,
                              [&](PartitionProgress& progress) { progress.durable = next; });
    }
    commit_failed_ = !status.ok();
    commit_done_ = true;
    commit_done_.notify_all();
  });
}

// Waits for the commit under way, if any, and unpins its slots.
void PartitionRunner::AwaitCommit() {
  if (in_flight_ == nullptr) return;
  commit_done_.wait(false);
  // After a failure the slots stay pinned: their facts are nowhere else.
  if (!commit_failed_) folder_.Committed(*in_flight_);
  in_flight_.reset();
}

}  // namespace rapport::pipeline
