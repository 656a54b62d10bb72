#include "tests/kit/engine_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/pipeline/folder.h"
#include "projections/catalog.h"

namespace rapport::kit {
namespace {

// 2026-01-01.
constexpr int64_t kNow = 1'767'225'600'000'000;
constexpr LogIdentity kIdentity{0x7c1e90ab, 1};
// How long a reader of the log waits at most: a world that is stopped often does not wait for it.
constexpr absl::Duration kWaitMax = absl::Milliseconds(2);

class PromptReader : public log::LogReader {
 public:
  explicit PromptReader(std::unique_ptr<log::LogReader> reader) : reader_(std::move(reader)) {}
  absl::StatusOr<RecordBatch> Read(size_t max_records, absl::Duration timeout) override {
    return reader_->Read(max_records, std::min(timeout, kWaitMax));
  }

 private:
  const std::unique_ptr<log::LogReader> reader_;
};

// A log whose readers come back soon.
class PromptLog : public log::Log {
 public:
  explicit PromptLog(log::Log* log) : log_(log) {}
  LogIdentity identity() const override { return log_->identity(); }
  std::string name() const override { return log_->name(); }
  int partitions() const override { return log_->partitions(); }
  void Append(NewRecord record, log::AppendDone done) override {
    log_->Append(std::move(record), std::move(done));
  }
  absl::StatusOr<log::OffsetRange> Range(Partition partition) override {
    return log_->Range(partition);
  }
  absl::StatusOr<std::unique_ptr<log::LogReader>> NewReader(Partition partition,
                                                            Offset next) override {
    ASSIGN_OR_RETURN(auto reader, log_->NewReader(partition, next));
    return std::make_unique<PromptReader>(std::move(reader));
  }

 private:
  log::Log* const log_;
};

table::TableOptions WithWal() {
  table::TableOptions options;
  options.wal = true;
  return options;
}

class ModelWorldDisk : public WorldDisk {
 public:
  absl::StatusOr<std::unique_ptr<table::Table>> OpenArchive() override {
    return archive_.Open(WithWal());
  }
  absl::StatusOr<std::unique_ptr<table::Table>> OpenState() override { return state_->Open({}); }
  void CutPower(uint64_t seed) override {
    archive_.Crash(seed);
    state_->Crash(seed);
  }
  void Restore(uint64_t) override {}
  void LoseState() override { state_ = std::make_unique<table::ModelDisk>(); }

 private:
  table::ModelDisk archive_;
  std::unique_ptr<table::ModelDisk> state_ = std::make_unique<table::ModelDisk>();
};

}  // namespace

EngineWorld::EngineWorld(int partitions)
    : EngineWorld(partitions, std::make_unique<ModelWorldDisk>()) {}

EngineWorld::EngineWorld(int partitions, std::unique_ptr<WorldDisk> disk)
    : EngineWorld(partitions, projections::StandardCatalog().value(), std::move(disk)) {}

EngineWorld::EngineWorld(int partitions, std::unique_ptr<fold::Projection> projection)
    : EngineWorld(partitions, std::move(projection), std::make_unique<ModelWorldDisk>()) {}

EngineWorld::EngineWorld(int partitions, std::unique_ptr<fold::Projection> projection,
                         std::unique_ptr<WorldDisk> disk)
    : clock_(kNow),
      log_(partitions, kIdentity, &clock_),
      prompt_log_(std::make_unique<PromptLog>(&log_)),
      projection_(std::move(projection)),
      disk_(std::move(disk)) {
  options_.checkpoint_interval = absl::Milliseconds(5);
}

EngineWorld::~EngineWorld() { Stop(); }

v1::Event EventOf(const EventBuilder& builder) {
  const ValidEvent view = builder.View();
  v1::Event event = *view.envelope;
  event.set_payload(view.payload->SerializeAsString());
  if (event.source().empty()) event.set_source("test");
  return event;
}

log::Appended EngineWorld::Publish(const EventBuilder& builder) {
  const v1::Event event = EventOf(builder);
  return PublishRaw(event.customer_id().empty() ? event.event_id() : event.customer_id(),
                    event.SerializeAsString());
}

log::Appended EngineWorld::PublishRaw(const std::string& key, const std::string& value) {
  return log::AppendAndWait(log_, {key, value, {}}).value();
}

absl::Status EngineWorld::Start() {
  ASSIGN_OR_RETURN(archive_table_, disk_->OpenArchive());
  ASSIGN_OR_RETURN(state_table_, disk_->OpenState());
  ASSIGN_OR_RETURN(archive_,
                   log::Archive::Open(archive_table_.get(), log_.partitions(), kIdentity, kNow));
  pipeline::PipelineParts parts;
  parts.log = prompt_log_.get();
  parts.archive = archive_.get();
  parts.state = state_table_.get();
  parts.projection = projection_.get();
  parts.on_erasure = on_erasure_;
  parts.echo = echo_;
  parts.clock = &SystemClock();
  // After a power cut nothing can be written any more; a real process would have ended.
  parts.fatal = [this](const absl::Status&) { ++deaths_; };
  ASSIGN_OR_RETURN(pipeline_, pipeline::Pipeline::Open(parts, options_));
  // Before, what is published might be history to the echo.
  for (Partition partition = 0; echo_ && partition < log_.partitions(); ++partition) {
    RETURN_IF_ERROR(pipeline_->AwaitFollowing(partition, absl::Now() + absl::Seconds(60)));
  }
  return absl::OkStatus();
}

void EngineWorld::Stop() {
  pipeline_.reset();
  archive_.reset();
  archive_table_.reset();
  state_table_.reset();
}

void EngineWorld::LoseState() { disk_->LoseState(); }

absl::Status EngineWorld::AwaitAll() {
  Position end;
  for (Partition partition = 0; partition < log_.partitions(); ++partition) {
    end.next[partition] = log_.Range(partition)->end;
  }
  return pipeline_->WaitFor(end, absl::Now() + absl::Seconds(60));
}

absl::Status EngineWorld::AwaitEchoes() {
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  int64_t end = -1;
  // Twins may have twins: until nothing waits and nothing more has come.
  for (int64_t before = -2; before != end;) {
    RETURN_IF_ERROR(AwaitAll());
    RETURN_IF_ERROR(pipeline_->AwaitEchoes(deadline));
    before = std::exchange(end, 0);
    for (Partition p = 0; p < log_.partitions(); ++p) end += log_.Range(p)->end;
  }
  return absl::OkStatus();
}

absl::StatusOr<pipeline::Digests> EngineWorld::DurableDigest(Partition partition) {
  return pipeline_->Digest(partition, [](absl::string_view, const SetDigest&) {});
}

WorldDigests EngineWorld::Digests() {
  EXPECT_TRUE(AwaitAll().ok());
  EXPECT_TRUE(pipeline_->Checkpoint(absl::Now() + absl::Seconds(60)).ok());
  SetDigest facts, state;
  for (Partition partition = 0; partition < log_.partitions(); ++partition) {
    const auto digests = DurableDigest(partition);
    RAPPORT_CHECK(digests.ok()) << digests.status();
    facts.Add(digests->facts);
    state.Add(digests->state);
  }
  return {facts.Hex(), state.Hex()};
}

void EngineWorld::Crash(uint64_t seed) {
  // The disk dies under the running threads, which is the point.
  disk_->CutPower(seed);
  Stop();
  disk_->Restore(seed);
}

std::string EngineWorld::FactsOfPrefix(Partition partition, Offset next) {
  table::ModelDisk disk, archive_disk;
  const auto table = disk.Open({}).value();
  const auto archive_table = archive_disk.Open(WithWal()).value();
  const auto archive =
      log::Archive::Open(archive_table.get(), log_.partitions(), kIdentity, kNow).value();
  const auto store =
      store::StateStore::Open(table.get(), {kIdentity, log_.partitions(), "prefix"}).value();
  pipeline::Folder folder(partition, log_.partitions(), projection_.get(), archive.get(),
                          store.get(), {});
  const auto reader = log_.NewReader(partition, 0).value();
  SetDigest digest;
  while (folder.state().next < next) {
    const RecordBatch batch = reader->Read(1, absl::Seconds(1)).value();
    RAPPORT_CHECK(archive->Append({batch}, table::Durability::kBuffered).ok());
    RAPPORT_CHECK(folder.Apply(batch).ok());
  }
  for (const std::string& name : folder.table().Names()) {
    folder.table().ReadSlot(name, [&](const store::Slot& slot) {
      if (name[0] == '\0' || slot.touches.size() == 0) return;
      std::string bytes;
      projection_->Encode(slot.facts(), false, bytes);
      digest.Add({name, bytes});
    });
  }
  return digest.Hex();
}

}  // namespace rapport::kit
