// Budget: the live fold with memory for a part of the customers, in a process of its own, so that
// all the memory it takes can be told.
//
//   ASSIGN_OR_RETURN(const BudgetRun run, MeasureBudget(site, memory_bytes, events));
//
// Threads: plain functions. Errors: those of the parts; INTERNAL when the process fails.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/site.h"

namespace rapport::bench {

struct BudgetRun {
  absl::Duration took;
  // The most that the process took while it folded, beyond what it took before.
  int64_t peak_bytes = 0;
};

// The life of that process: folds the topic into `site`, which has `site.partition.memory_bytes`,
// until all is durable, and says what BudgetRun holds.
absl::Status FoldWithinBudget(const SiteOptions& site, int64_t events,
                              const fold::Projection& projection);

// Starts that process and waits for it. What it has folded is in the site's directory then.
absl::StatusOr<BudgetRun> MeasureBudget(const SiteOptions& site, int64_t events);

}  // namespace rapport::bench
