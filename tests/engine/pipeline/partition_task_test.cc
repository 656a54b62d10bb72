// One partition, step by step, under a clock that the test moves.
#include "engine/pipeline/partition_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

class PartitionTaskTest : public OnePartition {};

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

}  // namespace
}  // namespace rapport::pipeline
