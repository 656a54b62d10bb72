#include "tests/bench/rapport_bench/rounds.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"
#include "tests/bench/rapport_bench/baselines.h"
#include "tests/bench/rapport_bench/machine.h"
#include "tests/bench/rapport_bench/peer.h"
#include "tests/bench/rapport_bench/topic.h"

namespace rapport::bench {
namespace {

constexpr int kConsumers = 2;
constexpr absl::string_view kRaw = "raw read";
constexpr absl::string_view kLive = "live fold";
constexpr absl::string_view kRebuild = "rebuild";
constexpr absl::string_view kScan = "archive scan";
constexpr absl::string_view kModify = "read-modify-write";

void RemoveFolder(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace

double Rounds::Rate(absl::Duration took) const {
  return static_cast<double>(options_.amounts.events) / absl::ToDoubleSeconds(took);
}

void Rounds::AddCpu(const Shape& shape, absl::string_view name, double begun) {
  figures_.Add(shape.name, absl::StrCat(name, ", CPU an event"), "ns",
               (ProcessCpuNanos() - begun) / static_cast<double>(options_.amounts.events));
}

void Rounds::Tell(absl::string_view what) const {
  std::fprintf(stderr, "%s\n", std::string(what).c_str());
}

SiteOptions Rounds::FilledSite(const Shape& shape) const {
  SiteOptions site;
  site.directory = absl::StrCat(folder_.path(), "/log.", shape.name);
  site.brokers = options_.brokers;
  site.topic = absl::StrCat("bench.", shape.name);
  site.partitions = options_.partitions;
  return site;
}

SiteOptions Rounds::NewSite(const Shape& shape) {
  SiteOptions site = FilledSite(shape);
  site.directory = absl::StrCat(folder_.path(), "/site.", ++sites_);
  return site;
}

absl::Status Rounds::Run() {
  for (const Shape& shape : options_.shapes) {
    Tell(absl::StrCat("filling the log with ", options_.amounts.events, " events, ", shape.name));
    RETURN_IF_ERROR(Fill(shape));
  }
  for (round_ = 1; round_ <= options_.rounds; ++round_) {
    for (const Shape& shape : options_.shapes) {
      Tell(absl::StrCat("round ", round_, " of ", options_.rounds, ": ", shape.name));
      RETURN_IF_ERROR(MeasureShape(shape, round_ % 2 == 0));
    }
  }
  return absl::OkStatus();
}

absl::Status Rounds::Fill(const Shape& shape) {
  Workload workload(shape, options_.amounts);
  const SiteOptions site = FilledSite(shape);
  if (!options_.brokers.empty()) {
    return FillTopic({site.brokers, site.topic, site.partitions}, workload);
  }
  ASSIGN_OR_RETURN(const auto filled, Site::Open(site, &projection_));
  return filled->AppendAll(workload);
}

absl::Status Rounds::MeasureShape(const Shape& shape, bool backwards) {
  std::vector<std::function<absl::Status()>> steps = {
      [&] { return MeasureLive(shape); },
      [&] { return MeasureVariant(shape, "live fold, no checkpoints", true); },
  };
  // Telling duplicates apart reads the archive where ids do not ascend.
  if (!options_.brokers.empty() && !shape.text_ids) {
    steps.emplace_back([&] { return MeasureVariant(shape, "live fold, no archive", false); });
  }
  if (backwards) std::reverse(steps.begin(), steps.end());
  RETURN_IF_ERROR(MeasureRaw(shape));
  for (const auto& step : steps) RETURN_IF_ERROR(step());
  if (shape.text_ids) return absl::OkStatus();
  RETURN_IF_ERROR(MeasureReadModifyWrite(shape));
  if (!options_.peers) return absl::OkStatus();
  RETURN_IF_ERROR(MeasureKafkaStreams(shape, "strongest"));
  return MeasureKafkaStreams(shape, "as-shipped");
}

absl::Status Rounds::MeasureRaw(const Shape& shape) {
  const SiteOptions options = FilledSite(shape);
  absl::Duration took;
  double cpu = ProcessCpuNanos();
  if (!options_.brokers.empty()) {
    ASSIGN_OR_RETURN(took, ReadRaw({options.brokers, options.topic, options.partitions},
                                   options_.amounts.events, kConsumers));
  } else {
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    cpu = ProcessCpuNanos();
    ASSIGN_OR_RETURN(took, ReadLog(site->log(), options_.amounts.events));
  }
  figures_.Add(shape.name, kRaw, "events/s", Rate(took));
  AddCpu(shape, kRaw, cpu);
  return absl::OkStatus();
}

absl::StatusOr<double> Rounds::Fold(const Shape& shape, absl::string_view name, Site& site) {
  Workload workload(shape, options_.amounts);
  const double cpu = ProcessCpuNanos();
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(site.Start());
  if (options_.brokers.empty()) RETURN_IF_ERROR(site.AppendAll(workload));
  RETURN_IF_ERROR(site.AwaitAll(options_.amounts.events));
  const absl::Duration took = absl::Now() - begun;
  AddCpu(shape, name, cpu);
  return Rate(took);
}

absl::Status Rounds::MeasureLive(const Shape& shape) {
  const SiteOptions options = NewSite(shape);
  {
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    const absl::Time begun = absl::Now();
    ASSIGN_OR_RETURN(const double rate, Fold(shape, kLive, *site));
    RETURN_IF_ERROR(site->Checkpoint());
    const absl::Duration durable = absl::Now() - begun;
    figures_.AddRatio(shape.name, kLive, kRaw, rate);
    figures_.AddRatio(shape.name, "live fold, until all durable", kRaw, Rate(durable));
    if (round_ == 1) {
      RETURN_IF_ERROR(MeasureBytes(shape, options, *site));
      ASSIGN_OR_RETURN(sums_[shape.name], SumsOfState(site->state(), options_.partitions));
    }
  }
  if (!shape.text_ids) RETURN_IF_ERROR(MeasureRebuild(shape, options));
  RemoveFolder(options.directory);
  return absl::OkStatus();
}

absl::Status Rounds::MeasureVariant(const Shape& shape, absl::string_view name, bool archive) {
  SiteOptions options = NewSite(shape);
  options.archive = archive;
  if (archive) {
    options.partition.checkpoint_interval = absl::Hours(24);
    options.partition.dirty_slots_max = SIZE_MAX;
  }
  {
    ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
    ASSIGN_OR_RETURN(const double rate, Fold(shape, name, *site));
    figures_.AddRatio(shape.name, name, kRaw, rate);
  }
  RemoveFolder(options.directory);
  return absl::OkStatus();
}

absl::Status Rounds::MeasureRebuild(const Shape& shape, const SiteOptions& options) {
  RemoveFolder(Site::StateFolder(options));
  ASSIGN_OR_RETURN(const auto site, Site::Open(options, &projection_));
  const double cpu = ProcessCpuNanos();
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(site->Start());
  RETURN_IF_ERROR(site->AwaitAll(options_.amounts.events));
  const double rate = Rate(absl::Now() - begun);
  AddCpu(shape, kRebuild, cpu);
  RETURN_IF_ERROR(site->Checkpoint());
  ASSIGN_OR_RETURN(const absl::Duration scan,
                   ScanArchive(site->archive(), options_.amounts.events));
  figures_.Add(shape.name, kScan, "events/s", Rate(scan));
  figures_.AddRatio(shape.name, kRebuild, kScan, rate);
  return absl::OkStatus();
}

absl::Status Rounds::MeasureReadModifyWrite(const Shape& shape) {
  SiteOptions own = FilledSite(shape);
  // The embedded log stands in its directory; a state of its own goes beside it.
  if (!options_.brokers.empty()) own = NewSite(shape);
  {
    ASSIGN_OR_RETURN(const auto site, Site::Open(own, &projection_));
    const double cpu = ProcessCpuNanos();
    ASSIGN_OR_RETURN(
        const absl::Duration took,
        ReadModifyWrite(site->log(), site->state(), projection_, options_.amounts.events));
    AddCpu(shape, kModify, cpu);
    AddOther(shape, kModify, took);
    ASSIGN_OR_RETURN(const Sums sums,
                     SumsOfState(site->state(), options_.partitions, RowForm::kFacts));
    RETURN_IF_ERROR(SameSums(sums_[shape.name], sums, kModify));
  }
  RemoveFolder(options_.brokers.empty() ? Site::StateFolder(own) : own.directory);
  return absl::OkStatus();
}

absl::Status Rounds::MeasureKafkaStreams(const Shape& shape, absl::string_view settings) {
  const SiteOptions site = FilledSite(shape);
  const std::string name = absl::StrCat("Kafka Streams, ", settings);
  ASSIGN_OR_RETURN(const PeerRun run, RunKafkaStreams(settings, site.brokers, site.topic));
  RETURN_IF_ERROR(SameSums(sums_[shape.name], run.sums, name));
  AddOther(shape, name, run.took);
  figures_.Add(shape.name, absl::StrCat(name, ", second half"), "events/s",
               Rate(2 * run.second_half));
  figures_.Add(shape.name, absl::StrCat(name, ", until all durable"), "events/s",
               Rate(run.durable));
  return absl::OkStatus();
}

void Rounds::AddOther(const Shape& shape, absl::string_view name, absl::Duration took) {
  figures_.Add(shape.name, name, "events/s", Rate(took));
  for (const Series& series : figures_.series()) {
    if (series.workload != shape.name || series.name != kLive) continue;
    const double live = series.values.back();
    figures_.AddRatio(shape.name, absl::StrCat("live fold, against ", name), name, live);
    return;
  }
}

absl::Status Rounds::MeasureBytes(const Shape& shape, const SiteOptions& options, Site& site) {
  const auto customers = static_cast<double>(std::max<int64_t>(site.customers(), 1));
  figures_.Add(shape.name, "memory a customer", "bytes",
               static_cast<double>(site.pipeline().MemoryBytes()) / customers);
  figures_.Add(shape.name, "state on disk a customer", "bytes",
               static_cast<double>(DirectoryBytes(Site::StateFolder(options))) / customers);
  figures_.Add(shape.name, "archive on disk an event", "bytes",
               static_cast<double>(DirectoryBytes(absl::StrCat(options.directory, "/archive"))) /
                   static_cast<double>(options_.amounts.events));
  return absl::OkStatus();
}

}  // namespace rapport::bench
