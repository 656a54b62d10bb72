#include "tests/bench/rapport_bench/budget.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "tests/bench/rapport_bench/child.h"
#include "tests/bench/rapport_bench/machine.h"

namespace rapport::bench {

absl::Status FoldWithinBudget(const SiteOptions& options, int64_t events,
                              const fold::Projection& projection) {
  ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection));
  const int64_t before = ProcessMemory().now_bytes;
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(site->Start());
  RETURN_IF_ERROR(site->AwaitAll(events));
  const absl::Duration took = absl::Now() - begun;
  RETURN_IF_ERROR(site->Checkpoint());
  std::printf("%lld %lld\n", static_cast<long long>(absl::ToInt64Nanoseconds(took)),
              static_cast<long long>(ProcessMemory().peak_bytes - before));
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::StatusOr<BudgetRun> MeasureBudget(const SiteOptions& site, int64_t events) {
  ASSIGN_OR_RETURN(const auto child,
                   Child::Start({"--fold-in", site.directory, "--brokers", site.brokers, "--topic",
                                 site.topic, "--memory", absl::StrCat(site.partition.memory_bytes),
                                 "--events", absl::StrCat(events)}));
  ASSIGN_OR_RETURN(const std::string line, child->ReadLine());
  long long took_ns = 0;
  long long peak_bytes = 0;
  if (std::sscanf(line.c_str(), "%lld %lld", &took_ns, &peak_bytes) != 2) {
    return absl::InternalError(absl::StrCat("the process that folds within a budget said: ", line));
  }
  // Until it has closed all its files.
  (void)child->ReadLine();
  return BudgetRun{absl::Nanoseconds(took_ns), peak_bytes};
}

}  // namespace rapport::bench
