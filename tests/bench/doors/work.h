// What a server does at once: publishing by many, reading while it folds.
//
// Figures are printed, medians of interleaved rounds. Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rapport/v1/publish.pb.h"
#include "tests/bench/doors/served.h"

namespace rapport::bench {

// Publish with 64 in flight, beside one write and sync of the same disk for each event.
absl::Status MeasurePublishing(const Served& served, int rounds);

// Get, a timeline of 100 events of those of `busy`, and the past of customers with 200 events,
// alone and while events come as fast as they are folded; and folding alone and beside them.
absl::Status MeasureReadsWhileFolding(const Served& served, const ServedOptions& options,
                                      const std::vector<std::string>& busy, int rounds);

// A purchase, so many days after one and the same.
v1::PublishRequest PublishOf(const std::string& id, const std::string& customer, int64_t day);

// Publishes 100 events, a day apart, of each of 200 customers, and names those.
absl::StatusOr<std::vector<std::string>> PublishBusy(const Served& served);

// Writes and syncs of so many bytes in that folder, a second.
absl::StatusOr<double> SyncsPerSecond(const std::string& folder, size_t bytes);

}  // namespace rapport::bench
