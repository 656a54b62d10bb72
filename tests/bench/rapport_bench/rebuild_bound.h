// RebuildBound: the least a rebuild from the archive has to do, each part by itself.
//
//   ASSIGN_OR_RETURN(const RebuildBound bound, MeasureRebuildBound(archive, projection, events,
//                                                                  scratch_folder));
//   bound.total()    // what a rebuild is measured by
//
// Scan: all blocks are read, checked and unpacked. Fold: events that were parsed and checked
// before, a few thousand at a time, find their customer and change his facts; parsing and checking
// are not counted, though no rebuild can do without. Write: each partition's rows, sorted and
// encoded before, go into an empty table as one file.
//
// Threads: one per partition. Scan and write are taken by the clock; the fold, between whose
// batches other work is done, as the CPU it took shared by as many cores as there are.
// Errors:  those of archive and table; INTERNAL when not every event was seen.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"

namespace rapport::bench {

struct RebuildBound {
  absl::Duration scan;
  absl::Duration fold;
  absl::Duration write;

  absl::Duration total() const { return scan + fold + write; }
};

// Leaves a table in `folder`, which must not exist yet.
absl::StatusOr<RebuildBound> MeasureRebuildBound(log::Archive& archive,
                                                 const fold::Projection& projection, int64_t events,
                                                 const std::string& folder);

}  // namespace rapport::bench
