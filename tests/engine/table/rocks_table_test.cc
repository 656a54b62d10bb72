// What only the table on RocksDB can show: files, locks, damage.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "engine/table/table.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::table {
namespace {

using ::rapport::kit::StatusIs;

TableOptions WithWal() {
  TableOptions options;
  options.wal = true;
  return options;
}

std::vector<std::filesystem::path> FilesEnding(const std::string& folder, const char* ending) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ending) out.push_back(entry.path());
  }
  return out;
}

// Inverts one byte near the middle of a file, the first from there on that is `byte` if one is
// asked for.
void FlipMiddle(const std::filesystem::path& path, char wanted = 0) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  auto place = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
  file.seekg(place);
  int byte = file.get();
  for (; wanted != 0 && byte != wanted; ++place) byte = file.get();
  file.seekp(place);
  file.put(static_cast<char>(~byte));
}

TEST(RocksTableTest, SecondOpenNamesTheDirectory) {
  kit::ScratchFolder folder;
  const auto table = OpenRocksTable(folder.path(), WithWal());
  ASSERT_OK(table);
  EXPECT_THAT(OpenRocksTable(folder.path(), WithWal()),
              StatusIs(absl::StatusCode::kUnavailable, folder.path()));
}

TEST(RocksTableTest, OpenSaysWhyItCannotMakeTheDirectory) {
  kit::ScratchFolder folder;
  const std::string path = folder.path() + "/file";
  std::ofstream(path) << "in the way";
  EXPECT_THAT(OpenRocksTable(path, TableOptions()),
              StatusIs(absl::StatusCode::kFailedPrecondition, "cannot be opened"));
}

TEST(RocksTableTest, OpenRemovesWhatAStoppedIngestLeft) {
  kit::ScratchFolder folder;
  { ASSERT_OK(OpenRocksTable(folder.path(), TableOptions())); }
  const std::string leftover = folder.path() + "/ingest/7.sst";
  std::ofstream(leftover) << "half a file";
  const auto table = OpenRocksTable(folder.path(), TableOptions());
  ASSERT_OK(table);
  EXPECT_FALSE(std::filesystem::exists(leftover));
}

TEST(RocksTableTest, IngestLeavesNoFileBehind) {
  kit::ScratchFolder folder;
  const auto table = OpenRocksTable(folder.path(), TableOptions());
  ASSERT_OK(table);
  ASSERT_OK((*table)->Ingest({{"a", "1"}, {"b", "2"}}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() + "/ingest"));
}

// RocksDB gives the first file of an empty table sequence number 0, and drops its rows when it
// compacts beside an iterator that is just as old.
// Files that overlap with nothing are never merged, so there may be more than a process can open.
TEST(RocksTableTest, MayHaveMoreFilesThanTheProcessCanOpen) {
  kit::ScratchFolder folder;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  for (int life = 0; life < 2; ++life) {
    const auto table = OpenRocksTable(folder.path(), WithWal());
    ASSERT_OK(table);
    for (int i = 0; i < 150; ++i) {
      ASSERT_OK((*table)->Ingest({{absl::StrCat("k", 1000 * (life + 1) + i), "v"}})) << i;
    }
    EXPECT_OK((*table)->Get("k1007"));
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(RocksTableTest, AnIteratorAsOldAsTheFirstFileCostsNoRow) {
  kit::ScratchFolder folder;
  const auto table = OpenRocksTable(folder.path(), TableOptions());
  ASSERT_OK(table);
  ASSERT_OK((*table)->Ingest({{"a", "only in the first file"}, {"b", "0"}, {"c", "0"}}));
  const std::unique_ptr<Iterator> old = (*table)->NewIterator();
  size_t most_files = 0;
  bool compacted = false;
  for (int i = 1; i < 200 && !compacted; ++i) {
    ASSERT_OK((*table)->Ingest({{"b", absl::StrCat(i)}, {"c", absl::StrCat(i)}}));
    const size_t files = FilesEnding(folder.path(), ".sst").size();
    compacted = files < most_files;
    most_files = std::max(most_files, files);
  }
  ASSERT_TRUE(compacted);
  const absl::StatusOr<std::string> first = (*table)->Get("a");
  ASSERT_OK(first);
  EXPECT_EQ(*first, "only in the first file");
  old->Seek("b");
  ASSERT_TRUE(old->Valid());
  EXPECT_EQ(old->value(), "0");
}

TEST(RocksTableTest, AFlippedByteInASyncedLogIsDataLoss) {
  kit::ScratchFolder folder;
  {
    const auto table = OpenRocksTable(folder.path(), WithWal());
    ASSERT_OK(table);
    for (int i = 0; i < 100; ++i) {
      WriteBatch batch;
      batch.Put(absl::StrCat("key", i), std::string(100, 'v'));
      ASSERT_OK((*table)->Write(batch, Durability::kSynced));
    }
  }
  const auto logs = FilesEnding(folder.path(), ".log");
  ASSERT_EQ(logs.size(), 1u);
  // In a value. A damaged length of the last few records cannot be told from a torn tail.
  FlipMiddle(logs[0], 'v');
  EXPECT_THAT(OpenRocksTable(folder.path(), WithWal()),
              StatusIs(absl::StatusCode::kDataLoss, folder.path()));
}

TEST(RocksTableTest, ATornTailOfTheLogIsCut) {
  kit::ScratchFolder folder;
  {
    const auto table = OpenRocksTable(folder.path(), WithWal());
    ASSERT_OK(table);
    for (int i = 0; i < 10; ++i) {
      WriteBatch batch;
      batch.Put(absl::StrCat("key", i), std::string(100, 'v'));
      ASSERT_OK((*table)->Write(batch, Durability::kSynced));
    }
  }
  const auto logs = FilesEnding(folder.path(), ".log");
  ASSERT_EQ(logs.size(), 1u);
  std::filesystem::resize_file(logs[0], std::filesystem::file_size(logs[0]) - 20);
  const auto table = OpenRocksTable(folder.path(), WithWal());
  ASSERT_OK(table);
  EXPECT_OK((*table)->Get("key8"));
  EXPECT_THAT((*table)->Get("key9"), StatusIs(absl::StatusCode::kNotFound, ""));
}

TEST(RocksTableTest, AFlippedByteInATableFileIsDataLossWhenRead) {
  kit::ScratchFolder folder;
  {
    const auto table = OpenRocksTable(folder.path(), TableOptions());
    ASSERT_OK(table);
    WriteBatch batch;
    for (int i = 1000; i < 3000; ++i) batch.Put(absl::StrCat("key", i), absl::StrCat(i * 7919));
    ASSERT_OK((*table)->Write(batch, Durability::kBuffered));
    ASSERT_OK((*table)->Flush());
  }
  const auto files = FilesEnding(folder.path(), ".sst");
  ASSERT_EQ(files.size(), 1u);
  FlipMiddle(files[0]);
  const auto table = OpenRocksTable(folder.path(), TableOptions());
  ASSERT_OK(table);
  const std::unique_ptr<Iterator> it = (*table)->NewIterator();
  for (it->Seek(""); it->Valid();) it->Next();
  EXPECT_THAT(it->status(), StatusIs(absl::StatusCode::kDataLoss, folder.path()));
}

TEST(RocksTableTest, AMissingTableFileIsDataLossAtOpen) {
  kit::ScratchFolder folder;
  {
    const auto table = OpenRocksTable(folder.path(), TableOptions());
    ASSERT_OK(table);
    ASSERT_OK((*table)->Ingest({{"a", "1"}}));
  }
  for (const auto& file : FilesEnding(folder.path(), ".sst")) std::filesystem::remove(file);
  EXPECT_THAT(OpenRocksTable(folder.path(), TableOptions()),
              StatusIs(absl::StatusCode::kDataLoss, folder.path()));
}

TEST(RocksTableTest, FailsForGoodOnceAnIngestFailed) {
  kit::ScratchFolder folder;
  const auto table = OpenRocksTable(folder.path(), TableOptions());
  ASSERT_OK(table);
  std::filesystem::remove(folder.path() + "/ingest");
  EXPECT_THAT((*table)->Ingest({{"a", "1"}}),
              StatusIs(absl::StatusCode::kInternal, "write failed"));
  std::filesystem::create_directory(folder.path() + "/ingest");
  WriteBatch batch;
  batch.Put("a", "1");
  EXPECT_THAT((*table)->Write(batch, Durability::kBuffered),
              StatusIs(absl::StatusCode::kInternal, "write failed"));
}

TEST(RocksTableTest, KeepsItsOwnDiagnosticsSmall) {
  kit::ScratchFolder folder;
  for (int i = 0; i < 5; ++i) ASSERT_OK(OpenRocksTable(folder.path(), TableOptions()));
  int logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().filename().string().rfind("LOG", 0) == 0) ++logs;
  }
  EXPECT_LE(logs, 3);
}

}  // namespace
}  // namespace rapport::table
