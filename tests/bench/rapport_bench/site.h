// Site: a data directory with everything the engine wires together, opened step by step, so that
// only the folding is timed and not the opening of files and connections.
//
//   ASSIGN_OR_RETURN(auto site, Site::Open(options, projection));
//   const absl::Time begun = absl::Now();
//   RETURN_IF_ERROR(site->Start());
//   RETURN_IF_ERROR(site->AwaitAll());
//
// Threads:   one, besides those of the pipeline.
// Ownership: owns log, archive and state; borrows the projection and what is in the directory.
// Errors:    those of the parts; INTERNAL when not every event was folded.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/fold/projection.h"
#include "engine/log/archive.h"
#include "engine/log/log.h"
#include "engine/pipeline/pipeline.h"
#include "engine/table/table.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct SiteOptions {
  std::string directory;
  // Kafka's; empty = the embedded log, kept in `directory`.
  std::string brokers;
  std::string topic;
  int partitions = 4;
  // False: the log is folded without being mirrored. Only with Kafka, and only for workloads whose
  // ids ascend, because telling duplicates apart reads the archive.
  bool archive = true;
  pipeline::PartitionOptions partition;
};

class Site {
 public:
  static absl::StatusOr<std::unique_ptr<Site>> Open(const SiteOptions& options,
                                                    const fold::Projection* projection);

  // Appends all that `next` gives, until it returns false, and waits until the log has it.
  absl::Status AppendAll(absl::FunctionRef<bool(NewRecord&)> next);
  absl::Status AppendAll(Workload& workload) {
    return AppendAll([&](NewRecord& record) { return workload.Next(record); });
  }
  // Begins to fold.
  absl::Status Start();
  // Waits until all that the log holds is applied: `events` new ones, each folded.
  absl::Status AwaitAll(int64_t events);
  // Waits until lists look everybody up instead of evaluating him.
  absl::Status AwaitIndexes();
  // Makes all that is applied durable.
  absl::Status Checkpoint();

  log::Log& log() { return *log_; }
  log::Archive& archive() { return *archive_; }
  pipeline::Pipeline& pipeline() { return *pipeline_; }
  table::Table& state() { return *state_table_; }
  int64_t customers() const;

  // Where the state is kept; removing it makes the next Start rebuild it.
  static std::string StateFolder(const SiteOptions& options);

 private:
  explicit Site(const SiteOptions& options, const fold::Projection* projection)
      : options_(options), projection_(projection) {}

  const SiteOptions options_;
  const fold::Projection* const projection_;
  std::unique_ptr<table::Table> archive_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<table::Table> state_table_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
};

}  // namespace rapport::bench
