// Cuts of several partitions on their way into the store: large ones beside each other, small ones
// together.
#include "engine/pipeline/committer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "engine/store/keys.h"
#include "engine/table/model_table.h"
#include "tests/kit/status_matchers.h"
#include "tests/kit/table_wrapper.h"

namespace rapport::pipeline {
namespace {

constexpr LogIdentity kIdentity{7, 1};
constexpr int kPartitions = 4;
constexpr size_t kLarge = 50;
constexpr absl::Duration kPatience = absl::Seconds(30);

// Tells of what is written, and holds it up.
class WatchedTable : public kit::TableWrapper {
 public:
  using TableWrapper::TableWrapper;

  absl::Status Ingest(absl::Span<const table::KeyValue> rows) override {
    {
      absl::MutexLock lock(&mutex_);
      ++in_ingest_;
      const auto two = [this] { return in_ingest_ >= 2; };
      met = mutex_.AwaitWithTimeout(absl::Condition(&two), kPatience) && met;
    }
    return TableWrapper::Ingest(rows);
  }
  absl::Status Flush() override {
    if (++flushes == 1) {
      begun.Notify();
      may_flush.WaitForNotificationWithTimeout(kPatience);
    }
    return fails ? absl::InternalError("no disk") : TableWrapper::Flush();
  }

  // All ingests were under way at the same time as another.
  bool met = true;
  std::atomic<int> flushes = -1;  // one when the store is opened
  std::atomic<bool> fails = false;
  absl::Notification begun, may_flush;

 private:
  absl::Mutex mutex_;
  int in_ingest_ = 0;
};

class CommitterTest : public testing::Test {
 protected:
  CommitterTest() { committer_.Start(2); }

  static store::Cut ACut(Partition partition, size_t rows, Offset next = 1) {
    store::Cut cut;
    cut.partition = partition;
    cut.state.next = next;
    for (size_t i = 0; i < rows; ++i) {
      cut.rows.emplace_back(store::CustomerKey(partition, absl::StrCat("c", i)), "facts");
    }
    return cut;
  }
  void Submit(store::Cut cut, absl::BlockingCounter& left) {
    committer_.Submit(std::move(cut), [this, &left](const absl::Status& status) {
      answered_ok_ += status.ok();
      left.DecrementCount();
    });
  }

  table::ModelDisk archive_disk_, state_disk_;
  std::unique_ptr<table::Table> archive_table_ = archive_disk_.Open({.wal = true}).value();
  std::unique_ptr<table::Table> state_table_ = state_disk_.Open({}).value();
  WatchedTable watched_{state_table_.get()};
  std::unique_ptr<log::Archive> archive_ =
      log::Archive::Open(archive_table_.get(), kPartitions, kIdentity, 0).value();
  std::unique_ptr<store::StateStore> store_ =
      store::StateStore::Open(&watched_, {kIdentity, kPartitions, "rules"}, kLarge).value();
  std::atomic<int> answered_ok_ = 0;
  std::atomic<int> deaths_ = 0;
  Committer committer_{store_.get(), archive_.get(), [this](const absl::Status&) { ++deaths_; }};
};

TEST_F(CommitterTest, LargeCutsAreWrittenBesideEachOther) {
  absl::BlockingCounter left(2);
  Submit(ACut(0, kLarge), left);
  Submit(ACut(1, kLarge), left);
  left.Wait();
  EXPECT_TRUE(watched_.met);
  EXPECT_EQ(answered_ok_, 2);
  EXPECT_EQ(store_->Load(0)->next, 1);
  EXPECT_EQ(store_->Load(1)->next, 1);
}

TEST_F(CommitterTest, SmallCutsThatWaitGoTogether) {
  absl::BlockingCounter left(4);
  Submit(ACut(0, 1), left);
  watched_.begun.WaitForNotificationWithTimeout(kPatience);
  for (const Partition partition : {1, 2, 3}) Submit(ACut(partition, 1), left);
  watched_.may_flush.Notify();
  left.Wait();
  EXPECT_EQ(watched_.flushes, 2) << "of the first, and of the three that waited";
  EXPECT_EQ(answered_ok_, 4);
}

TEST_F(CommitterTest, AfterTheFirstFailureNothingMoreIsWritten) {
  watched_.may_flush.Notify();
  watched_.fails = true;
  absl::BlockingCounter failed(1);
  Submit(ACut(0, 1), failed);
  failed.Wait();
  watched_.fails = false;
  absl::BlockingCounter later(1);
  Submit(ACut(0, kLarge, 2), later);
  later.Wait();
  EXPECT_EQ(answered_ok_, 0);
  EXPECT_EQ(deaths_, 1);
  EXPECT_LT(store_->Load(0)->next, 2);
}

}  // namespace
}  // namespace rapport::pipeline
