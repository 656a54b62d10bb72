// CatchUp waits until a store that was just opened has folded what its log held then, and its keys
// may serve.
//
//   const std::vector<absl::Status> ends = CatchUp(followed, absl::Seconds(5));
//
// Waiting is bounded by time only where nothing is done: partitions at work are waited for, those
// that wait for a broker or for room on the disk are given up together, once none is at work.
//
// Threads: one thread.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/engine.h"

namespace rapport::operations {

// What is asked of an engine.
struct Followed {
  int partitions = 0;
  std::function<absl::StatusOr<log::OffsetRange>(Partition)> range;
  std::function<pipeline::PartitionProgress(Partition)> progress;
};

// Per partition OK, or why it stands still: it is stopped, it waits and nothing else was done for
// `patience`, or the log does not tell its end. A log that is UNAVAILABLE for one partition is not
// asked about the others: each question may take as long as the first.
std::vector<absl::Status> CatchUp(const Followed& followed, absl::Duration patience);

}  // namespace rapport::operations
