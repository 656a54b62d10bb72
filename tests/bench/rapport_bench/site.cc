#include "tests/bench/rapport_bench/site.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"
#include "engine/log/embedded_log.h"
#include "engine/log/kafka_log.h"

namespace rapport::bench {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(30);
// How exactly it is told when indexes are ready.
constexpr absl::Duration kGlance = absl::Milliseconds(1);

}  // namespace

std::string Site::StateFolder(const SiteOptions& options) {
  return absl::StrCat(options.directory, "/state");
}

absl::StatusOr<std::unique_ptr<Site>> Site::Open(const SiteOptions& options,
                                                 const fold::Projection* projection) {
  std::unique_ptr<Site> site(new Site(options, projection));
  const std::string archive_folder = absl::StrCat(options.directory, "/archive");
  RETURN_IF_ERROR(MakeDirectories(options.directory));
  LogIdentity identity{1, 1};
  int partitions = options.partitions;
  if (!options.brokers.empty()) {
    log::KafkaOptions kafka;
    kafka.brokers = options.brokers;
    kafka.topic = options.topic;
    ASSIGN_OR_RETURN(site->log_, log::KafkaLog::Open(kafka));
    identity = site->log_->identity();
    partitions = site->log_->partitions();
  }
  table::TableOptions archive_options;
  archive_options.wal = true;
  archive_options.compress = false;
  ASSIGN_OR_RETURN(site->archive_table_, table::OpenRocksTable(archive_folder, archive_options));
  ASSIGN_OR_RETURN(site->archive_, log::Archive::Open(site->archive_table_.get(), partitions,
                                                      identity, SystemClock().NowMicros()));
  if (options.brokers.empty()) {
    site->log_ = log::EmbeddedLog::Start(site->archive_.get(), SystemClock());
  }
  ASSIGN_OR_RETURN(site->state_table_, table::OpenRocksTable(StateFolder(options), {}));
  return site;
}

absl::Status Site::AppendAll(absl::FunctionRef<bool(NewRecord&)> next) {
  std::atomic<int64_t> waiting = 0;
  std::atomic<bool> failed = false;
  NewRecord record;
  while (next(record)) {
    ++waiting;
    log_->Append(std::move(record), [&](const absl::StatusOr<log::Appended>& result) {
      if (!result.ok()) failed = true;
      --waiting;
      waiting.notify_one();
    });
    // Far below what the log's queue takes.
    for (int64_t now = waiting; now > 50'000; now = waiting) waiting.wait(now);
    record = NewRecord();
  }
  for (int64_t now = waiting; now > 0; now = waiting) waiting.wait(now);
  return failed ? absl::InternalError("the log refused an event of the workload")
                : absl::OkStatus();
}

absl::Status Site::Start() {
  pipeline::PipelineParts parts;
  parts.log = log_.get();
  parts.archive = archive_.get();
  parts.mirror = options_.archive && !options_.brokers.empty();
  parts.state = state_table_.get();
  parts.projection = projection_;
  parts.clock = &SystemClock();
  parts.fatal = [](const absl::Status& status) { RAPPORT_CHECK(false) << status; };
  ASSIGN_OR_RETURN(pipeline_, pipeline::Pipeline::Open(parts, options_.partition));
  return absl::OkStatus();
}

absl::Status Site::AwaitAll(int64_t events) {
  Position end;
  end.log = log_->identity();
  for (Partition partition = 0; partition < log_->partitions(); ++partition) {
    ASSIGN_OR_RETURN(const log::OffsetRange range, log_->Range(partition));
    end.next[partition] = range.end;
  }
  RETURN_IF_ERROR(pipeline_->WaitFor(end, absl::Now() + kPatience));
  const store::EventCounters counters = pipeline_->counters();
  const int64_t valid = counters.folded + counters.not_folded;
  if (valid == events && counters.archived == events) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("of ", events, " events ", valid, " were folded and ",
                                          counters.rejected, " rejected"));
}

absl::Status Site::AwaitIndexes() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (pipeline_->IndexesReady() < pipeline_->partitions()) {
    if (absl::Now() > deadline) return absl::InternalError("the indexes are never ready");
    // A loop that does not rest would take a core from those who evaluate.
    absl::SleepFor(kGlance);  // allow: sleep, because nothing tells when an index becomes ready
  }
  return absl::OkStatus();
}

absl::Status Site::Checkpoint() { return pipeline_->Checkpoint(absl::Now() + kPatience); }

int64_t Site::customers() const {
  int64_t customers = 0;
  for (Partition partition = 0; partition < pipeline_->partitions(); ++partition) {
    customers += pipeline_->progress(partition).customers;
  }
  return customers;
}

}  // namespace rapport::bench
