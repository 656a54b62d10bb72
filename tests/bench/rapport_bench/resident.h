// What customers take in memory, each of them: facts, touch list, slot and share of the table.
//
//   ASSIGN_OR_RETURN(auto bytes, MeasureResident(RealLogs().front(), projection));
//   bytes.median
//
// All bytes are counted as the allocator hands them out. What the median customer has is told part
// by part, as the mean of those whose bytes are about the median: the middle twentieth.
//
// Threads: one. Errors: those of the import; INTERNAL for an event that the engine would refuse.
// REQUIRES: facts are those of projections/facts.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct ResidentPart {
  std::string name;
  // Of customers about the median.
  double median = 0;
  // Of these, what is in use: the rest is room, or rounded up.
  double median_used = 0;
  double mean = 0;
};

struct ResidentBytes {
  int64_t events = 0;
  int64_t customers = 0;
  double median = 0;
  double mean = 0;
  // They add up to the mean; what the median customer has of them, about to the median.
  std::vector<ResidentPart> parts;
};

// A real log, as a mapping of deploy/import reads it.
struct RealLog {
  std::string name;
  std::string mapping;
  std::string file;
};
// CDNOW and Online Retail in the folder RAPPORT_DATA, else beside the repository; those that are
// there. Says on standard output which are not.
std::vector<RealLog> RealLogs();

// Imports `log` into a resident table.
absl::StatusOr<ResidentBytes> MeasureResident(const RealLog& log,
                                              const fold::Projection& projection);

// The same of a made-up workload: of those customers whose events go to the first of `partitions`.
absl::StatusOr<ResidentBytes> MeasureResident(const Shape& shape, const Amounts& amounts,
                                              int partitions, const fold::Projection& projection);

}  // namespace rapport::bench
