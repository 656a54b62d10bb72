// RocksDB loses and keeps what the model says: the same promises as in model_crash_test.cc, on
// files in memory that forget what was never synced.

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "engine/table/rocks_open.h"
#include "tests/kit/rocks_crash_disk.h"
#include "tests/kit/status_matchers.h"

namespace rapport::table {
namespace {

constexpr int kNumbers = 40;

TableOptions Options(bool wal) {
  TableOptions options;
  options.wal = wal;
  options.cache_bytes = 1 << 20;
  return options;
}

std::string KeyOf(int number) { return absl::StrCat("n", 1000 + number); }

// What a workload was told before the power went.
struct Told {
  // All up to here is promised to stay.
  int durable = 0;
  // The last one tried.
  int tried = 0;
};

// Writes the numbers 1, 2, ... in batches of two rows, flushing, syncing and ingesting at random,
// until a call fails.
Told WriteUntilItFails(Table& table, int from, bool wal, std::mt19937_64& random) {
  Told told{from - 1, from - 1};
  for (int number = from; number < from + kNumbers; ++number) {
    told.tried = number;
    const uint64_t dice = random() % 8;
    if (dice == 0) {
      // Ingested keys below and above all others, so that it does not always overlap.
      if (!table.Ingest({{"last", absl::StrCat(number)}, {KeyOf(number), "x"}}).ok()) return told;
      told.durable = number;
      continue;
    }
    WriteBatch batch;
    batch.Put(KeyOf(number), std::string(1 + random() % 2000, 'x'));
    batch.Put("last", absl::StrCat(number));
    const bool sync = wal && dice <= 3;
    if (!table.Write(batch, sync ? Durability::kSynced : Durability::kBuffered).ok()) return told;
    if (sync) told.durable = number;
    if (dice == 4) {
      if (!table.Flush().ok()) return told;
      told.durable = number;
    }
  }
  return told;
}

// The numbers found are 1..k without a hole and the row "last" says k. Gives k.
int FoundPrefix(Table& table) {
  int found = 0;
  int rows = 0;
  const std::unique_ptr<Iterator> it = table.NewIterator();
  for (it->Seek("n"); it->Valid(); it->Next(), ++rows) {
    if (it->key() == KeyOf(found + 1)) ++found;
  }
  EXPECT_OK(it->status());
  EXPECT_EQ(rows, found) << "a row after a hole";
  const absl::StatusOr<std::string> last = table.Get("last");
  EXPECT_EQ(last.ok() ? *last : "0", absl::StrCat(found));
  return found;
}

// Lives three lives on one disk, each ended by a power cut at a random change.
void LiveAndDie(uint64_t seed, bool wal, int& cut) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  kit::RocksCrashDisk disk;
  int found = 0;
  for (int life = 0; life < 3; ++life) {
    auto table = OpenRocksTableOn(disk.env(), "/table", Options(wal));
    ASSERT_OK(table);
    ASSERT_EQ(FoundPrefix(**table), found) << "what was found once stays";
    disk.CutPowerAt(static_cast<int64_t>(1 + random() % 220));
    const Told told = WriteUntilItFails(**table, found + 1, wal, random);
    if (told.tried < found + kNumbers) ++cut;
    table->reset();
    disk.Restore(random());
    table = OpenRocksTableOn(disk.env(), "/table", Options(wal));
    ASSERT_OK(table);
    found = FoundPrefix(**table);
    EXPECT_GE(found, told.durable);
    EXPECT_LE(found, told.tried);
  }
}

TEST(RocksCrashTest, WithoutWalAPrefixStaysThatHoldsAllThatWasFlushed) {
  int cut = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) LiveAndDie(seed, false, cut);
  EXPECT_GT(cut, 60);
}

TEST(RocksCrashTest, WithWalAPrefixStaysThatHoldsAllThatWasSynced) {
  int cut = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) LiveAndDie(seed, true, cut);
  EXPECT_GT(cut, 60);
}

// The power may also go while a table is being opened.
TEST(RocksCrashTest, APowerCutWhileOpeningLosesNothing) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    kit::RocksCrashDisk disk;
    {
      auto table = OpenRocksTableOn(disk.env(), "/table", Options(true));
      ASSERT_OK(table);
      for (int number = 1; number <= 5; ++number) {
        WriteBatch batch;
        batch.Put(KeyOf(number), "x");
        batch.Put("last", absl::StrCat(number));
        ASSERT_OK((*table)->Write(batch, Durability::kSynced));
      }
    }
    disk.CutPowerAt(static_cast<int64_t>(seed));
    OpenRocksTableOn(disk.env(), "/table", Options(true)).IgnoreError();
    disk.Restore(random());
    auto table = OpenRocksTableOn(disk.env(), "/table", Options(true));
    ASSERT_OK(table);
    EXPECT_EQ(FoundPrefix(**table), 5);
  }
}

}  // namespace
}  // namespace rapport::table
