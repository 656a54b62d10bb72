#include "tests/bench/rapport_bench/profiled.h"

#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "tests/bench/rapport_bench/machine.h"
#include "tests/bench/rapport_bench/site.h"
#include "tests/bench/rapport_bench/topic.h"
#include "tests/kit/scratch_folder.h"

namespace rapport::bench {
namespace {

// The profiler's end of two named pipes.
class Profiler {
 public:
  static absl::StatusOr<Profiler> Open(const std::string& control, const std::string& ack) {
    Profiler profiler;
    if (control.empty()) return profiler;
    profiler.to_ = std::fopen(control.c_str(), "we");
    profiler.from_ = std::fopen(ack.c_str(), "re");
    if (profiler.to_ != nullptr && profiler.from_ != nullptr) return profiler;
    return absl::UnavailableError("the pipes of the profiler cannot be opened");
  }

  // `enable` or `disable`; returns when the profiler has done it.
  absl::Status Tell(const char* word) {
    if (to_ == nullptr) return absl::OkStatus();
    std::fprintf(to_, "%s\n", word);
    char answer[16];
    if (std::fflush(to_) == 0 && std::fgets(answer, sizeof(answer), from_) != nullptr) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(absl::StrCat("the profiler did not answer to ", word));
  }

 private:
  // They stay open until the process ends.
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

// Where the log of all rounds is.
SiteOptions LogSite(const ProfileOptions& options, const std::string& folder) {
  SiteOptions site;
  site.directory = absl::StrCat(folder, "/log");
  site.brokers = options.brokers;
  site.topic = absl::StrCat("bench.", options.shape.name);
  site.partitions = options.partitions;
  return site;
}

absl::Status Fill(const ProfileOptions& options, const SiteOptions& site,
                  const fold::Projection& projection) {
  Workload workload(options.shape, options.amounts);
  if (!options.brokers.empty()) {
    return FillTopic({site.brokers, site.topic, site.partitions}, workload);
  }
  if (!options.rebuild) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto filled, Site::Open(site, &projection));
  return filled->AppendAll(workload);
}

// Folds once, unseen by the profiler, so that an archive is there.
absl::Status Mirror(const ProfileOptions& options, const SiteOptions& site,
                    const fold::Projection& projection) {
  ASSIGN_OR_RETURN(const auto mirrored, Site::Open(site, &projection));
  RETURN_IF_ERROR(mirrored->Start());
  RETURN_IF_ERROR(mirrored->AwaitAll(options.amounts.events));
  return mirrored->Checkpoint();
}

void Remove(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

absl::Status FoldOnce(const ProfileOptions& options, const SiteOptions& where,
                      const fold::Projection& projection, Profiler& profiler, ProfiledRun& run) {
  ASSIGN_OR_RETURN(const auto site, Site::Open(where, &projection));
  Workload workload(options.shape, options.amounts);
  RETURN_IF_ERROR(profiler.Tell("enable"));
  const double cpu = ProcessCpuNanos();
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(site->Start());
  if (options.brokers.empty() && !options.rebuild) RETURN_IF_ERROR(site->AppendAll(workload));
  RETURN_IF_ERROR(site->AwaitAll(options.amounts.events));
  RETURN_IF_ERROR(site->Checkpoint());
  run.seconds += absl::ToDoubleSeconds(absl::Now() - begun);
  run.cpu_ns += ProcessCpuNanos() - cpu;
  run.events += options.amounts.events;
  return profiler.Tell("disable");
}

}  // namespace

absl::StatusOr<ProfiledRun> RunProfiled(const ProfileOptions& options,
                                        const fold::Projection& projection) {
  ASSIGN_OR_RETURN(Profiler profiler, Profiler::Open(options.control, options.ack));
  const kit::ScratchFolder folder;
  SiteOptions site = LogSite(options, folder.path());
  RETURN_IF_ERROR(Fill(options, site, projection));
  if (options.rebuild) RETURN_IF_ERROR(Mirror(options, site, projection));
  ProfiledRun run;
  for (int round = 1; round <= options.rounds; ++round) {
    if (!options.rebuild) site.directory = absl::StrCat(folder.path(), "/site.", round);
    Remove(Site::StateFolder(site));
    RETURN_IF_ERROR(FoldOnce(options, site, projection, profiler, run));
    if (!options.rebuild) Remove(site.directory);
  }
  return run;
}

}  // namespace rapport::bench
