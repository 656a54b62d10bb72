// A record that ends the process is set aside after its third death, for ever, until released.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/pipeline/deadly_projection.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using testing::ElementsAre;
using testing::Pair;

class CrashedFoldDeathTest : public OnePartition {
 protected:
  static constexpr Offset kDeadly = 33;

  CrashedFoldDeathTest() {
    breadcrumbs_path_ = folder_.path() + "/breadcrumbs";
    auto deadly = std::make_unique<DeadlyProjection>(std::move(projection_));
    deadly_ = deadly.get();
    projection_ = std::move(deadly);
    Publish(60);
  }

  // Another process opens what is there, folds, and dies of it. Its disks die with it.
  void DieOnce() {
    Close();
    EXPECT_DEATH(
        {
          Open();
          FoldAll();
          Close();
        },
        "");
  }

  // Lets it die until the record is set aside; how often.
  int DiesUntilSetAside() {
    deadly_->deadly = kDeadly;
    int deaths = 0;
    for (; deaths < 10; ++deaths) {
      Open();
      if (progress().crashed.contains(kDeadly)) break;
      DieOnce();
    }
    return deaths;
  }

  std::vector<store::QuarantineEntry> Quarantine() {
    return pipeline_->Quarantine(0, 0, 100).value();
  }

  kit::ScratchFolder folder_;
  DeadlyProjection* deadly_ = nullptr;
};

TEST_F(CrashedFoldDeathTest, TheThirdDeathAtOneRecordSetsItAsideAndAllElseIsFolded) {
  EXPECT_EQ(DiesUntilSetAside(), 4) << "once in a batch, three times at the record";
  FoldAll();
  EXPECT_EQ(progress().applied, 60);
  EXPECT_THAT(progress().crashed, ElementsAre(Pair(kDeadly, 3u)));
  EXPECT_EQ(task().counters().folded, 59);
  EXPECT_EQ(task().counters().rejected, 1);
  const auto quarantine = Quarantine();
  ASSERT_EQ(quarantine.size(), 1u);
  EXPECT_EQ(quarantine[0].offset, kDeadly);
  EXPECT_EQ(quarantine[0].rejection.reason, Reason::kCrashedFold);
  EXPECT_EQ(quarantine[0].customer_id, "c6");
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests) << "a rebuild does not die of it";
}

TEST_F(CrashedFoldDeathTest, ARecordThatIsMendedInTimeIsFoldedAndForgotten) {
  deadly_->deadly = kDeadly;
  for (int death = 0; death < 3; ++death) DieOnce();
  deadly_->deadly = -1;
  Open();
  EXPECT_EQ(breadcrumbs_->Of(0).deaths, 2u);
  FoldAll();
  EXPECT_EQ(task().counters().folded, 60);
  EXPECT_EQ(breadcrumbs_->Of(0).deaths, 0u);
}

TEST_F(CrashedFoldDeathTest, AReleaseFoldsItAsIfItHadBeenGoodFromTheStart) {
  DiesUntilSetAside();
  FoldAll();
  deadly_->deadly = -1;
  const auto outcome = task().RetryQuarantine({Reason::kCrashedFold, std::nullopt}, "ops");
  ASSERT_OK(outcome);
  EXPECT_EQ(outcome->judged, 1);
  EXPECT_EQ(outcome->released, 1);
  EXPECT_TRUE(progress().crashed.empty());
  EXPECT_TRUE(Quarantine().empty());
  EXPECT_EQ(task().counters().folded, 60);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
}

TEST_F(CrashedFoldDeathTest, AReleaseThatEndsTheProcessAgainChangesNothing) {
  DiesUntilSetAside();
  FoldAll();
  const auto before = Digests();
  EXPECT_DEATH({ (void)task().RetryQuarantine({Reason::kCrashedFold, std::nullopt}, "ops"); }, "");
  Close();
  Open();
  EXPECT_EQ(breadcrumbs_->Of(0).careful_to, 0) << "what is folded already is not suspect";
  FoldAll();
  EXPECT_EQ(Digests(), before);
  EXPECT_TRUE(progress().crashed.contains(kDeadly));
}

TEST_F(CrashedFoldDeathTest, AReleaseThatWasNotCommittedIsFinishedAtTheNextStart) {
  DiesUntilSetAside();
  FoldAll();
  deadly_->deadly = -1;
  // The archive has it, the state has not.
  ASSERT_OK(Pronounce(*archive_, {0, kDeadly, log::CrashVerdict::Kind::kReleased, 3, "ops"}, 1));
  Close();
  Open();
  Step();
  FoldAll();
  EXPECT_TRUE(Quarantine().empty());
  EXPECT_EQ(task().counters().folded, 60);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
}

TEST_F(CrashedFoldDeathTest, AReleaseWaitsUntilAnOlderArchiveIsFilledUp) {
  DiesUntilSetAside();
  FoldAll();
  deadly_->deadly = -1;
  ASSERT_OK(Pronounce(*archive_, {0, kDeadly, log::CrashVerdict::Kind::kReleased, 3, "ops"}, 1));
  const auto older = archive_disk_->Copy();
  Publish(20);
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  Open();
  ASSERT_EQ(archive_->End(0).next, 60);
  for (int i = 0; i < 20; ++i) Step();
  EXPECT_OK(progress().stopped);
  EXPECT_TRUE(Quarantine().empty());
  EXPECT_EQ(task().counters().folded, 80);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
}

// The suspicion is still there, because what was folded with the record is not all folded yet.
TEST_F(CrashedFoldDeathTest, AReleaseForgivesTheDeathsBeforeIt) {
  DiesUntilSetAside();
  deadly_->deadly = -1;
  breadcrumbs_->BeginBatch(0, 30, 60);
  Close();
  Open();
  while (progress().applied < 40) Step();
  ASSERT_EQ(breadcrumbs_->Of(0).deaths, 3u);
  const auto outcome = task().RetryQuarantine({Reason::kCrashedFold, std::nullopt}, "ops");
  ASSERT_OK(outcome);
  EXPECT_EQ(outcome->released, 1);
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  Open();
  EXPECT_TRUE(progress().crashed.empty());
  FoldAll();
  EXPECT_EQ(task().counters().folded, 60);
}

}  // namespace
}  // namespace rapport::pipeline
