// OnePartition: a pipeline over one partition in memory, driven step by step by the test, under a
// clock that the test moves.
//
//   Publish(50);
//   Open();
//   FoldAll();                 // and commits
//   Close();                   // what is committed stays on the model disks
//
// Threads: one.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/log/memory_log.h"
#include "engine/pipeline/pipeline.h"
#include "engine/table/model_table.h"
#include "projections/catalog.h"
#include "tests/engine/pipeline/counted_archive.h"
#include "tests/engine/pipeline/hooked_table.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/faulty_log.h"
#include "tests/kit/model_generations.h"

namespace rapport::pipeline {

class OnePartition : public testing::Test {
 protected:
  static constexpr LogIdentity kIdentity{7, 1};
  static constexpr int64_t kBegin = 1'767'225'600'000'000;

  OnePartition() {
    options_.batch_records_max = 10;
    options_.checkpoint_interval = absl::Seconds(1);
    options_.checkpoint_interval_behind = absl::Seconds(5);
  }

  // A purchase of one of seven customers each, ids ascending.
  void Publish(int events) {
    for (int i = 0; i < events; ++i, ++next_) {
      Publish(kit::APurchase().Of(absl::StrCat("c", next_ % 7)).Id(next_).Key("o").Worth(1, "EUR"));
    }
  }
  Offset Publish(const kit::EventBuilder& builder) {
    const v1::Event event = kit::EventOf(builder);
    const std::string key = event.customer_id().empty() ? event.event_id() : event.customer_id();
    return PublishRaw(key, event.SerializeAsString());
  }
  Offset PublishRaw(const std::string& key, const std::string& value) {
    return log_.AppendTo(0, {key, value, {}}).offset;
  }

  void Open() {
    table::TableOptions with_wal;
    with_wal.wal = true;
    archive_table_ = archive_disk_->Open(with_wal).value();
    state_table_ = std::make_unique<HookedTable>(state_disk_->Open({}).value());
    archive_ = std::make_unique<CountedArchive>(
        log::Archive::Open(archive_table_.get(), 1, kIdentity, kBegin).value());
    PipelineParts parts;
    parts.log = &faulty_log_;
    parts.archive = archive_.get();
    parts.state = state_table_.get();
    if (generations_ != nullptr) {
      parts.state = generations_->OpenServing().value();
      parts.generations = generations_.get();
    }
    parts.mirror = mirror_;
    parts.projection = projection_.get();
    parts.echo = echo_;
    parts.notes_echoes = notes_echoes_;
    parts.clock = clock_seen_;
    parts.fatal = [](const absl::Status& status) { FAIL() << status; };
    parts.on_erasure = [this](const std::string& customer) {
      erased_.push_back(customer);
      if (meanwhile_) meanwhile_();
    };
    parts.threads = false;
    if (!breadcrumbs_path_.empty()) {
      breadcrumbs_ = Breadcrumbs::Open(breadcrumbs_path_, 1).value();
      parts.breadcrumbs = breadcrumbs_.get();
    }
    pipeline_ = Pipeline::Open(parts, options_).value();
  }

  void Close() {
    pipeline_.reset();
    if (generations_ != nullptr) generations_->Close();
    breadcrumbs_.reset();
    archive_.reset();
    archive_table_.reset();
    state_table_.reset();
  }

  PartitionTask& task() { return pipeline_->task(0); }
  PartitionProgress progress() { return pipeline_->progress(0); }
  PartitionTask::Next Step() { return task().Step(absl::ZeroDuration()); }

  // Steps `count` times, a tenth of a second apart, committing at once; how many cuts were taken.
  int CutsIn(int count) {
    int cuts = 0;
    for (int i = 0; i < count; ++i) {
      clock_.Advance(100'000);
      Step();
      cuts += pipeline_->CommitWaiting();
    }
    return cuts;
  }

  // Steps to the log's end or to a stop, and commits.
  void FoldAll() {
    for (int i = 0; i < 100'000 && progress().applied < log_.Range(0)->end; ++i) Step();
    if (task().IsCommitting()) pipeline_->CommitWaiting();
    task().CutNow();
    pipeline_->CommitWaiting();
  }

  // Folds `before` events and `after` more, and puts the archive as it was between back beside the
  // state of all, as an operator might. Nothing is open then.
  void FoldAndRestoreArchive(int before, int after) {
    Publish(before);
    Open();
    FoldAll();
    Close();
    auto older = archive_disk_->Copy();
    Open();
    Publish(after);
    FoldAll();
    Close();
    archive_disk_ = std::move(older);
  }

  // Digests of what is committed, facts and state.
  std::pair<std::string, std::string> Digests() {
    const auto digests = pipeline_->Digest(0, [](absl::string_view, const SetDigest&) {}).value();
    return {digests.facts.Hex(), digests.state.Hex()};
  }

  // The same of a state that is built anew from the archive. What was lived goes on afterwards.
  std::pair<std::string, std::string> RebuiltDigests() {
    Close();
    auto lived = std::exchange(state_disk_, std::make_unique<table::ModelDisk>());
    Open();
    FoldAll();
    const auto digests = Digests();
    rebuilt_counters_ = task().counters();
    Close();
    state_disk_ = std::move(lived);
    Open();
    FoldAll();
    return digests;
  }

  ManualClock clock_{kBegin};
  log::MemoryLog log_{1, kIdentity, &clock_};
  // `log_`, as the pipeline sees it.
  kit::FaultyLog faulty_log_{&log_};
  std::unique_ptr<fold::Projection> projection_ = projections::StandardCatalog().value();
  std::unique_ptr<table::ModelDisk> archive_disk_ = std::make_unique<table::ModelDisk>();
  std::unique_ptr<table::ModelDisk> state_disk_ = std::make_unique<table::ModelDisk>();
  PartitionOptions options_;
  // Of the last rebuild.
  store::EventCounters rebuilt_counters_;
  // Empty: without breadcrumbs.
  std::string breadcrumbs_path_;
  // Whose erasure was told of.
  std::vector<std::string> erased_;
  // Called while an erasure is told of.
  std::function<void()> meanwhile_;
  // As the pipeline sees it.
  const Clock* clock_seen_ = &clock_;
  // False: the archive is the log.
  bool mirror_ = true;
  bool echo_ = false;
  bool notes_echoes_ = true;
  uint64_t next_ = 1;
  // Null: the state is on state_disk_ and cannot be rebuilt beside itself.
  std::unique_ptr<kit::ModelGenerations> generations_;
  std::unique_ptr<table::Table> archive_table_;
  std::unique_ptr<HookedTable> state_table_;
  std::unique_ptr<CountedArchive> archive_;
  std::unique_ptr<Breadcrumbs> breadcrumbs_;
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace rapport::pipeline
