// EngineWorld: a pipeline over a log in memory and two tables, that can lose its power.
//
//   EngineWorld world(/*partitions=*/2);
//   world.Publish(APurchase().Of("ana").Id(1).Worth(10, "EUR"));
//   ASSERT_OK(world.Start());
//   world.AwaitAll();
//   world.Crash(seed);                 // what was not durable is gone
//   ASSERT_OK(world.Start());
//
// Its tables lie on model disks, or on whatever WorldDisk it is given.
//
// Threads: one, besides those of the pipeline. Ownership: owns everything.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/history/history.h"
#include "engine/log/memory_log.h"
#include "engine/pipeline/pipeline.h"
#include "engine/table/model_table.h"
#include "tests/kit/event_builder.h"

namespace rapport::kit {

// Digests over all partitions.
struct WorldDigests {
  std::string facts;
  std::string state;
  bool operator==(const WorldDigests&) const = default;
};

// The event as it is published: payload closed, source filled.
v1::Event EventOf(const EventBuilder& builder);

// Where a world keeps its archive and its state.
class WorldDisk {
 public:
  virtual ~WorldDisk() = default;
  virtual absl::StatusOr<std::unique_ptr<table::Table>> OpenArchive() = 0;
  virtual absl::StatusOr<std::unique_ptr<table::Table>> OpenState() = 0;
  // From now on nothing is written, under whatever threads there are.
  virtual void CutPower(uint64_t seed) = 0;
  // The power is back, all tables are closed: what was not durable is gone.
  virtual void Restore(uint64_t seed) = 0;
  virtual void LoseState() = 0;
};

class EngineWorld {
 public:
  // Under the standard rules.
  explicit EngineWorld(int partitions);
  EngineWorld(int partitions, std::unique_ptr<WorldDisk> disk);
  EngineWorld(int partitions, std::unique_ptr<fold::Projection> projection);
  EngineWorld(int partitions, std::unique_ptr<fold::Projection> projection,
              std::unique_ptr<WorldDisk> disk);
  ~EngineWorld();

  log::MemoryLog& log() { return log_; }
  // What the log's append times come from; it never goes back.
  ManualClock& clock() { return clock_; }
  pipeline::PartitionOptions& options() { return options_; }
  // Called with the customers whose erasure the log asks for, from the next start on.
  pipeline::OnErasure& on_erasure() { return on_erasure_; }
  const fold::Projection& projection() const { return *projection_; }

  // Whether events that concern a second customer get twins, from the next start on.
  bool& echo() { return echo_; }

  // Appends an event to the log as a publisher on Kafka would.
  log::Appended Publish(const EventBuilder& builder);
  // Appends any bytes under a key.
  log::Appended PublishRaw(const std::string& key, const std::string& value);

  absl::Status Start();
  // A tidy end.
  void Stop();
  // Cuts the power of both tables.
  void Crash(uint64_t seed);
  // How often the pipeline said that the process must end.
  int deaths() const { return deaths_; }
  // Loses the state store for good.
  void LoseState();

  // Waits until everything in the log is applied.
  absl::Status AwaitAll();
  // The same, and until the twins of all of it are in the log and applied, too.
  absl::Status AwaitEchoes();
  pipeline::Pipeline& pipeline() { return *pipeline_; }
  log::Archive& archive() { return *archive_; }
  history::History History() const {
    return history::History(archive_.get(), projection_.get(), pipeline_.get());
  }

  // Makes all durable and digests it.
  WorldDigests Digests();
  // Digests of what is durable now. REQUIRES: started.
  absl::StatusOr<pipeline::Digests> DurableDigest(Partition partition);
  // The facts digest of folding the log's first `next` offsets of a partition, one record at a
  // time, in a place of its own.
  std::string FactsOfPrefix(Partition partition, Offset next);

 private:
  ManualClock clock_;
  log::MemoryLog log_;
  // `log_`, as the pipeline sees it.
  std::unique_ptr<log::Log> prompt_log_;
  std::unique_ptr<fold::Projection> projection_;
  const std::unique_ptr<WorldDisk> disk_;
  bool echo_ = false;
  std::atomic<int> deaths_{0};
  pipeline::PartitionOptions options_;
  pipeline::OnErasure on_erasure_;
  std::unique_ptr<table::Table> archive_table_;
  std::unique_ptr<table::Table> state_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
};

}  // namespace rapport::kit
