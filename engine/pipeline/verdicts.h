// Verdicts: which records of a partition are set aside because folding them ends the process.
//
// They stand in the archive, so that a rebuild sets the same records aside; an operator may release
// them (QuarantineRetry).
//
// Threads: as safe as a plain value.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/log/archive.h"
#include "engine/log/engine_record.h"

namespace rapport::pipeline {

class Verdicts {
 public:
  // Those that `archive` holds, partition by partition.
  static absl::StatusOr<std::vector<Verdicts>> Load(log::Archive& archive);

  // The later one about a record counts.
  void Add(const log::CrashVerdict& verdict);

  // Whether the record at `offset` must not be looked at.
  bool IsCrashed(Offset offset) const { return !crashed_.empty() && crashed_.contains(offset); }

  // Offset -> deaths.
  const std::map<Offset, uint32_t>& crashed() const { return crashed_; }
  const std::set<Offset>& released() const { return released_; }

 private:
  std::map<Offset, uint32_t> crashed_;
  std::set<Offset> released_;
};

// Writes a verdict into the archive, durably.
absl::Status Pronounce(log::Archive& archive, const log::CrashVerdict& verdict, int64_t at_us);

}  // namespace rapport::pipeline
