// EmbeddedLog is the log of a single machine: its archive is the log, and an append is answered
// when it is on the disk.
//
//   auto log = EmbeddedLog::Start(archive.get(), SystemClock(), {.check_space = FreeSpace});
//   log->Append(std::move(record), [](const absl::StatusOr<Appended>& result) { ... });
//
// One writer thread (with Open: whoever calls WriteWaiting) takes all that waits, gives it offsets
// and append times, writes the blocks of all partitions in one synced write, then shows them to the
// readers and answers. So many publishers share one sync. Append times never fall within a
// partition, whatever the clock does.
//
// Threads:   all methods from any thread; `done` is called from the writer thread and must not
// wait. Ownership: borrows archive and clock, which must outlive it. Nothing else may append
// records to
//            the archive. Destroying it writes what waits, if it has a thread; readers must be gone
//            before.
// Errors:    RESOURCE_EXHAUSTED QUEUE_FULL: more waits than `queue_bytes_max`; what check_space
//            answers, such as DISK_LOW; UNAVAILABLE CLOCK_BEHIND: the clock stands more than an
//            hour before the newest record; INVALID_ARGUMENT TOO_LARGE: no archive takes it.
//            Nothing was appended then. INTERNAL: a write failed. Nothing is known of the records
//            in it, all later appends are refused, Health() says why, and the process must end.
// Never:     shows a reader a record that is not durable.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/clock.h"
#include "engine/log/archive.h"
#include "engine/log/log.h"

namespace rapport::log {

struct EmbeddedLogOptions {
  // Bytes that may wait to be written.
  size_t queue_bytes_max = 64 << 20;
  // Bytes written in one synced write, about.
  size_t group_bytes_max = 4 << 20;
  // Bytes of newest records kept in memory for readers that follow the end, in all.
  size_t recent_bytes_max = 16 << 20;
  // Asked before each append: OK, or why nothing may be appended (RESOURCE_EXHAUSTED, DISK_LOW).
  std::function<absl::Status()> check_space;
};

class EmbeddedLog : public Log {
 public:
  static std::unique_ptr<EmbeddedLog> Start(Archive* archive, const Clock& clock,
                                            EmbeddedLogOptions options = {});
  // Without the writer thread: nothing is written until WriteWaiting is called.
  static std::unique_ptr<EmbeddedLog> Open(Archive* archive, const Clock& clock,
                                           EmbeddedLogOptions options = {});
  ~EmbeddedLog() override;

  // Writes one group of what waits and answers it; false when nothing waits. REQUIRES: opened by
  // Open.
  bool WriteWaiting();

  LogIdentity identity() const override { return archive_->identity(); }
  std::string name() const override { return "embedded"; }
  int partitions() const override { return archive_->partitions(); }
  void Append(NewRecord record, AppendDone done) override;
  absl::StatusOr<OffsetRange> Range(Partition partition) override;
  absl::StatusOr<std::unique_ptr<LogReader>> NewReader(Partition partition, Offset next) override;

  // OK, or why the process must end.
  absl::Status Health() const;

 private:
  class Reader;

  // An append that waits.
  struct Waiting {
    Partition partition = 0;
    size_t bytes = 0;
    NewRecord record;
    AppendDone done;
  };

  // What readers see of a partition.
  struct Visible {
    Offset end = 0;
    // Greatest append time.
    int64_t append_time_us = 0;
    // The newest batches, joined up to `end`.
    std::deque<RecordBatch> recent;
    size_t recent_bytes = 0;
  };

  struct Group;

  EmbeddedLog(Archive* archive, const Clock& clock, EmbeddedLogOptions options);
  absl::Status Admit(const Waiting& waiting) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckPartition(Partition partition) const;
  void RunWriter();
  // Takes what waits, up to group_bytes_max.
  std::vector<Waiting> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Finish(Group group);
  absl::Status WriteGroup(Group& group);
  void Show(const Group& group);
  absl::StatusOr<RecordBatch> ReadFrom(Partition partition, Offset next, size_t max_records,
                                       absl::Duration timeout);
  // From memory, when the newest batches hold `next`; else false.
  bool ReadRecent(const Visible& visible, size_t max_records, RecordBatch& batch) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<RecordBatch> ReadArchive(Partition partition, Offset next, Offset end,
                                          size_t max_records);

  Archive* const archive_;
  const Clock& clock_;
  const EmbeddedLogOptions options_;
  mutable absl::Mutex mutex_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queue_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status health_ ABSL_GUARDED_BY(mutex_);
  std::vector<Visible> visible_ ABSL_GUARDED_BY(mutex_);
  std::thread writer_;
};

}  // namespace rapport::log
