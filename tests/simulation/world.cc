#include "tests/simulation/world.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::simulation {
namespace {

constexpr int64_t kBegin = 1'767'225'600'000'000;  // 2026-01-01.

absl::StatusOr<World::Digests> DigestsOf(const pipeline::Pipeline& pipeline) {
  SetDigest facts, state;
  for (Partition partition = 0; partition < pipeline.partitions(); ++partition) {
    ASSIGN_OR_RETURN(const pipeline::Digests digests,
                     pipeline.Digest(partition, [](absl::string_view, const SetDigest&) {}));
    facts.Add(digests.facts);
    state.Add(digests.state);
  }
  return World::Digests{facts.Hex(), state.Hex()};
}

}  // namespace

World::World(const Plan& plan, const fold::Projection* projection)
    : plan_(plan),
      projection_(projection),
      clock_(kBegin),
      outside_(plan.partitions, kIdentity, &clock_),
      faulty_(&outside_),
      archive_disk_(std::make_unique<table::ModelDisk>()),
      state_disk_(std::make_unique<table::ModelDisk>()) {}

World::~World() { Close(); }

log::Log& World::log() {
  if (!plan_.embedded) return faulty_;
  return *embedded_;
}

pipeline::PartitionOptions World::Options() const {
  pipeline::PartitionOptions options;
  options.batch_records_max = plan_.batch_records_max;
  options.memory_bytes = plan_.memory_bytes;
  options.dirty_slots_max = plan_.dirty_slots_max;
  options.checkpoint_interval = absl::Microseconds(plan_.checkpoint_interval_us);
  options.checkpoint_interval_behind = 3 * options.checkpoint_interval;
  options.ingest_rows_min = plan_.ingest_rows_min;
  return options;
}

pipeline::PipelineParts World::Parts() {
  pipeline::PipelineParts parts;
  parts.log = &log();
  parts.archive = archive_.get();
  parts.mirror = !plan_.embedded;
  parts.state = state_table_.get();
  parts.projection = projection_;
  parts.clock = &clock_;
  parts.fatal = [this](const absl::Status&) { has_died_ = true; };
  parts.threads = false;
  return parts;
}

absl::Status World::Open() {
  RAPPORT_CHECK(!is_open()) << "open already";
  has_died_ = false;
  table::TableOptions with_wal;
  with_wal.wal = true;
  ASSIGN_OR_RETURN(archive_table_, archive_disk_->Open(with_wal));
  ASSIGN_OR_RETURN(archive_, log::Archive::Open(archive_table_.get(), plan_.partitions, kIdentity,
                                                clock_.NowMicros()));
  if (plan_.embedded) embedded_ = log::EmbeddedLog::Open(archive_.get(), clock_);
  ASSIGN_OR_RETURN(state_table_, state_disk_->Open({}));
  ASSIGN_OR_RETURN(pipeline_, pipeline::Pipeline::Open(Parts(), Options()));
  publisher_ = std::make_unique<pipeline::Publisher>(&log(), pipeline_.get(), &clock_);
  return absl::OkStatus();
}

bool World::Stop() {
  for (Partition partition = 0; partition < partitions() && !has_died(); ++partition) {
    while (pipeline_->task(partition).IsCommitting() && Commit()) {
    }
    pipeline_->task(partition).CutNow();
    Commit();
  }
  const bool well = !has_died();
  Close();
  return well;
}

void World::Close() {
  publisher_.reset();
  pipeline_.reset();
  embedded_.reset();
  archive_.reset();
  archive_table_.reset();
  state_table_.reset();
}

void World::CutPower(uint64_t seed) {
  archive_disk_->Crash(seed);
  state_disk_->Crash(seed + 1);
  Close();
}

void World::FailWrite(bool archive, int64_t n) {
  (archive ? archive_disk_ : state_disk_)->FailAt(n);
}

void World::NoFailures() {
  archive_disk_->FailAt(0);
  state_disk_->FailAt(0);
}

void World::BackUp() {
  archive_backup_ = archive_disk_->Copy();
  state_backup_ = state_disk_->Copy();
}

absl::Status World::PronounceDeath(Partition partition, Offset offset) {
  RAPPORT_CHECK(!is_open()) << "open";
  table::TableOptions with_wal;
  with_wal.wal = true;
  ASSIGN_OR_RETURN(const auto table, archive_disk_->Open(with_wal));
  ASSIGN_OR_RETURN(const auto archive, log::Archive::Open(table.get(), plan_.partitions, kIdentity,
                                                          clock_.NowMicros()));
  return pipeline::Pronounce(
      *archive, {partition, offset, log::CrashVerdict::Kind::kCrashed, 2, ""}, clock_.NowMicros());
}

bool World::RestoreState() {
  if (state_backup_ == nullptr) return false;
  state_disk_ = std::exchange(state_backup_, nullptr);
  return true;
}

bool World::RestoreArchive() {
  if (archive_backup_ == nullptr) return false;
  archive_disk_ = std::exchange(archive_backup_, nullptr);
  return true;
}

absl::StatusOr<World::Digests> World::DurableDigests() { return DigestsOf(*pipeline_); }

absl::StatusOr<World::Digests> World::RebuiltDigests(size_t batch_records_max) {
  table::ModelDisk disk;
  ASSIGN_OR_RETURN(const auto table, disk.Open({}));
  // Reads nothing but the archive.
  log::MemoryLog nothing(plan_.partitions, kIdentity, &clock_);
  pipeline::PipelineParts parts = Parts();
  parts.log = &nothing;
  parts.mirror = true;
  parts.state = table.get();
  pipeline::PartitionOptions options = Options();
  options.batch_records_max = batch_records_max;
  options.memory_bytes = size_t{1} << 30;
  options.dirty_slots_max = SIZE_MAX;
  ASSIGN_OR_RETURN(const auto pipeline, pipeline::Pipeline::Open(parts, options));
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    pipeline::PartitionTask& task = pipeline->task(partition);
    while (pipeline->progress(partition).applied < archive_->End(partition).next) {
      task.Step(absl::ZeroDuration());
      if (!pipeline->progress(partition).stopped.ok()) return pipeline->progress(partition).stopped;
      pipeline->CommitWaiting();
    }
    while (task.IsCommitting() && pipeline->CommitWaiting()) {
    }
    task.CutNow();
    pipeline->CommitWaiting();
  }
  return DigestsOf(*pipeline);
}

}  // namespace rapport::simulation
