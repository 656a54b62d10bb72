// MemoryLog keeps its records in memory: for tests, and for runs that need not outlive their
// process.
//
//   ManualClock clock(now_us);
//   MemoryLog log(/*partitions=*/8, LogIdentity{0x7c1e90ab, 1}, &clock);
//   auto appended = AppendAndWait(log, {.key = "ana", .value = bytes});
//
// It can also become what a broker's log can become: AppendGap leaves offsets that never hold a
// record, as aborted transactions do; DropBefore loses the front, as retention does; CutFrom loses
// the tail, as an unclean election does.
//
// Threads:   all methods from any thread.
// Ownership: borrows the clock, which must outlive it.
// Errors:    Append never fails. Readers get FAILED_PRECONDITION (ARCHIVE_GAP below the start,
//            LOG_CHANGED beyond the end).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/clock.h"
#include "engine/log/log.h"

namespace rapport::log {

class MemoryLog : public Log {
 public:
  // REQUIRES: 1 <= partitions <= 1024.
  MemoryLog(int partitions, const LogIdentity& identity, const Clock* clock);

  LogIdentity identity() const override { return identity_; }
  std::string name() const override { return "memory"; }
  int partitions() const override { return static_cast<int>(partitions_.size()); }
  // Calls `done` before it returns.
  void Append(NewRecord record, AppendDone done) override;
  absl::StatusOr<OffsetRange> Range(Partition partition) override;
  absl::StatusOr<std::unique_ptr<LogReader>> NewReader(Partition partition, Offset next) override;

  // Puts `record` on `partition`, whatever its key says: what a foreign partitioner does.
  Appended AppendTo(Partition partition, NewRecord record);

  // Leaves `count` offsets at the end of `partition` without a record.
  void AppendGap(Partition partition, Offset count);

  // Loses all records below `start`; the range begins there.
  void DropBefore(Partition partition, Offset start);

  // Loses all records from `end` on; the next append takes that offset.
  void CutFrom(Partition partition, Offset end);

  // One record and what its views borrow.
  struct Stored;

 private:
  class Reader;

  struct PartitionLog {
    Offset start = 0;
    Offset end = 0;
    int64_t append_time_us = 0;
    std::deque<std::shared_ptr<const Stored>> records;
  };

  // INVALID_ARGUMENT when there is no such partition.
  absl::Status CheckPartition(Partition partition) const;
  absl::StatusOr<RecordBatch> ReadFrom(Partition partition, Offset next, size_t max_records,
                                       absl::Duration timeout);

  const LogIdentity identity_;
  const Clock* const clock_;
  absl::Mutex mutex_;
  std::vector<PartitionLog> partitions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::log
