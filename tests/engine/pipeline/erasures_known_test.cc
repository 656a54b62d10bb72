// When keys may serve: once they have been told of every erasure that the log held at the start.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/pipeline/erasure.h"
#include "tests/engine/pipeline/one_partition.h"
#include "tests/kit/status_matchers.h"

namespace rapport::pipeline {
namespace {

using kit::StatusIs;
using testing::ElementsAre;

class ErasuresTest : public OnePartition {
 protected:
  absl::Status Known() { return pipeline_->CheckErasuresKnown(0); }
  void PublishErasure(const std::string& customer) {
    const v1::Event event = ErasureEvent(v1::KIND_ERASURE_REQUESTED, customer, kBegin);
    PublishRaw(customer, event.SerializeAsString());
  }
  // `events` more, then the archive is what it was before them; the state keeps them.
  void OpenWithArchiveOlderBy(int events) {
    const auto older = archive_disk_->Copy();
    Publish(events);
    FoldAll();
    Close();
    archive_disk_ = older->Copy();
    Open();
  }
};

TEST_F(ErasuresTest, AreKnownOnceTheArchiveHoldsWhatTheLogHeldAtTheStart) {
  Publish(20);
  Open();
  EXPECT_THAT(Known(), StatusIs(absl::StatusCode::kUnavailable, "NOT_READY: partition 0"));
  FoldAll();
  EXPECT_OK(Known());
  OpenWithArchiveOlderBy(30);
  while (archive_->End(0).next < 50) {
    EXPECT_THAT(Known(), StatusIs(absl::StatusCode::kUnavailable, "NOT_READY: partition 0"));
    EXPECT_FALSE(progress().is_current);
    Step();
  }
  EXPECT_OK(Known());
}

TEST_F(ErasuresTest, AreWaitedForByAMessageThatSaysHowFarItIs) {
  Publish(20);
  Open();
  FoldAll();
  OpenWithArchiveOlderBy(30);
  EXPECT_THAT(Known(), StatusIs(absl::StatusCode::kUnavailable,
                                "NOT_READY: partition 0 has come to offset 20 and has not seen yet "
                                "where its log ends"));
  while (archive_->End(0).next < 30) Step();
  EXPECT_THAT(Known(), StatusIs(absl::StatusCode::kUnavailable,
                                "NOT_READY: partition 0 has come to offset 30 of the 50 its log "
                                "held at the start"));
}

// What is appended behind the first look is learnt in good time; waiting for it might never end.
TEST_F(ErasuresTest, AreKnownThoughTheLogHasGrownAndIsComparedAnew) {
  Publish(20);
  Open();
  FoldAll();
  OpenWithArchiveOlderBy(30);
  while (archive_->End(0).next < 30) Step();
  Publish(40);
  faulty_log_.GoBack(5);
  while (archive_->End(0).next < 50) Step();
  EXPECT_LT(archive_->End(0).next, 60);
  EXPECT_OK(Known());
}

TEST_F(ErasuresTest, StayKnownWhateverComesThen) {
  Publish(20);
  Open();
  FoldAll();
  Publish(10);
  faulty_log_.GoBack(5);
  Step();
  EXPECT_OK(Known());
  FoldAll();
  Publish(30);
  log_.DropBefore(0, 45);
  while (progress().stopped.ok()) Step();
  EXPECT_THAT(progress().stopped, StatusIs(absl::StatusCode::kFailedPrecondition, "ARCHIVE_GAP"));
  EXPECT_OK(Known());
  EXPECT_THAT(pipeline_->AwaitFollowing(0, absl::InfinitePast()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITION_STOPPED: ARCHIVE_GAP"));
}

TEST_F(ErasuresTest, AreNotKnownWhereThePartitionStopsBefore) {
  Publish(20);
  Open();
  FoldAll();
  Close();
  Publish(30);
  log_.DropBefore(0, 25);
  Open();
  while (progress().stopped.ok()) Step();
  EXPECT_THAT(Known(), StatusIs(absl::StatusCode::kFailedPrecondition, "PARTITION_STOPPED"));
}

// While the record is folded that destroys a key, another thread may ask.
TEST_F(ErasuresTest, AreNotKnownBeforeTheLastIsTold) {
  Publish(20);
  PublishErasure("c1");
  std::vector<bool> current_when_told;
  meanwhile_ = [&] { current_when_told.push_back(Known().ok()); };
  Open();
  FoldAll();
  EXPECT_THAT(current_when_told, ElementsAre(false));
  EXPECT_OK(Known());
}

TEST_F(ErasuresTest, AreKnownFromTheStartWhereTheArchiveIsTheLog) {
  Publish(50);
  Open();
  FoldAll();
  Close();
  state_disk_ = std::make_unique<table::ModelDisk>();
  mirror_ = false;
  Open();
  EXPECT_OK(Known());
  EXPECT_EQ(progress().applied, 0);
}

TEST_F(ErasuresTest, AreNotKnownWhereTheArchiveIsTheLogAndHasLostEvents) {
  Publish(20);
  Open();
  FoldAll();
  const auto older = archive_disk_->Copy();
  Publish(10);
  FoldAll();
  Close();
  archive_disk_ = older->Copy();
  mirror_ = false;
  Open();
  EXPECT_THAT(Known(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                "PARTITION_STOPPED: ARCHIVE_DAMAGED"));
}

// Nothing is to be learnt from the log: what is folded was looked through at the start.
TEST_F(ErasuresTest, AreKnownOnceComparedWhereTheArchiveIsWhole) {
  Publish(50);
  Open();
  FoldAll();
  Close();
  Open();
  while (!progress().is_compared) {
    EXPECT_FALSE(Known().ok());
    Step();
  }
  EXPECT_OK(Known());
}

TEST_F(ErasuresTest, AreKnownOfALogThatEndsInAGapOrHoldsNothing) {
  Open();
  for (int i = 0; i < 3; ++i) Step();
  EXPECT_OK(Known());
  Close();
  Publish(20);
  log_.AppendGap(0, 3);
  Open();
  FoldAll();
  EXPECT_OK(Known());
  Close();
  log_.DropBefore(0, 23);
  Open();
  for (int i = 0; i < 3; ++i) Step();
  EXPECT_OK(Known());
}

// An unclean election takes what was not archived yet: that is never learnt.
TEST_F(ErasuresTest, AreKnownWhenTheLogLosesItsEndMeanwhile) {
  Publish(20);
  Open();
  FoldAll();
  Close();
  Publish(30);
  Open();
  while (archive_->End(0).next < 30) Step();
  log_.CutFrom(0, 40);
  for (int i = 0; i < 60; ++i) Step();
  EXPECT_OK(progress().stopped);
  EXPECT_EQ(progress().applied, 40);
  EXPECT_OK(Known());
}

TEST_F(ErasuresTest, AreNotKnownWhenTheLogLosesItsEndWhileItIsCompared) {
  Publish(200);
  Open();
  FoldAll();
  Close();
  Open();
  while (archive_->End(0).next > 0 && progress().met_end < 0) Step();
  log_.CutFrom(0, 190);
  for (int i = 0; i < 60 && progress().stopped.ok(); ++i) Step();
  EXPECT_THAT(progress().stopped, StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
}

// Calls whoever looks in the midst of a step, as another thread may.
class WatchedClock : public Clock {
 public:
  int64_t NowMicros() const override {
    if (look) look();
    return 1;
  }
  std::function<void()> look;
};

TEST_F(ErasuresTest, AreKnownAtOnceWithThePositionThatItTakes) {
  WatchedClock clock;
  clock_seen_ = &clock;
  Publish(50);
  Open();
  int looked = 0;
  clock.look = [&] {
    const PartitionProgress now = progress();
    if (!now.is_compared || now.applied < 50) return;
    ++looked;
    EXPECT_TRUE(now.is_current);
  };
  FoldAll();
  EXPECT_GT(looked, 0);
  Close();
}

// The requests that stand in quarantine are told of as those that the start finds in the archive.
TEST_F(ErasuresTest, AreToldOfWhenSomebodyElseHasTakenTheirId) {
  v1::Event foreign = kit::EventOf(kit::APurchase().Of("ana").Id(1).Key("o").Worth(1, "EUR"));
  foreign.set_event_id(kRequestedId);
  PublishRaw("ana", foreign.SerializeAsString());
  PublishErasure("ana");
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().conflicts, 1);
  EXPECT_THAT(erased_, ElementsAre("ana"));
}

TEST_F(ErasuresTest, AreToldOfWhenTheyAreSetAsideUnread) {
  Publish(1);
  PublishErasure("ana");
  Open();
  ASSERT_OK(Pronounce(*archive_, {0, 1, log::CrashVerdict::Kind::kCrashed, 3, ""}, kBegin));
  Close();
  Open();
  FoldAll();
  EXPECT_EQ(task().counters().rejected, 1);
  EXPECT_THAT(erased_, ElementsAre("ana"));
}

}  // namespace
}  // namespace rapport::pipeline
