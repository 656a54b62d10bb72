// The model loses what RocksDB loses: the same calls on both, the power cut under RocksDB at a
// random change, and what RocksDB is found with must be something the model allows.

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/table/model_table.h"
#include "engine/table/rocks_open.h"
#include "tests/kit/rocks_crash_disk.h"
#include "tests/kit/status_matchers.h"

namespace rapport::table {
namespace {

constexpr int kCalls = 60;
constexpr int kLives = 4;

TableOptions Options(bool wal) {
  TableOptions options;
  options.wal = wal;
  // Small, so that RocksDB flushes on its own.
  options.write_buffer_bytes = 64 << 10;
  options.cache_bytes = 1 << 20;
  return options;
}

// One call, to be made on both tables.
struct Call {
  enum class Kind { kWrite, kSynced, kSync, kFlush, kIngest };
  Kind kind = Kind::kWrite;
  WriteBatch batch;
  std::vector<KeyValue> rows;

  bool writes() const { return kind != Kind::kSync && kind != Kind::kFlush; }

  absl::Status On(Table& table) const {
    switch (kind) {
      case Kind::kWrite:
        return table.Write(batch, Durability::kBuffered);
      case Kind::kSynced:
        return table.Write(batch, Durability::kSynced);
      case Kind::kSync:
        return table.Write(WriteBatch(), Durability::kSynced);
      case Kind::kFlush:
        return table.Flush();
      case Kind::kIngest:
        return table.Ingest(rows);
    }
    return absl::OkStatus();
  }
};

// Write number `number` puts that number into the row "last", beside a few random rows.
Call NextCall(std::mt19937_64& random, bool wal, int64_t number) {
  Call call;
  const uint64_t dice = random() % 10;
  call.kind = dice < 2          ? Call::Kind::kIngest
              : dice < 3        ? (wal ? Call::Kind::kSync : Call::Kind::kFlush)
              : dice < 4        ? Call::Kind::kFlush
              : dice < 6 && wal ? Call::Kind::kSynced
                                : Call::Kind::kWrite;
  if (!call.writes()) return call;
  std::map<std::string, std::string> rows;
  for (uint64_t count = 1 + random() % 6; count > 0; --count) {
    rows[absl::StrCat("k", 100 + random() % 80)] =
        absl::StrCat(number, std::string(random() % 3000, 'x'));
  }
  rows["last"] = absl::StrCat(number);
  call.rows.assign(rows.begin(), rows.end());
  for (const auto& [key, value] : rows) {
    if (call.kind != Call::Kind::kIngest && key != "last" && random() % 8 == 0) {
      call.batch.Delete(key);
    } else {
      call.batch.Put(key, value);
    }
  }
  return call;
}

std::vector<KeyValue> All(Table& table) {
  std::vector<KeyValue> rows;
  const std::unique_ptr<Iterator> it = table.NewIterator();
  for (it->Seek(""); it->Valid(); it->Next()) rows.emplace_back(it->key(), it->value());
  EXPECT_OK(it->status());
  return rows;
}

int64_t LastOf(Table& table) {
  const absl::StatusOr<std::string> last = table.Get("last");
  int64_t number = 0;
  EXPECT_TRUE(!last.ok() || absl::SimpleAtoi(*last, &number));
  return number;
}

// Where in what the model allows RocksDB was found.
struct Found {
  int at_least = 0;
  int between = 0;
  int at_most = 0;
  int cut = 0;
};

void LiveAndDie(uint64_t seed, bool wal, Found& tally) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  kit::RocksCrashDisk disk;
  ModelDisk model_disk;
  int64_t written = 0;
  for (int life = 0; life < kLives; ++life) {
    auto rocks = OpenRocksTableOn(disk.env(), "/table", Options(wal));
    ASSERT_OK(rocks);
    auto model = model_disk.Open(Options(wal));
    ASSERT_OK(model);
    ASSERT_EQ(All(**rocks), All(**model));
    written = LastOf(**rocks);
    disk.CutPowerAt(static_cast<int64_t>(1 + random() % 250));
    // A failed ingest may have failed in its flush or in its file.
    bool unsure_file = false;
    for (int i = 0; i < kCalls; ++i) {
      const Call call = NextCall(random, wal, written + 1);
      const bool failed = !call.On(**rocks).ok();
      if (failed) model_disk.FailAt(1);
      ASSERT_EQ(call.On(**model).ok(), !failed);
      unsure_file = failed && call.kind == Call::Kind::kIngest;
      tally.cut += failed;
      if (failed) break;
      written += call.writes();
      ASSERT_EQ(LastOf(**rocks), LastOf(**model));
    }
    rocks->reset();
    disk.Restore(random());
    rocks = OpenRocksTableOn(disk.env(), "/table", Options(wal));
    ASSERT_OK(rocks);
    const int64_t found = LastOf(**rocks);
    const ModelDisk::Survivors survivors = model_disk.CanSurvive();
    ASSERT_GE(found, survivors.least);
    ASSERT_LE(found, survivors.most + unsure_file);
    ++(found == survivors.least  ? tally.at_least
       : found >= survivors.most ? tally.at_most
                                 : tally.between);
    // The next life begins with the same rows on both.
    if (found > survivors.most) return;
    model_disk.CrashTo(found);
  }
}

void LiveAndDieOften(bool wal, Found& found) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    LiveAndDie(seed, wal, found);
    if (testing::Test::HasFatalFailure()) return;
  }
  testing::Test::RecordProperty("found_at_least", found.at_least);
  testing::Test::RecordProperty("found_between", found.between);
  testing::Test::RecordProperty("found_at_most", found.at_most);
}

TEST(ModelAgreementTest, RocksWithoutWalLeavesWhatTheModelAllows) {
  Found found;
  LiveAndDieOften(false, found);
  if (HasFatalFailure()) return;
  EXPECT_GT(found.cut, 80);
  // Both ends and the middle occur: the model allows no less and not much more.
  EXPECT_GT(found.at_least, 10);
  EXPECT_GT(found.between + found.at_most, 10);
}

TEST(ModelAgreementTest, RocksWithWalLeavesWhatTheModelAllows) {
  Found found;
  LiveAndDieOften(true, found);
  if (HasFatalFailure()) return;
  EXPECT_GT(found.cut, 80);
  EXPECT_GT(found.at_least, 10);
  EXPECT_GT(found.between, 0);
  EXPECT_GT(found.at_most, 10);
}

// The model's own crashes stay inside, too, and use the room they have.
TEST(ModelAgreementTest, TheModelsOwnCrashesStayInside) {
  for (const bool wal : {false, true}) {
    std::set<int64_t> places;
    for (uint64_t seed = 1; seed <= 300; ++seed) {
      std::mt19937_64 random(seed);
      ModelDisk disk;
      auto table = *disk.Open(Options(wal));
      int64_t written = 0;
      for (int i = 0; i < 30; ++i) {
        const Call call = NextCall(random, wal, written + 1);
        if (i == 29) disk.FailAt(1);
        if (call.On(*table).ok()) written += call.writes();
      }
      const ModelDisk::Survivors survivors = disk.CanSurvive();
      disk.Crash(seed);
      table = *disk.Open(Options(wal));
      const int64_t found = LastOf(*table);
      EXPECT_GE(found, survivors.least);
      EXPECT_LE(found, survivors.most);
      places.insert(found - survivors.least);
    }
    EXPECT_GE(places.size(), 4u);
  }
}

}  // namespace
}  // namespace rapport::table
