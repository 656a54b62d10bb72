#include "tests/bench/rapport_bench/measured.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"
#include "engine/history/base_walk.h"
#include "tests/bench/rapport_bench/baselines.h"
#include "tests/bench/rapport_bench/budget.h"
#include "tests/bench/rapport_bench/machine.h"
#include "tests/bench/rapport_bench/peer.h"
#include "tests/bench/rapport_bench/rebuild_bound.h"
#include "tests/bench/rapport_bench/resident.h"
#include "tests/bench/rapport_bench/restart.h"
#include "tests/bench/rapport_bench/topic.h"

namespace rapport::bench {
namespace {

constexpr int kConsumers = 2;
constexpr absl::string_view kRaw = "raw read";
constexpr absl::string_view kAppend = "append";
constexpr absl::string_view kLive = "live fold";
constexpr absl::string_view kRebuild = "rebuild";
constexpr absl::string_view kScanAndFold = "archive scan and fold alone";
constexpr absl::string_view kScan = "archive scan";
constexpr absl::string_view kRebuildBound = "scan, fold alone and sorted write";
constexpr absl::string_view kModify = "read-modify-write";

void RemoveFolder(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

// All records of a workload, so that making them up is not measured.
std::vector<NewRecord> Made(const Shape& shape, const Amounts& amounts) {
  Workload workload(shape, amounts);
  std::vector<NewRecord> records(static_cast<size_t>(amounts.events));
  for (NewRecord& record : records) workload.Next(record);
  return records;
}

absl::Status Append(std::vector<NewRecord>& records, Site& site) {
  size_t next = 0;
  return site.AppendAll([&](NewRecord& record) {
    if (next == records.size()) return false;
    record = std::move(records[next++]);
    return true;
  });
}

MeasureOptions OptionsFor(const Shape& shape, MeasureOptions options) {
  options.amounts = Scaled(options.amounts, shape);
  if (shape.embedded) options.brokers.clear();
  options.peers = options.peers && shape.others && !options.brokers.empty();
  return options;
}

}  // namespace

Measured::Measured(const Shape& shape, const MeasureOptions& options,
                   const fold::Projection* projection, std::string folder, Figures* figures)
    : shape_(shape),
      options_(OptionsFor(shape, options)),
      projection_(*projection),
      folder_(std::move(folder)),
      figures_(*figures) {}

double Measured::Rate(absl::Duration took) const {
  return static_cast<double>(options_.amounts.events) / absl::ToDoubleSeconds(took);
}

void Measured::Add(absl::string_view name, absl::string_view unit, double value) {
  figures_.Add(shape_.name, name, unit, value);
}

void Measured::AddRate(absl::string_view name, absl::Duration took) {
  Add(name, "events/s", Rate(took));
}

void Measured::AddRatio(absl::string_view name, absl::string_view bound, absl::Duration took) {
  figures_.AddRatio(shape_.name, name, bound, Rate(took));
}

void Measured::AddCpu(absl::string_view name, double begun) {
  Add(absl::StrCat(name, ", CPU an event"), "ns",
      (ProcessCpuNanos() - begun) / static_cast<double>(options_.amounts.events));
}

void Measured::AddOther(absl::string_view name, absl::Duration took) {
  AddRate(name, took);
  AddRatio(absl::StrCat("live fold, against ", name), name, live_);
}

SiteOptions Measured::FilledSite() const {
  SiteOptions site;
  site.directory = absl::StrCat(folder_, "/log");
  site.brokers = options_.brokers;
  site.topic = absl::StrCat("bench.", shape_.name);
  site.partitions = options_.partitions;
  return site;
}

SiteOptions Measured::NewSite() {
  SiteOptions site = FilledSite();
  site.directory = absl::StrCat(folder_, "/site.", ++sites_);
  return site;
}

absl::Status Measured::Fill() {
  Workload workload(shape_, options_.amounts);
  const SiteOptions site = FilledSite();
  if (shape_.restart_only) return LeaveBehind(site, options_.amounts);
  if (!IsEmbedded()) return FillTopic({site.brokers, site.topic, site.partitions}, workload);
  ASSIGN_OR_RETURN(const auto filled, Site::Open(site, &projection_));
  return filled->AppendAll(workload);
}

absl::Status Measured::Round(int number) {
  if (shape_.rebuild_only) return MeasureRebuild(FilledSite());
  if (shape_.restart_only) return MeasureRestarted();
  std::vector<std::function<absl::Status()>> steps = {
      [&] { return MeasureLive(number == 1); },
      [&] { return MeasureVariant("live fold, no checkpoints", true); },
  };
  // Telling duplicates apart reads the archive where ids do not ascend.
  if (!IsEmbedded() && !shape_.text_ids) {
    steps.emplace_back([&] { return MeasureVariant("live fold, no archive", false); });
  }
  if (number % 2 == 0) std::reverse(steps.begin(), steps.end());
  RETURN_IF_ERROR(MeasureRaw());
  if (IsEmbedded()) RETURN_IF_ERROR(MeasureAppend());
  for (const auto& step : steps) RETURN_IF_ERROR(step());
  if (!shape_.others) return absl::OkStatus();
  RETURN_IF_ERROR(MeasureReadModifyWrite());
  if (!IsEmbedded()) RETURN_IF_ERROR(MeasureTenth());
  if (!options_.peers) return absl::OkStatus();
  RETURN_IF_ERROR(MeasureKafkaStreams("strongest"));
  return MeasureKafkaStreams("as-shipped");
}

absl::Status Measured::MeasureRaw() {
  const SiteOptions options = FilledSite();
  absl::Duration took;
  double cpu = ProcessCpuNanos();
  if (!IsEmbedded()) {
    ASSIGN_OR_RETURN(took, ReadRaw({options.brokers, options.topic, options.partitions},
                                   options_.amounts.events, kConsumers));
  } else {
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    cpu = ProcessCpuNanos();
    ASSIGN_OR_RETURN(took, ReadLog(site->log(), options_.amounts.events));
  }
  AddRate(kRaw, took);
  AddCpu(kRaw, cpu);
  return absl::OkStatus();
}

absl::Status Measured::MeasureAppend() {
  const SiteOptions options = NewSite();
  {
    std::vector<NewRecord> records = Made(shape_, options_.amounts);
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    const double cpu = ProcessCpuNanos();
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(Append(records, *site));
    AddRate(kAppend, absl::Now() - begun);
    AddCpu(kAppend, cpu);
  }
  RemoveFolder(options.directory);
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> Measured::Fold(absl::string_view name, Site& site) {
  std::vector<NewRecord> records;
  if (IsEmbedded()) records = Made(shape_, options_.amounts);
  const double cpu = ProcessCpuNanos();
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(site.Start());
  if (IsEmbedded()) RETURN_IF_ERROR(Append(records, site));
  RETURN_IF_ERROR(site.AwaitAll(options_.amounts.events));
  const absl::Duration took = absl::Now() - begun;
  AddCpu(name, cpu);
  return took;
}

absl::Status Measured::MeasureLive(bool first) {
  const absl::string_view bound = IsEmbedded() ? kAppend : kRaw;
  const SiteOptions options = NewSite();
  {
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    ASSIGN_OR_RETURN(live_, Fold(kLive, *site));
    const absl::Time applied = absl::Now();
    RETURN_IF_ERROR(site->Checkpoint());
    const absl::Duration durable = live_ + (absl::Now() - applied);
    AddRatio(kLive, bound, live_);
    AddRatio("live fold, until all durable", bound, durable);
    if (first) {
      RETURN_IF_ERROR(MeasureBytes(options, *site));
      ASSIGN_OR_RETURN(sums_, SumsOfState(site->state(), options_.partitions));
    }
  }
  RETURN_IF_ERROR(MeasureRebuild(options));
  RemoveFolder(options.directory);
  if (first && shape_.mixed) RETURN_IF_ERROR(MeasureMedian());
  return absl::OkStatus();
}

absl::Status Measured::MeasureVariant(absl::string_view name, bool archive) {
  SiteOptions options = NewSite();
  options.archive = archive;
  if (archive) {
    options.partition.checkpoint_interval = absl::Hours(24);
    options.partition.checkpoint_interval_behind = absl::Hours(24);
    options.partition.dirty_slots_max = SIZE_MAX;
  }
  {
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    ASSIGN_OR_RETURN(const absl::Duration took, Fold(name, *site));
    AddRatio(name, IsEmbedded() ? kAppend : kRaw, took);
  }
  RemoveFolder(options.directory);
  return absl::OkStatus();
}

absl::Status Measured::MeasureRebuild(const SiteOptions& options) {
  RemoveFolder(Site::StateFolder(options));
  ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
  const double cpu = ProcessCpuNanos();
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(site->Start());
  RETURN_IF_ERROR(site->AwaitAll(options_.amounts.events));
  const absl::Duration took = absl::Now() - begun;
  AddCpu(kRebuild, cpu);
  RETURN_IF_ERROR(site->Checkpoint());
  const absl::Duration durable = absl::Now() - begun;
  if (!shape_.others && !shape_.rebuild_only) {
    ASSIGN_OR_RETURN(const absl::Duration scan,
                     ScanArchive(site->archive(), options_.amounts.events));
    AddRate(kScan, scan);
    AddRatio(kRebuild, kScan, took);
    return absl::OkStatus();
  }
  const std::string scratch = absl::StrCat(folder_, "/bound.", ++sites_);
  ASSIGN_OR_RETURN(const RebuildBound bound, MeasureRebuildBound(site->archive(), projection_,
                                                                 options_.amounts.events, scratch));
  RemoveFolder(scratch);
  AddRate(kScan, bound.scan);
  AddRate("fold alone", bound.fold);
  AddRate("sorted write", bound.write);
  AddRate(kRebuildBound, bound.total());
  AddRatio(kRebuild, kRebuildBound, took);
  AddRatio("rebuild, until all durable", kRebuildBound, durable);
  AddRate(kScanAndFold, bound.scan + bound.fold);
  return MeasureBase(*site);
}

// The base as of the newest event, folded from the archive: everybody visited, then everybody's
// stage and score.
absl::Status Measured::MeasureBase(Site& site) {
  history::BaseWalkParts parts{&site.archive(), &projection_, &site.pipeline(), nullptr};
  parts.quarantine = [&site](Partition partition) {
    return site.pipeline().Quarantine(partition, /*from=*/0, /*max=*/SIZE_MAX);
  };
  history::Viewpoint viewpoint;
  viewpoint.known_at = site.pipeline().Durable();
  const history::BaseWalk walk(parts, viewpoint);
  const auto go_on = [](Partition, int64_t) { return absl::OkStatus(); };
  int64_t visited = 0;
  absl::Time begun = absl::Now();
  RETURN_IF_ERROR(walk.ForEach(go_on, [&visited](const history::BaseCustomer&) {
    ++visited;
    return absl::OkStatus();
  }));
  AddRatio("base of the past, visited", kScanAndFold, absl::Now() - begun);
  if (visited != site.customers()) return absl::InternalError("the base is not whole");
  fold::EvaluateOptions bare;
  bare.follow_ups = bare.next_change = bare.receipts = false;
  v1::Standing standing;
  begun = absl::Now();
  RETURN_IF_ERROR(walk.ForEach(go_on, [&](const history::BaseCustomer& one) {
    standing.Clear();
    projection_.Evaluate(one.survivor, one.facts, projection_.NewestAt(one.facts),
                         one.Options(bare), standing);
    return absl::OkStatus();
  }));
  AddRatio("base of the past, stage and score", kScanAndFold, absl::Now() - begun);
  return absl::OkStatus();
}

absl::Status Measured::MeasureRestarted() {
  const SiteOptions options = NewSite();
  std::error_code error;
  std::filesystem::copy(FilledSite().directory, options.directory,
                        std::filesystem::copy_options::recursive, error);
  if (error) return absl::InternalError(absl::StrCat("cannot copy a site: ", error.message()));
  ASSIGN_OR_RETURN(const RestartTimes times,
                   MeasureRestart(options, options_.amounts, projection_));
  Add("restart, until open", "ms", absl::ToDoubleMilliseconds(times.open));
  Add("restart, until customers can be read", "ms", absl::ToDoubleMilliseconds(times.first_reads));
  Add("restart, until all is applied", "ms", absl::ToDoubleMilliseconds(times.all_applied));
  Add("restart, until lists are ready", "ms", absl::ToDoubleMilliseconds(times.lists_ready));
  RemoveFolder(options.directory);
  return absl::OkStatus();
}

absl::Status Measured::MeasureReadModifyWrite() {
  SiteOptions own = FilledSite();
  // The embedded log stands in its directory; a state of its own goes beside it.
  if (!IsEmbedded()) own = NewSite();
  RemoveFolder(Site::StateFolder(own));
  {
    ASSIGN_OR_RETURN(const auto site, Site::Open(own, &projection_));
    const double cpu = ProcessCpuNanos();
    ASSIGN_OR_RETURN(
        const absl::Duration took,
        ReadModifyWrite(site->log(), site->state(), projection_, options_.amounts.events));
    AddCpu(kModify, cpu);
    AddOther(kModify, took);
    ASSIGN_OR_RETURN(const Sums sums,
                     SumsOfState(site->state(), options_.partitions, RowForm::kFacts));
    RETURN_IF_ERROR(SameSums(*sums_, sums, kModify));
  }
  RemoveFolder(IsEmbedded() ? Site::StateFolder(own) : own.directory);
  return absl::OkStatus();
}

absl::Status Measured::MeasureKafkaStreams(absl::string_view settings) {
  const SiteOptions site = FilledSite();
  const std::string name = absl::StrCat("Kafka Streams, ", settings);
  ASSIGN_OR_RETURN(const PeerRun run, RunKafkaStreams(settings, site.brokers, site.topic));
  RETURN_IF_ERROR(SameSums(*sums_, run.sums, name));
  AddOther(name, run.took);
  AddRate(absl::StrCat(name, ", second half"), 2 * run.second_half);
  AddRate(absl::StrCat(name, ", until all durable"), run.durable);
  return absl::OkStatus();
}

absl::Status Measured::MeasureTenth() {
  constexpr absl::string_view kTenth = "live fold, memory for a tenth";
  SiteOptions options = NewSite();
  options.partition.memory_bytes = resident_bytes_ / 10;
  {
    ASSIGN_OR_RETURN(const BudgetRun run, MeasureBudget(options, options_.amounts.events));
    AddRatio(kTenth, kRaw, run.took);
    Add("the same, memory beyond the budget", "MiB",
        static_cast<double>(run.peak_bytes - static_cast<int64_t>(resident_bytes_ / 10)) /
            (1 << 20));
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    ASSIGN_OR_RETURN(const Sums sums, SumsOfState(site->state(), options_.partitions));
    RETURN_IF_ERROR(SameSums(*sums_, sums, kTenth));
  }
  RemoveFolder(options.directory);
  return absl::OkStatus();
}

absl::Status Measured::MeasureBytes(const SiteOptions& options, Site& site) {
  const auto customers = static_cast<double>(std::max<int64_t>(site.customers(), 1));
  resident_bytes_ = site.pipeline().MemoryBytes();
  Add("memory a customer", "bytes", static_cast<double>(resident_bytes_) / customers);
  RETURN_IF_ERROR(site.AwaitIndexes());
  Add("memory a customer, index", "bytes",
      static_cast<double>(site.pipeline().IndexBytes()) / customers);
  Add("state on disk a customer", "bytes",
      static_cast<double>(DirectoryBytes(Site::StateFolder(options))) / customers);
  Add("archive on disk an event", "bytes",
      static_cast<double>(DirectoryBytes(absl::StrCat(options.directory, "/archive"))) /
          static_cast<double>(options_.amounts.events));
  return absl::OkStatus();
}

absl::Status Measured::MeasureMedian() {
  ASSIGN_OR_RETURN(const ResidentBytes bytes,
                   MeasureResident(shape_, options_.amounts, options_.partitions, projection_));
  Add("memory a customer, median", "bytes", bytes.median);
  return absl::OkStatus();
}

}  // namespace rapport::bench
