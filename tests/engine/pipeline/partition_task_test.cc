// One partition, step by step, under a clock that the test moves.
#include "engine/pipeline/partition_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/log/memory_log.h"
#include "engine/pipeline/pipeline.h"
#include "engine/table/model_table.h"
#include "projections/catalog.h"
#include "tests/kit/engine_world.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

constexpr LogIdentity kIdentity{7, 1};
constexpr int64_t kBegin = 1'767'225'600'000'000;

class PartitionTaskTest : public testing::Test {
 protected:
  PartitionTaskTest() {
    options_.batch_records_max = 10;
    options_.checkpoint_interval = absl::Seconds(1);
    options_.checkpoint_interval_behind = absl::Seconds(5);
  }

  void Publish(int events) {
    for (int i = 0; i < events; ++i, ++next_) {
      const v1::Event event = kit::EventOf(
          kit::APurchase().Of(absl::StrCat("c", next_ % 7)).Id(next_).Key("o").Worth(1, "EUR"));
      log_.AppendTo(0, {event.customer_id(), event.SerializeAsString(), {}});
    }
  }

  void Open() {
    table::TableOptions with_wal;
    with_wal.wal = true;
    archive_table_ = archive_disk_->Open(with_wal).value();
    state_table_ = state_disk_->Open({}).value();
    archive_ = log::Archive::Open(archive_table_.get(), 1, kIdentity, kBegin).value();
    PipelineParts parts;
    parts.log = &log_;
    parts.archive = archive_.get();
    parts.state = state_table_.get();
    parts.projection = projection_.get();
    parts.clock = &clock_;
    parts.fatal = [](const absl::Status& status) { FAIL() << status; };
    parts.threads = false;
    pipeline_ = Pipeline::Open(parts, options_).value();
  }

  void Close() {
    pipeline_.reset();
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

  void FoldAll() {
    for (int i = 0; i < 1000 && progress().applied < log_.Range(0)->end; ++i) Step();
    if (task().IsCommitting()) pipeline_->CommitWaiting();
    task().CutNow();
    pipeline_->CommitWaiting();
  }

  ManualClock clock_{kBegin};
  log::MemoryLog log_{1, kIdentity, &clock_};
  std::unique_ptr<fold::Projection> projection_ = projections::StandardCatalog().value();
  std::unique_ptr<table::ModelDisk> archive_disk_ = std::make_unique<table::ModelDisk>();
  std::unique_ptr<table::ModelDisk> state_disk_ = std::make_unique<table::ModelDisk>();
  PartitionOptions options_;
  uint64_t next_ = 1;
  std::unique_ptr<table::Table> archive_table_, state_table_;
  std::unique_ptr<log::Archive> archive_;
  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(PartitionTaskTest, CutsLessOftenWhileItIsFarBehind) {
  Publish(1000);
  Open();
  EXPECT_EQ(CutsIn(100), 2) << "ten seconds, one cut in five";
  EXPECT_LT(progress().applied, 1000);
}

TEST_F(PartitionTaskTest, CutsEverySecondAtTheEndOfTheLog) {
  Open();
  int cuts = 0;
  for (int second = 0; second < 10; ++second) {
    Publish(1);
    cuts += CutsIn(10);
  }
  EXPECT_GE(cuts, 9);
  EXPECT_GE(progress().durable, 9);
}

TEST_F(PartitionTaskTest, ACutIsNotPutOffByAClockThatIsSetBack) {
  Open();
  Publish(1);
  EXPECT_EQ(CutsIn(3), 0);
  clock_.Advance(-3'600'000'000);
  EXPECT_EQ(CutsIn(2), 1);
}

TEST_F(PartitionTaskTest, FoldingWaitsWhileACommitIsUnderWayAndTooManyHaveChanged) {
  options_.dirty_slots_max = 7;
  Publish(100);
  Open();
  while (!task().IsCommitting()) Step();
  const Offset at_cut = progress().applied;
  Step();
  EXPECT_EQ(progress().applied, at_cut + 10) << "the seven customers may change once more";
  EXPECT_EQ(Step(), PartitionTask::Next::kAwaitCommit);
  EXPECT_EQ(Step(), PartitionTask::Next::kAwaitCommit);
  EXPECT_EQ(progress().applied, at_cut + 10);
  pipeline_->CommitWaiting();
  Step();
  EXPECT_EQ(progress().applied, at_cut + 20);
  EXPECT_EQ(progress().durable, at_cut);
}

TEST_F(PartitionTaskTest, AnOlderArchiveIsFilledUpFromTheLog) {
  Publish(50);
  Open();
  FoldAll();
  Close();
  const auto older = archive_disk_->Copy();
  Open();
  Publish(50);
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  Open();
  EXPECT_EQ(archive_->End(0).next, 50);
  EXPECT_EQ(progress().applied, 100) << "the state is ahead of its archive";
  Publish(5);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 105);
  EXPECT_EQ(archive_->End(0).next, 105);
  EXPECT_EQ(task().counters().folded, 105);
}

TEST_F(PartitionTaskTest, AnArchiveFilledUpFromAnotherHistoryStopsThePartition) {
  Publish(50);
  Open();
  FoldAll();
  Close();
  const auto older = archive_disk_->Copy();
  Open();
  Publish(50);
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  log_.CutFrom(0, 60);
  Publish(45);
  Open();
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_THAT(std::string(progress().stopped.message()), testing::StartsWith("LOG_CHANGED"));
  EXPECT_EQ(progress().applied, 100) << "nothing of it is folded";
}

TEST_F(PartitionTaskTest, ALogCutWithinAGapAndGrownAgainStopsThePartition) {
  Publish(3);
  log_.AppendGap(0, 2);
  Open();
  FoldAll();
  Close();
  EXPECT_EQ(log_.Range(0)->end, 5);
  log_.CutFrom(0, 3);
  Publish(4);
  Open();
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_THAT(std::string(progress().stopped.message()), testing::StartsWith("LOG_CHANGED"));
  EXPECT_EQ(progress().applied, 5);
}

TEST_F(PartitionTaskTest, ALogThatEndsInAGapIsTheSameAfterARestart) {
  Publish(3);
  log_.AppendGap(0, 2);
  Open();
  FoldAll();
  Close();
  Open();
  Publish(2);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 7);
}

}  // namespace
}  // namespace rapport::pipeline
