// What customers take in memory, each of them: facts, touch list, slot and share of the table.
//
//   ASSIGN_OR_RETURN(auto log, MeasureResident(mapping, file, projection));
//   log.median
//
// Threads: one. Errors: those of the import; INTERNAL for an event that the engine would refuse.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/workload.h"

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

// The same of a made-up workload: of those customers whose events go to the first of `partitions`.
absl::StatusOr<ResidentBytes> MeasureResident(const Shape& shape, const Amounts& amounts,
                                              int partitions, const fold::Projection& projection);

}  // namespace rapport::bench
