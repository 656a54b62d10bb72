// What a crash leaves of a table on the model disk.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "engine/table/model_table.h"
#include "tests/kit/status_matchers.h"

namespace rapport::table {
namespace {

using ::rapport::kit::StatusIs;

constexpr uint64_t kSeeds = 200;

TableOptions Options(bool wal) {
  TableOptions options;
  options.wal = wal;
  return options;
}

// Each write puts its number under a key of its own and under "last", in one batch.
absl::Status WriteNumber(Table& table, int number, Durability durability) {
  WriteBatch batch;
  batch.Put(absl::StrCat("n", 1000 + number), "x");
  batch.Put("last", absl::StrCat(number));
  return table.Write(batch, durability);
}

// The numbers found are 1..k without a hole, and "last" is k. Gives k.
int FoundPrefix(Table& table) {
  int found = 0;
  while (table.Get(absl::StrCat("n", 1000 + found + 1)).ok()) ++found;
  for (int later = found + 1; later <= 60; ++later) {
    EXPECT_FALSE(table.Get(absl::StrCat("n", 1000 + later)).ok()) << later << " after a hole";
  }
  const absl::StatusOr<std::string> last = table.Get("last");
  EXPECT_EQ(last.ok() ? *last : "0", absl::StrCat(found));
  return found;
}

TEST(ModelCrashTest, WithoutWalKeepsWhatWasFlushedAndMostlyNothingElse) {
  std::map<int, int> kept;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    ModelDisk disk;
    auto table = *disk.Open(Options(false));
    for (int i = 1; i <= 20; ++i) {
      ASSERT_OK(WriteNumber(*table, i, Durability::kBuffered));
      if (i == 12) {
        ASSERT_OK(table->Flush());
      }
    }
    disk.Crash(seed);
    table = *disk.Open(Options(false));
    ++kept[FoundPrefix(*table)];
  }
  // RocksDB may have flushed on its own, after each of them.
  EXPECT_EQ(kept.begin()->first, 12);
  EXPECT_EQ(kept.size(), 9u);
  EXPECT_GT(kept[12], static_cast<int>(kSeeds) / 2 - 20);
}

TEST(ModelCrashTest, WithoutWalNeverMoreThanAFewBuffersAreLost) {
  ModelDisk disk;
  TableOptions options = Options(false);
  options.write_buffer_bytes = 20;
  auto table = *disk.Open(options);
  for (int i = 1; i <= 50; ++i) ASSERT_OK(WriteNumber(*table, i, Durability::kBuffered));
  const ModelDisk::Survivors survivors = disk.CanSurvive();
  EXPECT_GT(survivors.least, 40);
  EXPECT_EQ(survivors.most, 50);
  disk.CrashTo(survivors.least);
  table = *disk.Open(options);
  EXPECT_EQ(FoundPrefix(*table), survivors.least);
}

TEST(ModelCrashTest, WithWalKeepsSyncedWritesAndAPrefixOfTheRest) {
  std::set<int> kept;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    ModelDisk disk;
    auto table = *disk.Open(Options(true));
    for (int i = 1; i <= 20; ++i) {
      ASSERT_OK(WriteNumber(*table, i, i == 9 ? Durability::kSynced : Durability::kBuffered));
    }
    disk.Crash(seed);
    table = *disk.Open(Options(true));
    const int found = FoundPrefix(*table);
    EXPECT_GE(found, 9) << "seed " << seed;
    kept.insert(found);
  }
  // Every length between the sync and the end occurs.
  EXPECT_EQ(kept.size(), 12u);
}

TEST(ModelCrashTest, AnEmptySyncedWriteSyncsWhatWasBefore) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    ModelDisk disk;
    auto table = *disk.Open(Options(true));
    for (int i = 1; i <= 5; ++i) ASSERT_OK(WriteNumber(*table, i, Durability::kBuffered));
    ASSERT_OK(table->Write(WriteBatch(), Durability::kSynced));
    disk.Crash(seed);
    table = *disk.Open(Options(true));
    EXPECT_EQ(FoundPrefix(*table), 5);
  }
}

TEST(ModelCrashTest, WhatWasFoundAfterACrashStaysAfterTheNext) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    ModelDisk disk;
    auto table = *disk.Open(Options(true));
    for (int i = 1; i <= 20; ++i) ASSERT_OK(WriteNumber(*table, i, Durability::kBuffered));
    disk.Crash(seed);
    table = *disk.Open(Options(true));
    const int found = FoundPrefix(*table);
    disk.Crash(seed + 1);
    table = *disk.Open(Options(true));
    EXPECT_EQ(FoundPrefix(*table), found);
  }
}

TEST(ModelCrashTest, IngestSurvivesWithAllThatWasBefore) {
  for (const bool wal : {false, true}) {
    ModelDisk disk;
    auto table = *disk.Open(Options(wal));
    ASSERT_OK(WriteNumber(*table, 1, Durability::kBuffered));
    ASSERT_OK(table->Ingest({{"last", "2"}, {"n1002", "x"}}));
    disk.Crash(3);
    table = *disk.Open(Options(wal));
    EXPECT_EQ(FoundPrefix(*table), 2);
  }
}

TEST(ModelCrashTest, ADeadTableRefusesToWrite) {
  ModelDisk disk;
  auto table = *disk.Open(Options(true));
  disk.Crash(1);
  EXPECT_THAT(WriteNumber(*table, 1, Durability::kSynced),
              StatusIs(absl::StatusCode::kInternal, "power was cut"));
  EXPECT_THAT(table->Flush(), StatusIs(absl::StatusCode::kInternal, "power was cut"));
  EXPECT_THAT(table->Ingest({{"a", "1"}}), StatusIs(absl::StatusCode::kInternal, "power was cut"));
  auto next = *disk.Open(Options(true));
  table.reset();
  // The dead table's end does not close the living one.
  EXPECT_THAT(disk.Open(Options(true)), StatusIs(absl::StatusCode::kUnavailable, "in use"));
  EXPECT_EQ(FoundPrefix(*next), 0);
}

TEST(ModelCrashTest, FailsTheOperationItWasToldToAndAllAfterIt) {
  ModelDisk disk;
  auto table = *disk.Open(Options(true));
  disk.FailAt(2);
  ASSERT_OK(WriteNumber(*table, 1, Durability::kSynced));
  EXPECT_THAT(WriteNumber(*table, 2, Durability::kSynced),
              StatusIs(absl::StatusCode::kInternal, "operation 2"));
  EXPECT_THAT(table->Flush(), StatusIs(absl::StatusCode::kInternal, "earlier write failed"));
  EXPECT_EQ(FoundPrefix(*table), 1);
}

TEST(ModelCrashTest, AFailedSyncedWriteMayOrMayNotBeFound) {
  std::set<int> found;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    ModelDisk disk;
    auto table = *disk.Open(Options(true));
    ASSERT_OK(WriteNumber(*table, 1, Durability::kSynced));
    disk.FailAt(1);
    EXPECT_FALSE(WriteNumber(*table, 2, Durability::kSynced).ok());
    disk.Crash(seed);
    table = *disk.Open(Options(true));
    found.insert(FoundPrefix(*table));
  }
  EXPECT_EQ(found, (std::set<int>{1, 2}));
}

TEST(ModelCrashTest, AnIngestMayFailBetweenItsFlushAndItsFile) {
  for (const int64_t at : {1, 2}) {
    std::set<int> found;
    for (uint64_t seed = 0; seed < kSeeds; ++seed) {
      ModelDisk disk;
      auto table = *disk.Open(Options(false));
      ASSERT_OK(WriteNumber(*table, 1, Durability::kBuffered));
      disk.FailAt(at);
      EXPECT_FALSE(table->Ingest({{"last", "2"}, {"n1002", "x"}}).ok());
      disk.Crash(seed);
      table = *disk.Open(Options(false));
      found.insert(FoundPrefix(*table));
    }
    EXPECT_EQ(found, at == 1 ? (std::set<int>{0, 1}) : (std::set<int>{1, 2}));
  }
}

TEST(ModelCrashTest, CountsItsOperations) {
  ModelDisk disk;
  auto table = *disk.Open(Options(false));
  ASSERT_OK(WriteNumber(*table, 1, Durability::kBuffered));
  ASSERT_OK(table->Flush());
  ASSERT_OK(table->Ingest({{"a", "1"}}));
  EXPECT_EQ(disk.operations(), 4);
}

}  // namespace
}  // namespace rapport::table
