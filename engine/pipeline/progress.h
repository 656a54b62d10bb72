// Progress: how far each partition is, and a place to wait for it.
//
// Threads: all methods from any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/model/position.h"

namespace rapport::pipeline {

// How one partition is.
struct PartitionProgress {
  // Next offset to fold; a read sees everything before it.
  Offset applied = 0;
  // Next offset that survives a crash.
  Offset durable = 0;
  // The log was found to be the one that is archived, and is read.
  bool is_compared = false;
  // The keys have been told of every erasure that the log held when it was looked at first. Before,
  // keys that came back from a backup may know nothing of one. It stays so.
  bool is_current = false;
  // Where the partition must come to for that; -1 = the log was not looked at yet.
  Offset met_end = -1;
  // Not OK: it stands still, message `CAUSE: what happened and what to do`.
  absl::Status stopped;
  // Not OK: it waits for something that may come back, such as a broker.
  absl::Status waiting;
  int64_t customers = 0;
  // Microseconds UTC: when what was applied last came into the log, and when the log was last seen
  // to hold no more.
  int64_t appended_us = 0;
  int64_t level_us = 0;
  // Twins that the log has not been given yet; and why it refused the first of them at last.
  int64_t echo_pending = 0;
  absl::Status echo_refused;
  // Records that end the process when they are folded: offset -> deaths.
  std::map<Offset, uint32_t> crashed;
};

class Progress {
 public:
  explicit Progress(int partitions) : partitions_(static_cast<size_t>(partitions)) {}

  template <typename Change>
  void Update(Partition partition, Change change) {
    {
      std::lock_guard lock(mutex_);
      change(partitions_[static_cast<size_t>(partition)]);
    }
    changed_.notify_all();
  }

  PartitionProgress Of(Partition partition) const {
    std::lock_guard lock(mutex_);
    return partitions_[static_cast<size_t>(partition)];
  }

  // Shows all partitions, of one moment.
  template <typename Visit>
  void Look(Visit visit) const {
    std::lock_guard lock(mutex_);
    visit(partitions_);
  }

  // Waits until `reached(partitions)` or the deadline; false when it passed.
  template <typename Reached>
  bool WaitUntil(absl::Time deadline, Reached reached) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, absl::ToChronoTime(deadline),
                               [&] { return reached(partitions_); });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<PartitionProgress> partitions_;
};

}  // namespace rapport::pipeline
