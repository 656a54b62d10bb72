// What every Table does, run over RocksDB and over the model.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/table/model_table.h"
#include "engine/table/table.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport::table {
namespace {

using ::rapport::kit::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// A place that a table can be opened at again and again.
class Place {
 public:
  virtual ~Place() = default;
  virtual absl::StatusOr<std::unique_ptr<Table>> Open(const TableOptions& options) = 0;
};

class ModelPlace : public Place {
 public:
  absl::StatusOr<std::unique_ptr<Table>> Open(const TableOptions& options) override {
    return disk_.Open(options);
  }

 private:
  ModelDisk disk_;
};

class RocksPlace : public Place {
 public:
  absl::StatusOr<std::unique_ptr<Table>> Open(const TableOptions& options) override {
    return OpenRocksTable(folder_.path(), options);
  }

 private:
  kit::ScratchFolder folder_;
};

struct Param {
  const char* name;
  bool rocks;
  bool wal;
};

class TableConformance : public testing::TestWithParam<Param> {
 protected:
  void SetUp() override {
    if (GetParam().rocks) {
      place_ = std::make_unique<RocksPlace>();
    } else {
      place_ = std::make_unique<ModelPlace>();
    }
    options_.wal = GetParam().wal;
    options_.cache_bytes = 1 << 20;
    Reopen();
  }

  void Reopen() {
    table_.reset();
    absl::StatusOr<std::unique_ptr<Table>> table = place_->Open(options_);
    ASSERT_OK(table);
    table_ = *std::move(table);
  }

  void Put(absl::string_view key, absl::string_view value) {
    WriteBatch batch;
    batch.Put(key, value);
    ASSERT_OK(table_->Write(batch, Durability::kBuffered));
  }

  std::vector<std::pair<std::string, std::string>> All() {
    std::vector<std::pair<std::string, std::string>> rows;
    const std::unique_ptr<Iterator> it = table_->NewIterator();
    for (it->Seek(""); it->Valid(); it->Next()) rows.emplace_back(it->key(), it->value());
    EXPECT_OK(it->status());
    return rows;
  }

  std::unique_ptr<Place> place_;
  TableOptions options_;
  std::unique_ptr<Table> table_;
};

// What only a table with a write-ahead log promises.
class LoggedTableConformance : public TableConformance {};

TEST_P(TableConformance, HoldsNothingAtFirst) {
  EXPECT_THAT(All(), IsEmpty());
  EXPECT_THAT(table_->Get("a"), StatusIs(absl::StatusCode::kNotFound, ""));
}

TEST_P(TableConformance, GivesBackWhatWasPut) {
  Put("a", "1");
  Put("a", "2");
  EXPECT_EQ(*table_->Get("a"), "2");
}

TEST_P(TableConformance, OrdersKeysAsUnsignedBytes) {
  Put(std::string("\xff", 1), "high");
  Put("a", "low");
  Put(std::string("\0", 1), "zero");
  Put("aa", "longer");
  EXPECT_THAT(All(), ElementsAre(Pair(std::string("\0", 1), "zero"), Pair("a", "low"),
                                 Pair("aa", "longer"), Pair("\xff", "high")));
}

TEST_P(TableConformance, KeepsTheEmptyKeyAndTheEmptyValue) {
  Put("", "value");
  Put("key", "");
  EXPECT_EQ(*table_->Get(""), "value");
  EXPECT_EQ(*table_->Get("key"), "");
  ASSERT_OK(table_->Flush());
  EXPECT_THAT(All(), ElementsAre(Pair("", "value"), Pair("key", "")));
}

TEST_P(TableConformance, KeepsLargeValues) {
  std::string large(3 << 20, '\0');
  for (size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
  Put("large", large);
  ASSERT_OK(table_->Flush());
  Reopen();
  EXPECT_TRUE(*table_->Get("large") == large);
}

TEST_P(TableConformance, AppliesABatchInItsOrder) {
  WriteBatch batch;
  batch.Put("a", "1");
  batch.Delete("a");
  batch.Put("b", "1");
  batch.Put("b", "2");
  batch.Delete("c");
  ASSERT_OK(table_->Write(batch, Durability::kBuffered));
  EXPECT_THAT(All(), ElementsAre(Pair("b", "2")));
}

TEST_P(TableConformance, DeletesRows) {
  Put("a", "1");
  ASSERT_OK(table_->Flush());
  WriteBatch batch;
  batch.Delete("a");
  ASSERT_OK(table_->Write(batch, Durability::kBuffered));
  EXPECT_THAT(table_->Get("a"), StatusIs(absl::StatusCode::kNotFound, ""));
  ASSERT_OK(table_->Flush());
  Reopen();
  EXPECT_THAT(All(), IsEmpty());
}

TEST_P(TableConformance, MultiGetAnswersEachKeyInItsPlace) {
  Put("a", "1");
  ASSERT_OK(table_->Flush());
  Put("c", "3");
  const auto values = table_->MultiGet({"a", "b", "c", "d"});
  ASSERT_EQ(values.size(), 4u);
  EXPECT_EQ(*values[0], "1");
  EXPECT_THAT(values[1], StatusIs(absl::StatusCode::kNotFound, ""));
  EXPECT_EQ(*values[2], "3");
  EXPECT_THAT(values[3], StatusIs(absl::StatusCode::kNotFound, ""));
  EXPECT_THAT(table_->MultiGet({}), IsEmpty());
}

TEST_P(TableConformance, SeekFindsTheFirstKeyNotBelow) {
  Put("b", "1");
  Put("d", "2");
  const std::unique_ptr<Iterator> it = table_->NewIterator();
  EXPECT_FALSE(it->Valid());
  it->Seek("b");
  EXPECT_EQ(it->key(), "b");
  it->Seek("c");
  ASSERT_TRUE(it->Valid());
  EXPECT_EQ(it->key(), "d");
  EXPECT_EQ(it->value(), "2");
  it->Next();
  EXPECT_FALSE(it->Valid());
  it->Seek("e");
  EXPECT_FALSE(it->Valid());
}

TEST_P(TableConformance, SeekForPrevFindsTheLastKeyNotAbove) {
  Put("b", "1");
  Put("d", "2");
  Put("f", "3");
  WriteBatch batch;
  batch.Delete("d");
  ASSERT_OK(table_->Write(batch, Durability::kBuffered));
  const std::unique_ptr<Iterator> it = table_->NewIterator();
  it->SeekForPrev("a");
  EXPECT_FALSE(it->Valid());
  it->SeekForPrev("e");
  ASSERT_TRUE(it->Valid());
  EXPECT_EQ(it->key(), "b");
  it->SeekForPrev("f");
  EXPECT_EQ(it->key(), "f");
  it->SeekForPrev("c");
  it->Next();
  ASSERT_TRUE(it->Valid());
  EXPECT_EQ(it->key(), "f");
}

TEST_P(TableConformance, AnIteratorSeesTheMomentItWasMade) {
  Put("a", "1");
  Put("b", "1");
  const std::unique_ptr<Iterator> it = table_->NewIterator();
  Put("a", "2");
  Put("c", "2");
  WriteBatch batch;
  batch.Delete("b");
  ASSERT_OK(table_->Write(batch, Durability::kBuffered));
  ASSERT_OK(table_->Ingest({{"a", "3"}, {"d", "3"}}));
  std::vector<std::pair<std::string, std::string>> seen;
  for (it->Seek(""); it->Valid(); it->Next()) seen.emplace_back(it->key(), it->value());
  EXPECT_THAT(seen, ElementsAre(Pair("a", "1"), Pair("b", "1")));
  EXPECT_THAT(All(), ElementsAre(Pair("a", "3"), Pair("c", "2"), Pair("d", "3")));
}

TEST_P(TableConformance, AReaderSeesABatchWholeOrNotAtAll) {
  constexpr int kRounds = 300;
  std::thread writer([&] {
    for (int i = 1; i <= kRounds; ++i) {
      WriteBatch batch;
      batch.Put("x", absl::StrCat(i));
      batch.Put("y", absl::StrCat(i));
      ASSERT_OK(table_->Write(batch, Durability::kBuffered));
    }
  });
  std::string last;
  while (last != absl::StrCat(kRounds)) {
    const std::unique_ptr<Iterator> it = table_->NewIterator();
    it->Seek("x");
    if (!it->Valid()) continue;
    last = std::string(it->value());
    it->Next();
    ASSERT_TRUE(it->Valid());
    EXPECT_EQ(it->value(), last);
  }
  writer.join();
}

// One thread ingests and writes in turn: who sees a write sees the file before it.
TEST_P(TableConformance, AnIteratorSeesNoWriteWithoutTheFileBeforeIt) {
  constexpr int kRounds = 300;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 1; i <= kRounds; ++i) {
      ASSERT_OK(table_->Ingest({{"x", absl::StrCat(i)}}));
      Put("y", absl::StrCat(i));
    }
    done = true;
  });
  while (!done) {
    const std::unique_ptr<Iterator> it = table_->NewIterator();
    int x = 0, y = 0;
    it->Seek("x");
    if (!it->Valid()) continue;
    ASSERT_TRUE(absl::SimpleAtoi(it->value(), &x));
    it->Next();
    if (it->Valid()) {
      ASSERT_TRUE(absl::SimpleAtoi(it->value(), &y));
    }
    EXPECT_GE(x, y);
    EXPECT_LE(x, y + 1);
  }
  writer.join();
}

TEST_P(TableConformance, ReopeningKeepsWhatWasFlushed) {
  Put("a", "1");
  ASSERT_OK(table_->Flush());
  Put("b", "2");
  Reopen();
  EXPECT_EQ(*table_->Get("a"), "1");
  // Without a log, what was not flushed is gone; never the other way round.
  EXPECT_EQ(table_->Get("b").ok(), GetParam().wal);
}

TEST_P(LoggedTableConformance, ReopeningKeepsWhatWasSynced) {
  Put("a", "1");
  WriteBatch batch;
  batch.Put("b", "2");
  ASSERT_OK(table_->Write(batch, Durability::kSynced));
  Reopen();
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  Reopen();
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_P(LoggedTableConformance, AnEmptySyncedWriteIsFine) {
  EXPECT_OK(table_->Write(WriteBatch(), Durability::kSynced));
  Put("a", "1");
  EXPECT_OK(table_->Write(WriteBatch(), Durability::kSynced));
  EXPECT_OK(table_->Write(WriteBatch(), Durability::kBuffered));
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1")));
}

TEST_P(TableConformance, IngestWinsOverWhatWasThere) {
  Put("a", "old");
  Put("b", "old");
  ASSERT_OK(table_->Flush());
  Put("c", "old");
  ASSERT_OK(table_->Ingest({{"a", "new"}, {"c", "new"}, {"d", ""}}));
  EXPECT_THAT(All(),
              ElementsAre(Pair("a", "new"), Pair("b", "old"), Pair("c", "new"), Pair("d", "")));
  Put("a", "newer");
  EXPECT_EQ(*table_->Get("a"), "newer");
}

TEST_P(TableConformance, IngestIsDurableAndFlushesWhatWasBefore) {
  Put("z", "before, not overlapping");
  ASSERT_OK(table_->Ingest({{"a", "1"}}));
  Put("y", "after");
  Reopen();
  EXPECT_EQ(*table_->Get("a"), "1");
  EXPECT_EQ(*table_->Get("z"), "before, not overlapping");
  EXPECT_EQ(table_->Get("y").ok(), GetParam().wal);
}

TEST_P(TableConformance, IngestOfNothingFlushes) {
  Put("a", "1");
  ASSERT_OK(table_->Ingest({}));
  Reopen();
  EXPECT_EQ(*table_->Get("a"), "1");
}

TEST_P(TableConformance, IngestTakesRowsThatAreMadeOneByOne) {
  Put("k005", "old");
  // One buffer for all, as whoever makes rows has.
  std::string key, value;
  int made = 0;
  ASSERT_OK(table_->IngestEach([&](RowView& row) {
    if (made == 500) return false;
    key = absl::StrCat("k", absl::Dec(made, absl::kZeroPad3));
    value = absl::StrCat("row ", made++);
    row = {key, value};
    return true;
  }));
  ASSERT_OK(table_->IngestEach([](RowView&) { return false; }));
  Reopen();
  EXPECT_EQ(All().size(), 500u);
  EXPECT_EQ(table_->Get("k000").value(), "row 0");
  EXPECT_EQ(table_->Get("k005").value(), "row 5");
  EXPECT_EQ(table_->Get("k499").value(), "row 499");
}

TEST_P(TableConformance, TakesManyIngestsAndWrites) {
  for (int round = 0; round < 20; ++round) {
    std::vector<KeyValue> rows;
    for (int i = 0; i < 50; ++i) rows.emplace_back(absl::StrCat(1000 + i * 7), absl::StrCat(round));
    ASSERT_OK(table_->Ingest(rows));
    Put(absl::StrCat(1000 + round * 7), "written");
  }
  ASSERT_OK(table_->Flush());
  Reopen();
  EXPECT_EQ(All().size(), 50u);
  EXPECT_EQ(*table_->Get("1133"), "written");
  EXPECT_EQ(*table_->Get("1000"), "19");
}

TEST_P(TableConformance, ASecondOpenIsUnavailable) {
  EXPECT_THAT(place_->Open(options_), StatusIs(absl::StatusCode::kUnavailable, "in use"));
  Put("a", "1");
  EXPECT_EQ(*table_->Get("a"), "1");
}

TEST_P(TableConformance, GrowsWithItsContent) {
  const uint64_t before = table_->ApproximateBytes();
  std::string noise(1 << 20, '\0');
  uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  Put("a", noise);
  ASSERT_OK(table_->Flush());
  EXPECT_GE(table_->ApproximateBytes(), before + (1 << 20) - (1 << 18));
}

std::string NameOf(const testing::TestParamInfo<Param>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Tables, TableConformance,
                         testing::Values(Param{"Model", false, false},
                                         Param{"ModelWal", false, true},
                                         Param{"Rocks", true, false},
                                         Param{"RocksWal", true, true}),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Tables, LoggedTableConformance,
                         testing::Values(Param{"ModelWal", false, true},
                                         Param{"RocksWal", true, true}),
                         NameOf);

}  // namespace
}  // namespace rapport::table
