// A log that gives again what it gave before is the same one, taken once, or another one.
#include <gtest/gtest.h>

#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

class LogAgainTest : public OnePartition {};

TEST_F(LogAgainTest, WhatALogGivesAgainIsTakenOnce) {
  Publish(35);
  Open();
  FoldAll();
  Publish(30);
  faulty_log_.GoBack(25);
  faulty_log_.DoubleReads(6);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 65);
  store::EventCounters once;
  once.archived = once.folded = 65;
  EXPECT_EQ(task().counters(), once);
  EXPECT_EQ(archive_->End(0).records, 65);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
}

TEST_F(LogAgainTest, ALogThatGoesBackFillsUpAnOlderArchiveOnce) {
  Publish(50);
  Open();
  FoldAll();
  const auto older = archive_disk_->Copy();
  Publish(50);
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  Open();
  Publish(5);
  // Back into what the archive holds, so that it comes to where the state is twice.
  while (archive_->End(0).next < 80) Step();
  faulty_log_.GoBack(40);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(task().counters().folded, 105);
  EXPECT_EQ(task().counters().duplicates, 0);
  EXPECT_EQ(archive_->End(0).records, 105);
  const auto digests = Digests();
  EXPECT_EQ(RebuiltDigests(), digests);
}

TEST_F(LogAgainTest, ALogThatGoesBackIsNotTheArchivedOneUntilThatIsShownAgain) {
  Publish(20);
  Open();
  FoldAll();
  EXPECT_TRUE(progress().is_compared);
  Publish(1);
  faulty_log_.GoBack(5);
  Step();
  EXPECT_FALSE(progress().is_compared);
  FoldAll();
  EXPECT_TRUE(progress().is_compared);
  EXPECT_EQ(progress().applied, 21);
}

TEST_F(LogAgainTest, ALogThatGoesBackBecauseItIsAnotherOneStopsThePartition) {
  Publish(20);
  Open();
  FoldAll();
  log_.CutFrom(0, 10);
  Publish(15);
  faulty_log_.GoBack(15);
  for (int i = 0; i < 10; ++i) Step();
  EXPECT_THAT(progress().stopped,
              kit::StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
  EXPECT_EQ(progress().applied, 20);
}

TEST_F(LogAgainTest, ALogThatGoesBackWhileItIsComparedIsTheSame) {
  Publish(20);
  log_.AppendGap(0, 2);
  Open();
  FoldAll();
  Close();
  Open();
  EXPECT_EQ(progress().applied, 22);
  for (int i = 0; i < 6; ++i) {
    faulty_log_.GoBack(5);
    faulty_log_.DoubleReads(1);
    Step();
  }
  Publish(1);
  FoldAll();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(task().counters().folded, 21);
}

}  // namespace
}  // namespace rapport::pipeline
