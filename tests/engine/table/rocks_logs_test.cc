// What the check of the logs cuts, and what it refuses.

#include "engine/table/rocks_logs.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "absl/strings/str_cat.h"
#include "engine/table/rocks_manifest.h"
#include "engine/table/rocks_open.h"
#include "tests/kit/rocks_crash_disk.h"
#include "tests/kit/status_matchers.h"

namespace rapport::table {
namespace {

using ::rapport::kit::StatusIs;

constexpr char kFolder[] = "/table";

class RocksLogsTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Table>> Open() {
    TableOptions options;
    options.wal = true;
    options.cache_bytes = 1 << 20;
    options.note = [this](const std::string& note) { notes_.push_back(note); };
    return OpenRocksTableOn(disk_.env(), kFolder, options);
  }

  // A table with `count` rows in its log; each synced, or the last of them if at all.
  void Write(int count, bool each_synced, bool last_synced) {
    auto table = Open();
    ASSERT_OK(table);
    for (int i = 0; i < count; ++i) {
      WriteBatch batch;
      batch.Put(absl::StrCat("row", 100 + i), std::string(100, 'v'));
      const bool sync = each_synced || (last_synced && i == count - 1);
      ASSERT_OK((*table)->Write(batch, sync ? Durability::kSynced : Durability::kBuffered));
    }
  }

  // The one log that holds rows.
  std::string Log() {
    for (const std::string& path : disk_.Files(absl::StrCat(kFolder, "/"))) {
      if (path.size() > 4 && path.substr(path.size() - 4) == ".log" && disk_.SizeOf(path) > 0) {
        return path;
      }
    }
    return "none";
  }

  int Rows() {
    auto table = Open();
    EXPECT_OK(table);
    if (!table.ok()) return -1;
    int rows = 0;
    const auto it = (*table)->NewIterator();
    for (it->Seek(""); it->Valid(); it->Next()) ++rows;
    EXPECT_OK(it->status());
    return rows;
  }

  kit::RocksCrashDisk disk_;
  std::vector<std::string> notes_;
};

// A row of ours takes 7 + 12 + 12 + 109 bytes, about.
constexpr uint64_t kRowBytes = 130;

TEST_F(RocksLogsTest, SaysNothingOfASoundLog) {
  Write(20, true, false);
  EXPECT_EQ(Rows(), 20);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(RocksLogsTest, RefusesADamagedLengthWithSyncedRowsBehindIt) {
  Write(20, true, false);
  // The length is the fifth and sixth byte of a row. RocksDB alone takes the file to end there.
  disk_.Flip(Log(), 5);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "damaged bytes at 0"));
}

TEST_F(RocksLogsTest, RefusesADamagedSyncedRow) {
  Write(20, true, false);
  disk_.Flip(Log(), 10 * kRowBytes);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "had been synced"));
}

TEST_F(RocksLogsTest, CutsADamagedRowThatNothingSaysWasSynced) {
  Write(20, false, false);
  disk_.Flip(Log(), 10 * kRowBytes);
  const int rows = Rows();
  EXPECT_GT(rows, 5);
  EXPECT_LT(rows, 15);
  ASSERT_EQ(notes_.size(), 1u);
  EXPECT_NE(notes_[0].find("never synced"), std::string::npos) << notes_[0];
}

TEST_F(RocksLogsTest, CutsOnlyOnce) {
  Write(20, false, false);
  disk_.Flip(Log(), 10 * kRowBytes);
  const int rows = Rows();
  EXPECT_EQ(Rows(), rows);
  EXPECT_EQ(notes_.size(), 1u);
}

TEST_F(RocksLogsTest, CutsTheDamagedLastRow) {
  Write(20, true, false);
  disk_.Flip(Log(), disk_.SizeOf(Log()) - 20);
  EXPECT_EQ(Rows(), 19);
  EXPECT_EQ(notes_.size(), 1u);
}

// A synced row behind an unsynced one syncs both, but only the row after them says so.
TEST_F(RocksLogsTest, KnowsThatASyncCoversWhatWasBefore) {
  {
    auto table = Open();
    ASSERT_OK(table);
    for (int i = 0; i < 12; ++i) {
      WriteBatch batch;
      batch.Put(absl::StrCat("row", 100 + i), std::string(100, 'v'));
      ASSERT_OK((*table)->Write(batch, Durability::kBuffered));
      if (i == 9) {
        ASSERT_OK((*table)->Write(WriteBatch(), Durability::kSynced));
      }
    }
  }
  disk_.Flip(Log(), 3 * kRowBytes);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, "had been synced"));
}

TEST_F(RocksLogsTest, RefusesAListOfFilesThatIsDamagedInTheMiddle) {
  for (int i = 0; i < 3; ++i) Write(3, true, false);
  std::string manifest;
  for (const std::string& path : disk_.Files(absl::StrCat(kFolder, "/MANIFEST"))) manifest = path;
  disk_.Flip(manifest, 5);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, manifest));
}

// Logs are deleted the latest first, and a power cut can undo the last deletions: an old log is
// back without those between it and the one in use.
TEST_F(RocksLogsTest, OverlooksALogWhoseRowsAreInFiles) {
  Write(20, true, false);
  const std::string old_path = Log();
  const std::string old_log = disk_.BytesOf(old_path);
  {
    auto table = Open();
    ASSERT_OK(table);
    for (int log = 0; log < 2; ++log) {
      WriteBatch batch;
      for (int i = 0; i < 10; ++i) batch.Put(absl::StrCat("more", i), "1");
      ASSERT_OK((*table)->Write(batch, Durability::kSynced));
      ASSERT_OK((*table)->Flush());
    }
    for (int i = 0; i < 5; ++i) {
      WriteBatch batch;
      batch.Put(absl::StrCat("last", i), std::string(100, 'v'));
      ASSERT_OK((*table)->Write(batch, Durability::kBuffered));
    }
  }
  const std::string in_use = Log();
  ASSERT_NE(in_use, old_path);
  disk_.Put(old_path, old_log);
  disk_.Flip(in_use, 20);
  EXPECT_EQ(Rows(), 30);
  EXPECT_EQ(notes_.size(), 1u);
}

// A file that is taken in while somebody reads gets a number that no row of the log has.
TEST_F(RocksLogsTest, CutsATornRowBehindAFileThatWasTakenIn) {
  Write(5, true, false);
  {
    auto table = Open();
    ASSERT_OK(table);
    const auto reader = (*table)->NewIterator();
    ASSERT_OK((*table)->Ingest({{"file1", "1"}, {"file2", "2"}}));
    for (int i = 0; i < 4; ++i) {
      WriteBatch batch;
      batch.Put(absl::StrCat("late", i), std::string(100, 'v'));
      ASSERT_OK((*table)->Write(batch, Durability::kBuffered));
    }
  }
  const std::string log = Log();
  disk_.Flip(log, disk_.SizeOf(log) - 4 * kRowBytes + 40);
  const int rows = Rows();
  EXPECT_GE(rows, 7);
  EXPECT_LT(rows, 11);
  EXPECT_EQ(notes_.size(), 1u);
}

TEST_F(RocksLogsTest, SyncsEachRowOfTheListOfFilesBeforeTheNext) {
  const std::string path = absl::StrCat(kFolder, "/MANIFEST-000001");
  const std::unique_ptr<rocksdb::Env> env = NewManifestEnv(disk_.env());
  ASSERT_TRUE(env->CreateDirIfMissing(kFolder).ok());
  std::unique_ptr<rocksdb::WritableFile> file;
  ASSERT_TRUE(env->NewWritableFile(path, &file, rocksdb::EnvOptions()).ok());
  std::unique_ptr<rocksdb::Directory> folder;
  ASSERT_TRUE(env->NewDirectory(kFolder, &folder).ok());
  ASSERT_TRUE(folder->Fsync().ok());
  for (const char* row : {"one", "two", "three"}) ASSERT_TRUE(file->Append(row).ok());
  // All but the last row stay, whatever the seed takes away.
  for (uint64_t seed = 0; seed < 20; ++seed) {
    disk_.Restore(seed);
    EXPECT_GE(disk_.SizeOf(path), 6u) << seed;
  }
}

TEST_F(RocksLogsTest, LeavesATableThatIsOpenAlone) {
  auto table = Open();
  ASSERT_OK(table);
  WriteBatch batch;
  batch.Put("a", "1");
  ASSERT_OK((*table)->Write(batch, Durability::kBuffered));
  disk_.Flip(Log(), disk_.SizeOf(Log()) - 1);
  const uint64_t size = disk_.SizeOf(Log());
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition, "lock is already held"));
  EXPECT_EQ(disk_.SizeOf(Log()), size);
  EXPECT_TRUE(notes_.empty());
}

}  // namespace
}  // namespace rapport::table
