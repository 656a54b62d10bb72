// A partition that lost events to log and archive goes on when somebody accepts the loss.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::StatusIs;
using testing::HasSubstr;
using testing::StartsWith;

class AcceptLossTest : public OnePartition {
 protected:
  void StepTimes(int count) {
    for (int i = 0; i < count; ++i) Step();
  }
  // Loses the log below `start` while the engine is away, and comes back.
  void ReopenWithLogFrom(Offset start) {
    Close();
    log_.DropBefore(0, start);
    Open();
    StepTimes(10);
  }
  std::vector<log::AcceptedGap> Gaps() {
    std::vector<log::AcceptedGap> gaps;
    const std::vector<log::EngineRecord> records = archive_->EngineRecords().value();
    for (const log::EngineRecord& record : records) {
      if (record.type == log::EngineRecord::Type::kGapAccepted) {
        gaps.push_back(log::DecodeGap(record.body).value());
      }
    }
    return gaps;
  }
};

TEST_F(AcceptLossTest, FoldingGoesOnAtTheLogsStartAndARebuildAgrees) {
  Publish(50);
  Open();
  FoldAll();
  Publish(70);
  ReopenWithLogFrom(90);
  ASSERT_THAT(std::string(progress().stopped.message()), StartsWith("ARCHIVE_GAP"));
  const auto gap = task().AcceptLoss("ops: a disk burned");
  ASSERT_OK(gap);
  EXPECT_EQ(gap->from, 50);
  EXPECT_EQ(gap->to, 90);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 120);
  EXPECT_EQ(task().counters().folded, 80);
  EXPECT_EQ(archive_->End(0).complete_from, 90);
  EXPECT_EQ(archive_->End(0).start, 0);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
  ASSERT_EQ(Gaps().size(), 1u);
  EXPECT_EQ(Gaps()[0].reason, "ops: a disk burned");
  EXPECT_EQ(archive_->End(0).complete_from, 90) << "kept";
}

TEST_F(AcceptLossTest, AFirstStartBehindTheLogsBeginningWaitsForTheSameWord) {
  Publish(40);
  log_.DropBefore(0, 15);
  Open();
  StepTimes(10);
  ASSERT_THAT(std::string(progress().stopped.message()), StartsWith("ARCHIVE_GAP"));
  EXPECT_EQ(progress().applied, 0) << "nothing is skipped before somebody says so";
  ASSERT_OK(task().AcceptLoss("ops: the topic is older than we are"));
  FoldAll();
  EXPECT_EQ(progress().applied, 40);
  EXPECT_EQ(archive_->End(0).start, 15);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
}

TEST_F(AcceptLossTest, RetentionThatOvertakesARunningReaderIsTheSameGap) {
  Publish(20);
  Open();
  FoldAll();
  Publish(20);
  log_.DropBefore(0, 30);
  StepTimes(3);
  ASSERT_THAT(std::string(progress().stopped.message()), StartsWith("ARCHIVE_GAP"));
  ASSERT_OK(task().AcceptLoss("ops: why"));
  FoldAll();
  EXPECT_EQ(progress().applied, 40);
  EXPECT_EQ(task().counters().folded, 30);
}

TEST_F(AcceptLossTest, ARangeThatTheLogHoldsAgainIsNotGivenUp) {
  Publish(50);
  Open();
  FoldAll();
  Publish(50);
  Close();
  log_.DropBefore(0, 80);
  Open();
  StepTimes(5);
  ASSERT_THAT(std::string(progress().stopped.message()), StartsWith("ARCHIVE_GAP"));
  log_.CutFrom(0, 50);
  Publish(10);
  const auto gap = task().AcceptLoss("ops: never mind");
  ASSERT_OK(gap);
  EXPECT_EQ(gap->from, gap->to);
  FoldAll();
  EXPECT_EQ(progress().applied, 60);
  EXPECT_TRUE(Gaps().empty());
}

TEST_F(AcceptLossTest, IsRefusedWhereNothingIsLost) {
  Publish(20);
  Open();
  FoldAll();
  EXPECT_THAT(task().AcceptLoss("ops: why not"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "NOTHING_LOST: partition 0 is not"));
  Close();
  log_.CutFrom(0, 10);
  Publish(30);
  Open();
  StepTimes(5);
  ASSERT_THAT(std::string(progress().stopped.message()), StartsWith("LOG_CHANGED"));
  EXPECT_THAT(task().AcceptLoss("ops: why not"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "NOTHING_LOST"));
  EXPECT_THAT(std::string(progress().stopped.message()), StartsWith("LOG_CHANGED"));
  EXPECT_TRUE(Gaps().empty());
}

TEST_F(AcceptLossTest, IsRefusedWhenTheStateKnowsMoreThanTheArchive) {
  FoldAndRestoreArchive(50, 50);
  ReopenWithLogFrom(70);
  EXPECT_THAT(task().AcceptLoss("ops: why"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "delete the folder `state`"));
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  Open();
  StepTimes(20);
  ASSERT_OK(task().AcceptLoss("ops: why"));
  FoldAll();
  EXPECT_EQ(task().counters().folded, 80);
}

TEST_F(AcceptLossTest, APowerCutRightAfterwardsLosesNothingOfIt) {
  Publish(50);
  Open();
  FoldAll();
  Publish(50);
  ReopenWithLogFrom(80);
  ASSERT_OK(task().AcceptLoss("ops: why"));
  archive_disk_->Crash(3);
  state_disk_->Crash(3);
  Close();
  Open();
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(archive_->End(0).complete_from, 80);
  EXPECT_EQ(task().counters().folded, 70);
}

}  // namespace
}  // namespace rapport::pipeline
