// Baselines: the bounds and the slow way that the engine is measured against.
//
//   ASSIGN_OR_RETURN(auto took, ReadModifyWrite(log, state, projection, events));
//
// Threads: plain functions; each works with a thread per partition, as the pipeline does.
// Errors:  those of log and table; INTERNAL when not every event was seen.
#pragma once

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"
#include "engine/log/log.h"
#include "engine/table/table.h"

namespace rapport::bench {

// Calls `work` for each partition on a thread of its own; it returns the number of its records, in
// all `events`.
absl::StatusOr<absl::Duration> ForEachPartition(
    int partitions, int64_t events, absl::FunctionRef<absl::StatusOr<int64_t>(Partition)> work);

// Reads all of the log and does nothing with it.
absl::StatusOr<absl::Duration> ReadLog(log::Log& log, int64_t events);

// Reads and unpacks all of the archive and does nothing with it: the median of five, since one of a
// million events is over in a blink.
absl::StatusOr<absl::Duration> ScanArchive(log::Archive& archive, int64_t events);

// Folds all of the log as a store of states does it: for every event Get, decode, fold, encode and
// Put, without a write-ahead log. It keeps no archive and tells no duplicates apart, so that it
// does less than the engine.
absl::StatusOr<absl::Duration> ReadModifyWrite(log::Log& log, table::Table& state,
                                               const fold::Projection& projection, int64_t events);

}  // namespace rapport::bench
