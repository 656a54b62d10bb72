#include "tests/simulation/world.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/pipeline/erasure.h"
#include "projections/catalog.h"

namespace rapport::simulation {
namespace {

constexpr int64_t kBegin = 1'767'225'600'000'000;  // 2026-01-01.
// None needs so many.
constexpr int kStepsToEnd = 20'000;

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

// Half-lives are others, and the custom kind of the simulation's rules is none.
std::shared_ptr<const fold::Projection> OtherRules() {
  static const auto* const rules = new std::shared_ptr<const fold::Projection>(
      projections::Catalog(absl::StrReplaceAll(projections::StandardRulesText(),
                                               {{"half_life_days: 364", "half_life_days: 7"},
                                                {"half_life_days: 182", "half_life_days: 3"},
                                                {"half_life_days: 91", "half_life_days: 2"}}),
                           "others")
          .value());
  return *rules;
}

}  // namespace

World::World(const Plan& plan, const fold::Projection* projection, uint64_t seed,
             std::function<void(const NewRecord&)> on_append,
             std::function<void(const NewRecord&)> on_echo)
    : plan_(plan),
      deadly_(std::shared_ptr<const fold::Projection>(std::shared_ptr<void>(), projection)),
      others_(OtherRules()),
      clock_(kBegin),
      outside_(plan.partitions, kIdentity, &clock_),
      faulty_(&outside_),
      tap_(std::move(on_append)),
      echo_tap_(std::move(on_echo)),
      vault_(seed),
      archive_disk_(std::make_unique<table::ModelDisk>()) {
  others_.end = deadly_.end = [this] {
    crumbs_.Keep();
    throw Death();
  };
}

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
  options.checkpoint_interval_archive = 5 * options.checkpoint_interval;
  options.ingest_rows_min = plan_.ingest_rows_min;
  return options;
}

pipeline::PipelineParts World::Parts() {
  pipeline::PipelineParts parts;
  echo_tap_.SetInner(&log());
  parts.log = &echo_tap_;
  parts.echo = echo_;
  parts.archive = archive_.get();
  parts.mirror = !plan_.embedded;
  parts.projection = projection_;
  parts.clock = &clock_;
  parts.fatal = [this](const absl::Status&) { has_died_ = true; };
  parts.threads = false;
  parts.on_erasure = [this](const std::string& customer) {
    vault_.keys().Destroy(customer, clock_.NowMicros()).IgnoreError();
  };
  return parts;
}

absl::Status World::Open() {
  RAPPORT_CHECK(!is_open()) << "open already";
  has_died_ = false;
  vault_.Open(clock_.NowMicros());
  table::TableOptions with_wal;
  with_wal.wal = true;
  ASSIGN_OR_RETURN(archive_table_, archive_disk_->Open(with_wal));
  ASSIGN_OR_RETURN(archive_, log::Archive::Open(archive_table_.get(), plan_.partitions, kIdentity,
                                                clock_.NowMicros()));
  if (plan_.embedded) embedded_ = log::EmbeddedLog::Open(archive_.get(), clock_);
  const absl::Status erased = pipeline::ApplyErasures(*archive_, vault_.keys(), clock_.NowMicros());
  if (!erased.ok()) vault_.keys().Close(erased);
  pipeline::PipelineParts parts = Parts();
  ASSIGN_OR_RETURN(parts.state, generations_.OpenServing());
  projection_ = generations_.fold_digest() == others_.fold_digest() ? &others_ : &deadly_;
  parts.projection = projection_;
  parts.generations = &generations_;
  if (plan_.deadly > 0) parts.breadcrumbs = crumbs_.Open(plan_.partitions);
  ASSIGN_OR_RETURN(pipeline_, pipeline::Pipeline::Open(parts, Options()));
  OpenIngress();
  return absl::OkStatus();
}

void World::OpenIngress() {
  tap_.SetInner(&log());
  publisher_ =
      std::make_unique<pipeline::Publisher>(&tap_, pipeline_.get(), &clock_, &vault_.keys());
  pipeline::EraserParts eraser;
  eraser.publisher = publisher_.get();
  eraser.pipeline = pipeline_.get();
  eraser.log = &tap_;
  eraser.archive = archive_.get();
  eraser.keys = &vault_.keys();
  eraser.audit = &vault_.audit();
  eraser_ = std::make_unique<pipeline::Eraser>(eraser);
}

absl::Status World::StartRefold() {
  const fold::Projection* rules = folds_otherwise() ? &deadly_ : &others_;
  pipeline::RebuildOrder order;
  order.rules = {std::shared_ptr<void>(), rules};
  order.after_switch = [this, rules] { projection_ = rules; };
  return pipeline_->StartRebuild(std::move(order));
}

void World::RunToEnd(Partition partition) {
  while (WriteLog()) {
  }
  for (int step = 0; step < kStepsToEnd && !has_died(); ++step) {
    const auto range = log().Range(partition);
    const pipeline::PartitionProgress progress = pipeline_->progress(partition);
    if (!range.ok() || !progress.stopped.ok()) return;
    if (progress.is_current && progress.applied >= range->end &&
        archive_->End(partition).next >= range->end) {
      return;
    }
    Step(partition);
    Commit();
  }
}

void World::CommitAll() {
  for (Partition partition = 0; partition < partitions() && !has_died(); ++partition) {
    while (pipeline_->task(partition).IsCommitting() && Commit()) {
    }
    pipeline_->task(partition).CutNow();
    Commit();
  }
}

absl::StatusOr<v1::ErasureReceipt> World::Erase(const std::string& customer,
                                                std::function<void()> meanwhile) {
  tap_.SetWaiting([this, meanwhile = std::move(meanwhile)](std::optional<Partition> partition) {
    if (!partition.has_value()) {
      while (WriteLog()) {
      }
      return;
    }
    meanwhile();
    RunToEnd(*partition);
    CommitAll();
  });
  // All that is waited for has happened by then.
  auto receipt = eraser_->Erase(customer, {"uid 1000", "asked by mail", clock_.NowMicros()},
                                absl::UnixEpoch());
  tap_.SetWaiting(nullptr);
  return receipt;
}

void World::StepRebuild() {
  echo_tap_.SetWaiting([this](std::optional<Partition>) {
    while (WriteLog()) {
    }
  });
  while (WriteLog()) {
  }
  pipeline_->StepRebuild();
  echo_tap_.SetWaiting(nullptr);
}

bool World::Stop() {
  CommitAll();
  const bool well = !has_died();
  Close();
  return well;
}

void World::Close() {
  tap_.SetWaiting(nullptr);
  echo_tap_.SetWaiting(nullptr);
  eraser_.reset();
  publisher_.reset();
  pipeline_.reset();
  crumbs_.Close();
  vault_.Close();
  embedded_.reset();
  archive_.reset();
  archive_table_.reset();
  generations_.Close();
}

void World::CutPower(uint64_t seed) {
  archive_disk_->Crash(seed);
  generations_.Crash(seed + 1);
  Close();
  vault_.CutPower(seed + 2);
}

void World::Die() {
  Close();
  crumbs_.LeaveKept();
}

bool World::RowsHold(absl::string_view bytes) {
  for (const table::ModelDisk* disk : {archive_disk_.get(), &generations_.disk()}) {
    const auto copy = disk->Copy();
    const auto table = copy->Open({}).value();
    const auto it = table->NewIterator();
    for (it->Seek(""); it->Valid(); it->Next()) {
      if (absl::StrContains(it->value(), bytes)) return true;
    }
  }
  return false;
}

void World::FailWrite(bool archive, int64_t n) {
  (archive ? *archive_disk_ : generations_.disk()).FailAt(n);
}

void World::NoFailures() {
  archive_disk_->FailAt(0);
  generations_.disk().FailAt(0);
  generations_.files().CutAt(0);
  generations_.FailNextAt(0);
  vault_.FailAt(0);
}

void World::BackUp() {
  archive_backup_ = archive_disk_->Copy();
  state_backup_ = generations_.disk().Copy();
  state_backup_digest_ = generations_.fold_digest();
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
  generations_.Replace(std::exchange(state_backup_, nullptr), state_backup_digest_);
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
  parts.echo = false;
  parts.state = table.get();
  // Facts do not need keys.
  parts.on_erasure = nullptr;
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
