// Catching up with the log: who is waited for, how long, and what is asked of a silent log.
#include "consumers/operations/catch_up.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/kit/status_matchers.h"

namespace rapport::operations {
namespace {

using kit::IsOk;
using kit::StatusIs;
using testing::ElementsAre;

constexpr Offset kEnd = 10;

pipeline::PartitionProgress At(Offset applied) {
  pipeline::PartitionProgress progress;
  progress.is_compared = progress.is_current = true;
  progress.applied = applied;
  return progress;
}

class CatchUpTest : public testing::Test {
 protected:
  // Partitions that have come this far, of a log that answers.
  Followed Of(std::vector<pipeline::PartitionProgress> progress) {
    progress_ = std::move(progress);
    Followed followed;
    followed.partitions = static_cast<int>(progress_.size());
    followed.range = [this](Partition) -> absl::StatusOr<log::OffsetRange> {
      ++asked_;
      return log::OffsetRange{0, kEnd};
    };
    followed.progress = [this](Partition partition) {
      looks_.push_back(partition);
      return progress_[static_cast<size_t>(partition)];
    };
    return followed;
  }

  std::vector<pipeline::PartitionProgress> progress_;
  std::vector<Partition> looks_;
  int asked_ = 0;
  const absl::Status low_ = absl::ResourceExhaustedError("DISK_LOW: x");
};

TEST_F(CatchUpTest, LooksOnceAtPartitionsThatHaveFoldedEverything) {
  const Followed followed = Of({At(kEnd), At(kEnd + 1)});
  EXPECT_THAT(CatchUp(followed, absl::InfiniteDuration()), ElementsAre(IsOk(), IsOk()));
  EXPECT_THAT(looks_, ElementsAre(0, 1));
}

TEST_F(CatchUpTest, WaitsUntilTheKeysMayServeToo) {
  Followed followed = Of({At(kEnd)});
  progress_[0].is_current = false;
  followed.progress = [this](Partition partition) {
    looks_.push_back(partition);
    progress_[0].is_current = looks_.size() == 3;
    return progress_[0];
  };
  EXPECT_THAT(CatchUp(followed, absl::InfiniteDuration()), ElementsAre(IsOk()));
  EXPECT_THAT(looks_, ElementsAre(0, 0, 0));
}

TEST_F(CatchUpTest, WaitsForAllPartitionsThatWaitAtOnce) {
  const Followed followed = Of({At(0), At(kEnd), At(0)});
  progress_[0].waiting = progress_[2].waiting = low_;
  const std::vector<absl::Status> ends = CatchUp(followed, absl::ZeroDuration());
  EXPECT_EQ(ends[0], low_);
  EXPECT_OK(ends[1]);
  EXPECT_EQ(ends[2], low_);
  ASSERT_GE(looks_.size(), 6u);
  looks_.resize(6);
  EXPECT_THAT(looks_, ElementsAre(0, 1, 2, 0, 1, 2));
}

TEST_F(CatchUpTest, GoesOnAsLongAsOnePartitionIsAtWork) {
  Followed followed = Of({At(0), At(0)});
  progress_[0].waiting = low_;
  followed.progress = [this](Partition partition) {
    if (partition == 1) ++progress_[1].applied;
    return progress_[static_cast<size_t>(partition)];
  };
  EXPECT_THAT(CatchUp(followed, absl::ZeroDuration()), ElementsAre(low_, IsOk()));
  EXPECT_GE(progress_[1].applied, kEnd);
}

TEST_F(CatchUpTest, AsksASilentLogOnce) {
  Followed followed = Of({At(0), At(0), At(0)});
  const absl::Status silence = absl::UnavailableError("LOG_UNAVAILABLE: x");
  followed.range = [&](Partition) -> absl::StatusOr<log::OffsetRange> {
    ++asked_;
    return silence;
  };
  const absl::Status stop = absl::DataLossError("ARCHIVE_GAP: x");
  progress_[2].stopped = stop;
  EXPECT_THAT(CatchUp(followed, absl::InfiniteDuration()), ElementsAre(silence, silence, stop));
  EXPECT_EQ(asked_, 1);
}

TEST_F(CatchUpTest, GivesUpOnlyThePartitionWhoseEndTheLogDoesNotKnow) {
  Followed followed = Of({At(kEnd), At(kEnd)});
  followed.range = [](Partition partition) -> absl::StatusOr<log::OffsetRange> {
    if (partition == 0) return absl::FailedPreconditionError("LOG_CHANGED: x");
    return log::OffsetRange{0, kEnd};
  };
  EXPECT_THAT(CatchUp(followed, absl::InfiniteDuration()),
              ElementsAre(StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"), IsOk()));
}

}  // namespace
}  // namespace rapport::operations
