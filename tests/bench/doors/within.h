// The methods called as plain functions, no door before them: what one call costs in CPU, its
// answer encoded, and what 64 threads publish.
//
// Figures are printed, medians of rounds. Threads: MeasureCalls one, MeasurePublishingWithin 64.
#pragma once

#include "absl/status/status.h"
#include "tests/bench/doors/served.h"

namespace rapport::bench {

// Get whole and masked, BatchGet of 1,000 and a timeline of 100. `busy` are customers with 100
// events each.
absl::Status MeasureCalls(const Served& served, const std::vector<std::string>& busy, int rounds);

// Publish by 64 threads, each waiting for its answer, beside a sync of the disk for each event.
absl::Status MeasurePublishingWithin(const Served& served, int rounds);

}  // namespace rapport::bench
