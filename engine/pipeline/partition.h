// PartitionRunner drives one partition: reads the log, mirrors it into the archive, folds, and
// makes it durable, on a thread of its own.
//
// It begins at the state's position, reads the archive to its end, compares the archive's last
// record with the log's, and goes on with the log.
//
// Threads:   Start and Stop from the owner's thread; everything else from any thread.
// Ownership: borrows all of PartitionParts.
// Errors:    a partition that cannot go on stops with its cause in Progress; reads go on.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "engine/log/archive.h"
#include "engine/log/log.h"
#include "engine/pipeline/committer.h"
#include "engine/pipeline/folder.h"
#include "engine/pipeline/progress.h"

namespace rapport::pipeline {

struct PartitionOptions {
  // Records per batch, at most.
  size_t batch_records_max = 2048;
  // A cut is taken this long after the one before, when anything changed.
  absl::Duration checkpoint_interval = absl::Seconds(1);
  // Or as soon as so many customers have changed.
  size_t dirty_slots_max = 200'000;
  // Bytes of resident customers, at most, about.
  size_t memory_bytes = size_t{1} << 30;
};

struct PartitionParts {
  Partition partition = 0;
  int partitions = 1;
  log::Log* log = nullptr;
  log::Archive* archive = nullptr;
  // False when the archive is the log itself.
  bool mirror = true;
  store::StateStore* store = nullptr;
  Committer* committer = nullptr;
  const fold::Projection* projection = nullptr;
  Progress* progress = nullptr;
  // Not OK while nothing may be written, such as RESOURCE_EXHAUSTED when the disk is nearly full.
  std::function<absl::Status()> may_write;
  OnErasure on_erasure;
};

class PartitionRunner {
 public:
  PartitionRunner(const PartitionParts& parts, const PartitionOptions& options,
                  const store::PartitionState& state);
  ~PartitionRunner();

  void Start();
  // Finishes the batch under way, takes a last cut and waits until it is durable.
  void Stop();
  // Takes a cut at the next chance, whatever the interval.
  void RequestCheckpoint() { checkpoint_requested_ = true; }

  const store::ResidentTable& table() const { return folder_.table(); }
  store::EventCounters counters() const;

 private:
  void Run();
  absl::Status FoldArchive();
  absl::Status CompareAnchor();
  absl::Status FollowLog();
  absl::Status Apply(const RecordBatch& batch);
  void MaybeCheckpoint(bool force);
  void AwaitCommit();

  const PartitionParts parts_;
  const PartitionOptions options_;
  Folder folder_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> checkpoint_requested_{false};
  std::unique_ptr<Checkpoint> in_flight_;
  std::atomic<bool> commit_done_{false};
  std::atomic<bool> commit_failed_{false};
  absl::Time last_cut_;
  mutable std::mutex counters_mutex_;
  store::EventCounters counters_;
};

}  // namespace rapport::pipeline
