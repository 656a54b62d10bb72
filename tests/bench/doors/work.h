// What a server does at once: publishing by many, reading while it folds.
//
// Figures are printed, medians of interleaved rounds. Threads: one.
#pragma once

#include "absl/status/status.h"
#include "tests/bench/doors/served.h"

namespace rapport::bench {

// Publish with 64 in flight, beside one write and sync of the same disk for each event.
absl::Status MeasurePublishing(const Served& served, int rounds);

// Get, and a timeline of 100 events, alone and while events come as fast as they are folded; and
// folding alone and beside them.
absl::Status MeasureReadsWhileFolding(const Served& served, const ServedOptions& options,
                                      int rounds);

}  // namespace rapport::bench
