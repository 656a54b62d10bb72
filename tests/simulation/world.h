// World: one engine in virtual time: a log, two disks, a vault of keys, a clock and the real code
// between them, none of it on a thread.
//
//   World world(plan, projection);
//   RAPPORT_CHECK_OK(world.Open());
//   world.Step(partition);  world.Commit();  world.WriteLog();
//   world.CutPower(seed);   // what was not durable is gone; Open again
//
// Threads: one. Ownership: owns everything but the projection.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/history/history.h"
#include "engine/history/relationship.h"
#include "engine/log/embedded_log.h"
#include "engine/log/memory_log.h"
#include "engine/pipeline/eraser.h"
#include "engine/pipeline/pipeline.h"
#include "engine/pipeline/publisher.h"
#include "engine/table/model_table.h"
#include "tests/engine/pipeline/deadly_projection.h"
#include "tests/kit/faulty_log.h"
#include "tests/kit/model_generations.h"
#include "tests/simulation/crumbs.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/tap.h"
#include "tests/simulation/vault.h"

namespace rapport::simulation {

inline constexpr LogIdentity kIdentity{0x51e0a7e5, 1};

// Thrown where a process would end in the midst of a fold.
struct Death {};

class World {
 public:
  // `on_append` sees what the ingress lets pass on its way to the log, `on_echo` what the engine
  // tells second customers.
  World(const Plan& plan, const fold::Projection* projection, uint64_t seed,
        std::function<void(const NewRecord&)> on_append,
        std::function<void(const NewRecord&)> on_echo);
  ~World();

  // Starts the engine on what the disks hold. Any error: Close, then mend or try again.
  absl::Status Open();
  bool is_open() const { return pipeline_ != nullptr; }
  // True once a write has failed: the process would have ended.
  bool has_died() const { return has_died_ || (embedded_ != nullptr && !embedded_->Health().ok()); }
  // Commits all that is applied, then ends. False when a write failed meanwhile.
  bool Stop();
  // Ends at once, without a power cut.
  void Close();
  void CutPower(uint64_t seed);

  // From the next start on the engine tells second customers.
  void TurnEchoOn() { echo_ = true; }
  bool echo() const { return echo_; }
  // The rules by which facts are folded: those that the world was made with, or others.
  const fold::Projection* projection() const { return projection_; }
  bool folds_otherwise() const { return projection_ == &others_; }
  // Folds anew by the other ones of the two, beside what serves.
  absl::Status StartRefold();
  // One piece of a rebuild, for which the log answers at once.
  void StepRebuild();

  // From now on the process ends (a Death is thrown) whenever this record is folded; -1 = mended.
  void SetDeadly(Partition partition, Offset offset) {
    for (pipeline::DeadlyProjection* rules : {&deadly_, &others_}) {
      rules->partition = partition;
      rules->deadly = offset;
    }
  }
  bool IsDeadly(Partition partition, Offset offset) const {
    return offset >= 0 && deadly_.deadly == offset && deadly_.partition == partition;
  }
  // What a Death leaves: no power was cut.
  void Die();
  // The power cut took the note of what was being folded. REQUIRES: not open.
  void LoseCrumbs() { crumbs_.Lose(); }

  // Forgets a customer; everything of it happens now, and `meanwhile` whenever it would wait.
  absl::StatusOr<v1::ErasureReceipt> Erase(const std::string& customer,
                                           std::function<void()> meanwhile);
  absl::StatusOr<v1::ErasureReceipt> FindReceipt(const std::string& customer) const {
    return eraser_->Find(customer);
  }
  Vault& vault() { return vault_; }

  // The n-th write to one of the disks from now fails.
  void FailWrite(bool archive, int64_t n);
  void NoFailures();
  void LoseState() {
    generations_.Replace(std::make_unique<table::ModelDisk>(), projection_->fold_digest());
  }
  // The n-th change of the pointer's files from now fails, or the n-th write to the generation that
  // is begun next; 0 = none.
  void FailSwitch(int64_t n) { generations_.files().CutAt(n); }
  void FailRebuild(int64_t n) { generations_.FailNextAt(n); }
  // Backups of what is durable now, and the way back to them. REQUIRES (Restore): not open.
  void BackUp();
  // What is durable of the archive now, and another one in its place. REQUIRES (Replace): not open.
  std::unique_ptr<table::ModelDisk> CopyArchive() const { return archive_disk_->Copy(); }
  void ReplaceArchive(std::unique_ptr<table::ModelDisk> disk) { archive_disk_ = std::move(disk); }
  table::ModelDisk& archive_disk() { return *archive_disk_; }
  // Whether a row of the state or of the archive that is durable holds these bytes.
  bool RowsHold(absl::string_view bytes);
  // A record ended the process so often that the next start sets it aside. REQUIRES: not open.
  absl::Status PronounceDeath(Partition partition, Offset offset);
  bool RestoreState();
  bool RestoreArchive();

  // What runs in the background of a real process.
  pipeline::PartitionTask::Next Step(Partition partition) {
    return pipeline_->task(partition).Step(absl::ZeroDuration());
  }
  bool Commit() { return pipeline_->CommitWaiting(); }
  bool WriteLog() { return embedded_ != nullptr && embedded_->WriteWaiting(); }

  int partitions() const { return plan_.partitions; }
  ManualClock& clock() { return clock_; }
  // The log that the engine uses. REQUIRES: is_open(), unless it is outside.
  log::Log& log();
  log::MemoryLog& outside() { return outside_; }
  kit::FaultyLog& faulty() { return faulty_; }
  log::Archive& archive() { return *archive_; }
  pipeline::Pipeline& pipeline() { return *pipeline_; }
  const pipeline::Pipeline& pipeline() const { return *pipeline_; }
  const pipeline::Publisher& publisher() const { return *publisher_; }
  history::History History() const {
    return history::History(archive_.get(), projection_, pipeline_.get());
  }

  history::RelationshipReader Relationships(const history::History& past) const {
    return history::RelationshipReader(archive_.get(), projection_, pipeline_.get(), &past);
  }

  // What an answer about one customer rests on.
  absl::StatusOr<history::Relationship> ReadRelationship(
      const std::string& customer, const history::Viewpoint& viewpoint) const {
    const history::History past = History();
    return Relationships(past).Read(customer, viewpoint, {});
  }

  // How a rebuild with other batches sees the same archive: both digests of all partitions.
  struct Digests {
    std::string facts;
    std::string state;
    bool operator==(const Digests&) const = default;
  };
  absl::StatusOr<Digests> DurableDigests();
  absl::StatusOr<Digests> RebuiltDigests(size_t batch_records_max);

 private:
  pipeline::PartitionOptions Options() const;
  pipeline::PipelineParts Parts();
  void OpenIngress();
  // Lets the engine work until all of a partition's log is applied, or it cannot go on.
  void RunToEnd(Partition partition);
  // Makes all that is applied durable, unless a write fails.
  void CommitAll();

  const Plan plan_;
  pipeline::DeadlyProjection deadly_;
  pipeline::DeadlyProjection others_;
  const fold::Projection* projection_ = &deadly_;
  ManualClock clock_;
  log::MemoryLog outside_;
  kit::FaultyLog faulty_;
  Tap tap_;
  Tap echo_tap_;
  bool echo_ = false;
  Vault vault_;
  Crumbs crumbs_;
  std::unique_ptr<table::ModelDisk> archive_disk_;
  kit::ModelGenerations generations_;
  std::unique_ptr<table::ModelDisk> archive_backup_;
  std::unique_ptr<table::ModelDisk> state_backup_;
  std::string state_backup_digest_;
  bool has_died_ = false;
  std::unique_ptr<table::Table> archive_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<log::EmbeddedLog> embedded_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::unique_ptr<pipeline::Publisher> publisher_;
  std::unique_ptr<pipeline::Eraser> eraser_;
};

}  // namespace rapport::simulation
