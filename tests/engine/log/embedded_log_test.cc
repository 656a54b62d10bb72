#include "engine/log/embedded_log.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "engine/table/model_table.h"
#include "tests/engine/log/log_conformance.h"
#include "tests/kit/batch_maker.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {
namespace {

using ::rapport::kit::StatusIs;

constexpr LogIdentity kIdentity{0x7c1e90ab, 1};
constexpr int64_t kNow = 1'767'225'600'000'000;
constexpr int kPartitions = 4;

table::TableOptions WithWal() {
  table::TableOptions options;
  options.wal = true;
  options.compress = false;
  return options;
}

// An embedded log and what it stands on.
struct Running {
  std::unique_ptr<table::Table> table;
  std::unique_ptr<Archive> archive;
  std::unique_ptr<EmbeddedLog> log;
};

Running StartOn(absl::StatusOr<std::unique_ptr<table::Table>> table, const Clock& clock,
                EmbeddedLogOptions options = {}) {
  Running running;
  RAPPORT_CHECK_OK(table.status());
  running.table = *std::move(table);
  auto archive = Archive::Open(running.table.get(), kPartitions, kIdentity, kNow);
  RAPPORT_CHECK_OK(archive.status());
  running.archive = *std::move(archive);
  running.log = EmbeddedLog::Start(running.archive.get(), clock, std::move(options));
  return running;
}

class RocksPlace {
 public:
  RocksPlace() { Open(); }
  Log& log() { return *running_.log; }
  void Reopen() {
    running_ = Running();
    Open();
  }

 private:
  void Open() { running_ = StartOn(OpenRocksTable(folder_.path(), WithWal()), SystemClock()); }
  kit::ScratchFolder folder_;
  Running running_;
};

// As above without memory of the newest records: all reading goes through the archive.
class ArchivePlace {
 public:
  ArchivePlace() { Open(); }
  Log& log() { return *running_.log; }
  void Reopen() {
    running_ = Running();
    Open();
  }

 private:
  void Open() {
    EmbeddedLogOptions options;
    options.recent_bytes_max = 0;
    running_ = StartOn(disk_.Open(WithWal()), SystemClock(), options);
  }
  table::ModelDisk disk_;
  Running running_;
};

// Reopens after a power cut instead of an orderly end.
class CrashPlace {
 public:
  CrashPlace() { Open(); }
  Log& log() { return *running_.log; }
  void Reopen() {
    disk_.Crash(++seed_);
    running_ = Running();
    Open();
  }

 private:
  void Open() { running_ = StartOn(disk_.Open(WithWal()), SystemClock()); }
  table::ModelDisk disk_;
  uint64_t seed_ = 0;
  Running running_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Embedded, LogConformance, RocksPlace);
INSTANTIATE_TYPED_TEST_SUITE_P(EmbeddedFromArchive, LogConformance, ArchivePlace);
INSTANTIATE_TYPED_TEST_SUITE_P(EmbeddedAfterCrash, LogConformance, CrashPlace);

class EmbeddedLogTest : public testing::Test {
 protected:
  void Start(EmbeddedLogOptions options = {}) {
    running_ = Running();
    running_ = StartOn(disk_.Open(WithWal()), clock_, std::move(options));
  }
  EmbeddedLog& log() { return *running_.log; }
  absl::StatusOr<Appended> Append(std::string key, std::string value = "x") {
    return AppendAndWait(log(), {std::move(key), std::move(value), {}});
  }

  ManualClock clock_{kNow};
  table::ModelDisk disk_;
  Running running_;
};

TEST_F(EmbeddedLogTest, AppendTimesNeverFallWhateverTheClockDoes) {
  Start();
  EXPECT_EQ(Append("ana")->append_time_us, kNow);
  clock_.Advance(-1'000'000);
  EXPECT_EQ(Append("ana")->append_time_us, kNow);
  Start();
  EXPECT_EQ(Append("ana")->append_time_us, kNow);
  clock_.Advance(5'000'000);
  EXPECT_EQ(Append("ana")->append_time_us, kNow + 4'000'000);
}

TEST_F(EmbeddedLogTest, RefusesWhenTheClockIsFarBehind) {
  Start();
  ASSERT_OK(Append("ana"));
  clock_.Advance(-3'600'000'001);
  EXPECT_THAT(Append("ana"), StatusIs(absl::StatusCode::kUnavailable, "CLOCK_BEHIND"));
  clock_.Advance(1);
  EXPECT_OK(Append("ana"));
}

TEST_F(EmbeddedLogTest, RefusesWhatTheSpaceCheckerRefuses) {
  absl::Status space = absl::ResourceExhaustedError("DISK_LOW: 1 GiB is free");
  EmbeddedLogOptions options;
  options.check_space = [&space] { return space; };
  Start(options);
  EXPECT_THAT(Append("ana"), StatusIs(absl::StatusCode::kResourceExhausted, "DISK_LOW"));
  EXPECT_EQ(log().Range(PartitionOf("ana", kPartitions))->end, 0);
  space = absl::OkStatus();
  EXPECT_EQ(Append("ana")->offset, 0);
  EXPECT_OK(log().Health());
}

TEST_F(EmbeddedLogTest, RefusesMoreThanItsQueueHolds) {
  EmbeddedLogOptions options;
  options.queue_bytes_max = 10'000;
  Start(options);
  // While the first callback holds the writer, nothing leaves the queue.
  absl::Notification writer_is_held;
  absl::Notification let_go;
  log().Append({"ana", "first", {}}, [&](const absl::StatusOr<Appended>&) {
    writer_is_held.Notify();
    let_go.WaitForNotification();
  });
  writer_is_held.WaitForNotification();
  int accepted = 0;
  int refused = 0;
  absl::Mutex mutex;
  for (int i = 0; i < 20; ++i) {
    log().Append({"ana", std::string(1000, 'x'), {}}, [&](const absl::StatusOr<Appended>& result) {
      absl::MutexLock lock(&mutex);
      if (result.ok()) {
        ++accepted;
      } else {
        EXPECT_THAT(result, StatusIs(absl::StatusCode::kResourceExhausted, "QUEUE_FULL"));
        ++refused;
      }
    });
  }
  EXPECT_EQ(refused, 12);
  let_go.Notify();
  running_.log.reset();
  EXPECT_EQ(accepted, 8);
  EXPECT_EQ(running_.archive->End(PartitionOf("ana", kPartitions)).next, 9);
}

TEST_F(EmbeddedLogTest, RefusesARecordThatTheArchiveCannotHold) {
  Start();
  EXPECT_THAT(Append("ana", std::string(65 << 20, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument, "TOO_LARGE"));
  EXPECT_OK(Append("ana"));
}

TEST_F(EmbeddedLogTest, ManyPublishersShareOneSync) {
  Start();
  absl::Notification writer_is_held;
  absl::Notification let_go;
  log().Append({"ana", "first", {}}, [&](const absl::StatusOr<Appended>&) {
    writer_is_held.Notify();
    let_go.WaitForNotification();
  });
  writer_is_held.WaitForNotification();
  const int64_t before = disk_.operations();
  absl::BlockingCounter waiting(200);
  for (int i = 0; i < 200; ++i) {
    log().Append({absl::StrCat("key-", i), "x", {}},
                 [&waiting](const absl::StatusOr<Appended>& appended) {
                   EXPECT_OK(appended);
                   waiting.DecrementCount();
                 });
  }
  let_go.Notify();
  waiting.Wait();
  EXPECT_EQ(disk_.operations(), before + 1);
}

TEST_F(EmbeddedLogTest, FailsForGoodWhenAWriteFails) {
  std::atomic<int> fatal{0};
  EmbeddedLogOptions options;
  options.fatal = [&fatal](const absl::Status&) { ++fatal; };
  Start(options);
  ASSERT_OK(Append("ana", "kept"));
  disk_.FailAt(1);
  EXPECT_THAT(Append("ana", "lost"), StatusIs(absl::StatusCode::kInternal, "LOG_FAILED"));
  EXPECT_EQ(fatal, 1) << "the process must end";
  EXPECT_THAT(log().Health(), StatusIs(absl::StatusCode::kInternal, "LOG_FAILED"));
  EXPECT_THAT(Append("bob", "refused"), StatusIs(absl::StatusCode::kInternal, "LOG_FAILED"));
  const Partition partition = PartitionOf("ana", kPartitions);
  EXPECT_EQ(log().Range(partition)->end, 1);
  auto reader = log().NewReader(partition, 0);
  ASSERT_OK(reader);
  auto batch = (*reader)->Read(10, absl::ZeroDuration());
  ASSERT_OK(batch);
  EXPECT_EQ(batch->records.size(), 1u);
}

// A record is in the archive a moment before the log shows it, and a fold may have read it there.
TEST_F(EmbeddedLogTest, AReaderWaitsForWhatTheArchiveHoldsAlready) {
  Start();
  const RecordBatch batch = kit::MakeDenseBatch(2, 0, 5);
  ASSERT_OK(running_.archive->Append(absl::MakeConstSpan(&batch, 1), table::Durability::kSynced));
  const auto ahead = running_.log->NewReader(2, 5).value();
  const auto read = ahead->Read(10, absl::ZeroDuration());
  ASSERT_OK(read);
  EXPECT_EQ(read->next, 5);
  EXPECT_TRUE(read->records.empty());
  const auto beyond = running_.log->NewReader(2, 6).value();
  EXPECT_THAT(beyond->Read(10, absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LOG_CHANGED"));
}

TEST_F(EmbeddedLogTest, AReaderBelowAnAcceptedLossStops) {
  Start();
  const RecordBatch lost{2, 0, 50, {}, nullptr};
  running_.log.reset();
  ASSERT_OK(running_.archive->Append(absl::MakeConstSpan(&lost, 1), table::Durability::kSynced));
  EngineRecord gap{EngineRecord::Type::kGapAccepted, kNow, std::string("\0\0\0\2", 4)};
  gap.body += std::string(8, '\0') + std::string("\0\0\0\0\0\0\0\x32", 8);
  ASSERT_OK(running_.archive->AppendEngineRecord(gap));
  Start();
  EXPECT_EQ(log().Range(2)->start, 50);
  auto reader = log().NewReader(2, 0);
  ASSERT_OK(reader);
  EXPECT_THAT((*reader)->Read(1, absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ARCHIVE_GAP"));
}

// What publishers were told, by place.
using Acknowledged = std::map<std::pair<Partition, Offset>, std::string>;

// Appends 40 records to a log whose disk fails or loses power on the way.
Acknowledged AppendUntilTheEnd(EmbeddedLog& log, table::ModelDisk& disk, uint64_t seed) {
  Acknowledged acknowledged;
  absl::Mutex mutex;
  absl::BlockingCounter waiting(40);
  const bool fails = seed % 2 == 0;
  if (fails) disk.FailAt(static_cast<int64_t>(seed / 2 % 5 + 1));
  for (int i = 0; i < 40; ++i) {
    const std::string key = absl::StrCat("key-", i % 9);
    log.Append({key, absl::StrCat(key, " ", i), {}},
               [&, value = absl::StrCat(key, " ", i)](const absl::StatusOr<Appended>& appended) {
                 if (appended.ok()) {
                   absl::MutexLock lock(&mutex);
                   acknowledged[{appended->partition, appended->offset}] = value;
                 }
                 waiting.DecrementCount();
               });
    if (i % 10 == 9) std::this_thread::yield();
    if (!fails && i == 30) disk.Crash(seed);
  }
  waiting.Wait();
  return acknowledged;
}

// Every acknowledged append is found at its place with its bytes, offsets have no hole, and nothing
// is found that was not appended. Gives the number of records found.
size_t ExpectAllAcknowledged(Archive& archive, Acknowledged acknowledged) {
  size_t found = 0;
  for (Partition partition = 0; partition < kPartitions; ++partition) {
    const auto cursor = archive.Scan(partition, 0, archive.End(partition).next);
    for (Offset expected = 0; cursor->Next(); ++expected, ++found) {
      const RecordView& record = cursor->record();
      EXPECT_EQ(record.offset, expected);
      EXPECT_EQ(record.value.find(record.key), 0u);
      const auto it = acknowledged.find({partition, record.offset});
      if (it == acknowledged.end()) continue;
      EXPECT_EQ(record.value, it->second);
      acknowledged.erase(it);
    }
    EXPECT_OK(cursor->status());
  }
  EXPECT_TRUE(acknowledged.empty()) << acknowledged.size() << " acknowledged appends are lost";
  return found;
}

TEST_F(EmbeddedLogTest, ACrashKeepsWhatWasAcknowledgedAndNothingHalf) {
  size_t all_acknowledged = 0;
  size_t all_found = 0;
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    table::ModelDisk disk;
    Acknowledged acknowledged;
    std::map<Partition, Offset> shown;
    {
      Running running = StartOn(disk.Open(WithWal()), clock_);
      acknowledged = AppendUntilTheEnd(*running.log, disk, seed);
      for (Partition p = 0; p < kPartitions; ++p) shown[p] = running.log->Range(p)->end;
      disk.Crash(seed);
    }
    Running running = StartOn(disk.Open(WithWal()), clock_);
    // Readers never saw more than what stayed.
    for (const auto& [partition, end] : shown) EXPECT_GE(running.log->Range(partition)->end, end);
    all_found += ExpectAllAcknowledged(*running.archive, acknowledged);
    all_acknowledged += acknowledged.size();
    ASSERT_OK(AppendAndWait(*running.log, {"key-1", "goes on", {}}));
  }
  EXPECT_GT(all_acknowledged, 0u);
  // A write that failed may be found all the same: its publishers tried again under the same id.
  EXPECT_GT(all_found, all_acknowledged);
}

}  // namespace
}  // namespace rapport::log
