// Exporting: tables of everybody as files of the server, beside a walk that only evaluates them.
//
// Figures are printed, medians of interleaved rounds. Threads: one.
#pragma once

#include "absl/status/status.h"
#include "tests/bench/doors/served.h"

namespace rapport::bench {

// Relationships as Parquet: of now, and of the moment of the newest event, folded anew from the
// archive.
absl::Status MeasureExports(const Served& served, int rounds);

}  // namespace rapport::bench
