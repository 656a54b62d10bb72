// Rebuilder folds a new generation of the whole state from the archive, beside the one that serves,
// compares both, and lets the new one take over. By other rules it folds other facts of the same
// records; then whoever asked for it says in between, durably, that they are what is served.
//
//   RETURN_IF_ERROR(rebuilder.Start({}));
//   ... rebuilder.status() ...
//
// Partitions are folded beside each other, a few at a time. What serves goes on folding and
// answering; only for the switch all partitions stand still between two batches: each has made
// durable what it has applied, the new generation is folded to exactly there, the pointer to it is
// made durable, and every partition's readers and its folder change over. So the new one is behind
// nothing that was ever shown, and a crash leaves the old or the new, level with each other.
//
// Threads:   any. A rebuild has threads of its own; without (`threads` = 0) the owner calls Step,
//            as a simulation does.
// Ownership: borrows all of RebuilderParts. Destroying it gives up what is under way. REQUIRES:
//            tasks and their drivers outlive it.
// Errors:    Start: FAILED_PRECONDITION (REBUILD_RUNS, PARTITION_STOPPED), RESOURCE_EXHAUSTED
//            (DISK_LOW). Later ones end the rebuild, and stand in status(); what serves goes on.
//            When the pointer cannot be written, `fatal` is called: nobody knows which generation
//            the next start would open.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/clock.h"
#include "engine/fold/projection.h"
#include "engine/model/position.h"
#include "engine/pipeline/committer.h"
#include "engine/pipeline/partition_rebuild.h"
#include "engine/pipeline/partition_task.h"
#include "engine/pipeline/progress.h"
#include "engine/store/generations.h"

namespace rapport::pipeline {

// How a rebuild is.
struct RebuildStatus {
  enum class Phase { kNone, kFolding, kSwitching, kDone, kFailed, kCancelled };
  Phase phase = Phase::kNone;
  // Records folded anew, and how many there are.
  int64_t done = 0;
  int64_t total = 0;
  // The same of each partition; empty unless it is under way.
  struct OfPartition {
    int64_t done = 0;
    int64_t total = 0;
  };
  std::vector<OfPartition> partitions;
  // Digest of the rules, where they fold otherwise than what serves; else empty.
  std::string rules_digest;
  int64_t begun_us = 0;
  // 0 while it is under way.
  int64_t ended_us = 0;
  // Of kFailed and kCancelled.
  absl::Status cause;

  bool IsUnderWay() const { return phase == Phase::kFolding || phase == Phase::kSwitching; }
};

// What is folded anew, and how.
struct RebuildOrder {
  // By which rules; null = by those of what serves.
  std::shared_ptr<const fold::Projection> rules;
  // So many records a second at most, about; 0 = as fast as it goes. Heeded by threads alone.
  int64_t records_per_second = 0;
  // Called with where all partitions stand, once the new generation is level and durable and before
  // anybody is answered by it. Not OK ends the rebuild, and what serves goes on. Only for rules
  // that fold otherwise; may be empty.
  std::function<absl::Status(const Position& position)> before_switch;
  // Called when the new generation answers everybody, before the next event is folded. May be
  // empty.
  std::function<void()> after_switch;
  // Called at its end, whatever that is; also when the engine ends first, which is of kFailed with
  // CANCELLED. May be empty.
  std::function<void(const RebuildStatus& status)> ended;
};

struct RebuilderParts {
  log::Archive* archive = nullptr;
  Committer* committer = nullptr;
  const Progress* progress = nullptr;
  // Null: there is no place for another generation.
  store::Generations* generations = nullptr;
  const Clock* clock = nullptr;
  std::function<absl::Status()> may_write;
  Fatal fatal;
  std::vector<PartitionTask*> tasks;
  // Of one partition.
  size_t memory_bytes = 0;
  size_t ingest_rows_min = store::kIngestRows;
  // Partitions folded at once; 0 = no threads.
  int threads = 0;
};

class Rebuilder {
 public:
  explicit Rebuilder(RebuilderParts parts);
  ~Rebuilder();

  absl::Status Start(RebuildOrder order);
  RebuildStatus status() const;
  // Gives up what is under way, unless it takes over already; status() says when it has ended.
  // False when nothing is.
  bool Cancel();

  // One piece of the rebuild that is under way; false when none is. REQUIRES: no threads.
  bool Step();

 private:
  class Gate;

  absl::Status CheckPartitions() const;
  absl::Status Prepare();
  void Run();
  void Finish(const absl::Status& status);
  // Whether something forbids to go on.
  absl::Status MayGoOn() const;
  absl::Status FoldAll();
  absl::Status FoldPartition(size_t partition);
  // Waits while more was folded than the order allows.
  absl::Status KeepPace() const;
  // Folds up to `to` what came since, and makes it durable.
  absl::Status CatchUp(size_t partition, Offset to, bool keeps_pace);
  absl::Status StepPartition(PartitionRebuild& rebuild, const PartitionTask& task);
  // Comes close to what serves, while that goes on. NOT_READY when it does not.
  absl::Status Approach();
  // Records that what serves has folded and this has not.
  int64_t Behind() const;
  absl::Status Switch();
  // REQUIRES: all tasks stand still, each level with `live`.
  absl::Status TakeOver(const std::vector<std::shared_ptr<const PartitionGeneration>>& live);
  // Lets the next start open the new generation.
  absl::Status SwitchOnDisk(const std::vector<std::shared_ptr<const PartitionGeneration>>& live);
  absl::StatusOr<std::vector<std::shared_ptr<const PartitionGeneration>>> StandStill(
      const std::shared_ptr<Gate>& gate);
  void SetPhase(RebuildStatus::Phase phase);

  const RebuilderParts parts_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> cancelled_{false};
  // Held by whoever starts one, so that two do not touch the thread.
  std::mutex start_mutex_;
  std::thread thread_;
  // Of the rebuild under way: touched by whoever drives it.
  RebuildOrder order_;
  std::chrono::steady_clock::time_point folds_since_;
  std::shared_ptr<StateGeneration> anew_;
  size_t at_ = 0;
  bool is_pointer_unknown_ = false;
  mutable std::mutex mutex_;
  // Guarded by mutex_, as is whether rebuilds_ is there at all; what is in it is its driver's.
  RebuildStatus status_;
  std::vector<std::unique_ptr<PartitionRebuild>> rebuilds_;
};

}  // namespace rapport::pipeline
