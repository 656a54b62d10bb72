#include "engine/log/memory_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/log/partitioner.h"

namespace rapport::log {

struct MemoryLog::Stored {
  Stored(NewRecord from, Partition partition, Offset offset, int64_t append_time_us)
      : bytes(std::move(from)) {
    headers.reserve(bytes.headers.size());
    for (const auto& [name, value] : bytes.headers) headers.push_back({name, value});
    record = {partition, offset, append_time_us, bytes.key, bytes.value, absl::MakeSpan(headers)};
  }
  Stored(const Stored&) = delete;

  const NewRecord bytes;
  std::vector<HeaderView> headers;
  RecordView record;
};

class MemoryLog::Reader : public LogReader {
 public:
  Reader(MemoryLog* log, Partition partition, Offset next)
      : log_(log), partition_(partition), next_(next) {}

  absl::StatusOr<RecordBatch> Read(size_t max_records, absl::Duration timeout) override {
    ASSIGN_OR_RETURN(RecordBatch batch, log_->ReadFrom(partition_, next_, max_records, timeout));
    next_ = batch.next;
    return batch;
  }

 private:
  MemoryLog* const log_;
  const Partition partition_;
  Offset next_;
};

MemoryLog::MemoryLog(int partitions, const LogIdentity& identity, const Clock* clock)
    : identity_(identity), clock_(clock), partitions_(static_cast<size_t>(partitions)) {
  RAPPORT_CHECK(partitions >= 1 && partitions <= 1024) << "a log of " << partitions;
}

absl::Status MemoryLog::CheckPartition(Partition partition) const {
  if (partition >= 0 && partition < partitions()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the log has no partition ", partition, ", only 0 to ", partitions() - 1));
}

void MemoryLog::Append(NewRecord record, AppendDone done) {
  const Partition partition = PartitionOf(record.key, partitions());
  done(AppendTo(partition, std::move(record)));
}

Appended MemoryLog::AppendTo(Partition partition, NewRecord record) {
  RAPPORT_CHECK_OK(CheckPartition(partition));
  absl::MutexLock lock(&mutex_);
  PartitionLog& log = partitions_[static_cast<size_t>(partition)];
  log.append_time_us = std::max(log.append_time_us, clock_->NowMicros());
  log.records.push_back(
      std::make_shared<const Stored>(std::move(record), partition, log.end, log.append_time_us));
  return {partition, log.end++, log.append_time_us};
}

void MemoryLog::AppendGap(Partition partition, Offset count) {
  RAPPORT_CHECK_OK(CheckPartition(partition));
  absl::MutexLock lock(&mutex_);
  partitions_[static_cast<size_t>(partition)].end += count;
}

void MemoryLog::DropBefore(Partition partition, Offset start) {
  RAPPORT_CHECK_OK(CheckPartition(partition));
  absl::MutexLock lock(&mutex_);
  PartitionLog& log = partitions_[static_cast<size_t>(partition)];
  log.start = std::max(log.start, start);
  log.end = std::max(log.end, start);
  while (!log.records.empty() && log.records.front()->record.offset < start) {
    log.records.pop_front();
  }
}

void MemoryLog::CutFrom(Partition partition, Offset end) {
  RAPPORT_CHECK_OK(CheckPartition(partition));
  absl::MutexLock lock(&mutex_);
  PartitionLog& log = partitions_[static_cast<size_t>(partition)];
  log.end = std::min(log.end, end);
  log.start = std::min(log.start, end);
  while (!log.records.empty() && log.records.back()->record.offset >= end) log.records.pop_back();
}

absl::StatusOr<OffsetRange> MemoryLog::Range(Partition partition) {
  RETURN_IF_ERROR(CheckPartition(partition));
  absl::MutexLock lock(&mutex_);
  const PartitionLog& log = partitions_[static_cast<size_t>(partition)];
  return OffsetRange{log.start, log.end};
}

absl::StatusOr<std::unique_ptr<LogReader>> MemoryLog::NewReader(Partition partition, Offset next) {
  RETURN_IF_ERROR(CheckPartition(partition));
  if (next < 0) return absl::InvalidArgumentError(absl::StrCat("no offset is ", next));
  return std::make_unique<Reader>(this, partition, next);
}

absl::StatusOr<RecordBatch> MemoryLog::ReadFrom(Partition partition, Offset next,
                                                size_t max_records, absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const PartitionLog& log = partitions_[static_cast<size_t>(partition)];
  const auto has_news = [&log, next] { return log.end != next || log.start > next; };
  if (timeout > absl::ZeroDuration()) {
    mutex_.AwaitWithTimeout(absl::Condition(&has_news), timeout);
  }
  if (next < log.start) {
    return absl::FailedPreconditionError(
        absl::StrCat("ARCHIVE_GAP: partition ", partition, " begins at ", log.start,
                     " now, offset ", next, " is lost; accept the loss or restore the log"));
  }
  if (next > log.end) {
    return absl::FailedPreconditionError(
        absl::StrCat("LOG_CHANGED: partition ", partition, " ends at ", log.end,
                     " and does not hold offset ", next, "; find out who cut it"));
  }
  using Records = std::vector<std::shared_ptr<const Stored>>;
  auto owner = std::make_shared<Records>();
  RecordBatch batch{partition, next, log.end, {}, nullptr};
  auto it = std::lower_bound(
      log.records.begin(), log.records.end(), next,
      [](const auto& stored, Offset offset) { return stored->record.offset < offset; });
  for (; it != log.records.end(); ++it) {
    if (batch.records.size() == max_records) {
      batch.next = batch.records.empty() ? next : batch.records.back().offset + 1;
      break;
    }
    batch.records.push_back((*it)->record);
    owner->push_back(*it);
  }
  batch.owner = std::move(owner);
  return batch;
}

}  // namespace rapport::log
