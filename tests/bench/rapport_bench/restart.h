// Restart: how long it takes to be there again after kill -9.
//
//   RETURN_IF_ERROR(LeaveBehind(options, amounts));     // a directory as the dead left it
//   ASSIGN_OR_RETURN(const RestartTimes times, MeasureRestart(options, amounts, projection));
//
// Another process of this program folds evenly drawn purchases from an embedded log, takes a
// checkpoint before the last tenth of the events, applies those too, and is killed.
//
// Threads: plain functions. Errors: those of the parts; INTERNAL when the process fails.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/site.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct RestartTimes {
  // Until the site is open and its pipeline runs.
  absl::Duration open;
  // Until a customer of each partition could be read.
  absl::Duration first_reads;
  // Until every event of the log is applied again.
  absl::Duration all_applied;
  // Until lists look everybody up.
  absl::Duration lists_ready;
};

// The life of the process that is killed: it says `ready` on standard output, and waits.
absl::Status LiveUntilKilled(const std::string& directory, const Amounts& amounts,
                             const fold::Projection& projection);

// Starts that process and kills it when it is ready. `site` names an embedded log.
absl::Status LeaveBehind(const SiteOptions& site, const Amounts& amounts);

// Opens what is in the site's directory, which it changes.
absl::StatusOr<RestartTimes> MeasureRestart(const SiteOptions& site, const Amounts& amounts,
                                            const fold::Projection& projection);

}  // namespace rapport::bench
