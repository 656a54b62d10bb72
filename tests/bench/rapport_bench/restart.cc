#include "tests/bench/rapport_bench/restart.h"

#include <unistd.h>

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "tests/bench/rapport_bench/child.h"

namespace rapport::bench {
namespace {

constexpr char kReady[] = "ready";
constexpr int kCustomersTried = 100;

// Appends the next `count` events.
absl::Status AppendSome(Workload& workload, int64_t count, Site& site) {
  return site.AppendAll([&](NewRecord& record) { return count-- > 0 && workload.Next(record); });
}

// Reads customers until each partition has shown one, as far as the first hundred go.
absl::Status ReadFirst(Site& site) {
  std::vector<bool> seen(static_cast<size_t>(site.pipeline().partitions()));
  size_t left = seen.size();
  for (int customer = 0; left > 0 && customer < kCustomersTried; ++customer) {
    const std::string id = absl::StrFormat("cust-%06d", customer);
    auto partition = seen[static_cast<size_t>(site.pipeline().PartitionOfCustomer(id))];
    if (partition) continue;
    const absl::Status read = site.pipeline().Read(id, [](const store::CustomerView&) {});
    if (absl::IsNotFound(read)) continue;
    RETURN_IF_ERROR(read);
    partition = true;
    --left;
  }
  return left == 0 ? absl::OkStatus() : absl::InternalError("no customer can be read");
}

}  // namespace

absl::Status LiveUntilKilled(const std::string& directory, const Amounts& amounts,
                             const fold::Projection& projection) {
  SiteOptions options;
  options.directory = directory;
  options.partition.checkpoint_interval = absl::Hours(24);
  options.partition.checkpoint_interval_behind = absl::Hours(24);
  options.partition.dirty_slots_max = SIZE_MAX;
  ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection));
  Workload workload(AllShapes().front(), amounts);
  const int64_t behind = amounts.events / 10;
  RETURN_IF_ERROR(site->Start());
  RETURN_IF_ERROR(AppendSome(workload, amounts.events - behind, *site));
  RETURN_IF_ERROR(site->AwaitAll(amounts.events - behind));
  RETURN_IF_ERROR(site->Checkpoint());
  RETURN_IF_ERROR(AppendSome(workload, behind, *site));
  RETURN_IF_ERROR(site->AwaitAll(amounts.events));
  std::printf("%s\n", kReady);
  std::fflush(stdout);
  for (;;) pause();
}

absl::Status LeaveBehind(const SiteOptions& site, const Amounts& amounts) {
  ASSIGN_OR_RETURN(const auto child, Child::Start({"--live-in", site.directory, "--events",
                                                   absl::StrCat(amounts.events), "--customers",
                                                   absl::StrCat(amounts.customers), "--seed",
                                                   absl::StrCat(amounts.seed)}));
  ASSIGN_OR_RETURN(const std::string line, child->ReadLine());
  if (line == kReady) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the process that was to be killed said: ", line));
}

absl::StatusOr<RestartTimes> MeasureRestart(const SiteOptions& options, const Amounts& amounts,
                                            const fold::Projection& projection) {
  RestartTimes times;
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection));
  RETURN_IF_ERROR(site->Start());
  times.open = absl::Now() - begun;
  RETURN_IF_ERROR(ReadFirst(*site));
  times.first_reads = absl::Now() - begun;
  RETURN_IF_ERROR(site->AwaitAll(amounts.events));
  times.all_applied = absl::Now() - begun;
  RETURN_IF_ERROR(site->AwaitIndexes());
  times.lists_ready = absl::Now() - begun;
  return times;
}

}  // namespace rapport::bench
