// What the customers of a real purchase log take in memory, each of them.
//
//   ASSIGN_OR_RETURN(auto log, MeasureLog(mapping, file, projection));
//   log.median_bytes   // facts, touch list, slot and share of the table
//
// Threads: one. Errors: those of the import; INTERNAL for an event that the engine would refuse.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "engine/fold/projection.h"

namespace rapport::bench {

struct ResidentBytes {
  int64_t events = 0;
  int64_t customers = 0;
  double median = 0;
  double mean = 0;
};

// Imports `file` by `mapping` into a resident table.
absl::StatusOr<ResidentBytes> MeasureResident(const std::string& mapping, const std::string& file,
                                              const fold::Projection& projection);

}  // namespace rapport::bench
