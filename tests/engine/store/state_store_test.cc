// The state store on a model disk: whole commits, with their position, through crashes.
#include "engine/store/state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/store/keys.h"
#include "engine/table/model_table.h"
#include "tests/kit/status_matchers.h"
#include "tests/kit/table_wrapper.h"

namespace rapport::store {
namespace {

using kit::StatusIs;
using testing::ElementsAre;

const Generation kGeneration{{0x7c1e90ab, 1}, 4, "fold rules"};

PartitionState StateAt(Offset next) {
  PartitionState state;
  state.next = next;
  state.chain = 0xfedcba9876543210u + static_cast<uint64_t>(next);
  state.customers = 3;
  state.counters = {20, 6, 5, 4, 3, 2, 1};
  return state;
}

QuarantineEntry EntryAt(Partition partition, Offset offset) {
  QuarantineEntry entry;
  entry.partition = partition;
  entry.offset = offset;
  entry.append_time_us = 1'700'000'000'000'000 + offset;
  entry.rejection = {Reason::kKindUnknown, "kind", absl::StrCat("is unknown at ", offset)};
  entry.customer_id = "ana";
  entry.event_id = "shop:1";
  entry.source = "shop";
  return entry;
}

// A cut with `rows` customers, each with `word` as its row.
Cut ACut(Partition partition, Offset next, size_t rows, const std::string& word) {
  Cut cut;
  cut.partition = partition;
  cut.state = StateAt(next);
  // Not in the order of their keys, as slots come.
  for (size_t i = rows; i > 0; --i) {
    cut.rows.emplace_back(CustomerKey(partition, absl::StrFormat("c%06d", i)), word);
  }
  return cut;
}

class StateStoreTest : public testing::Test {
 protected:
  StateStoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    table_.reset();
    table_ = disk_.Open({}).value();
    store_ = StateStore::Open(table_.get(), kGeneration).value();
  }

  // Rows of a partition whose value is `word`.
  size_t Count(Partition partition, const std::string& word) {
    size_t count = 0;
    EXPECT_OK(store_->ForEachCustomer(partition, [&](absl::string_view, absl::string_view row) {
      count += row == word;
      return true;
    }));
    return count;
  }

  table::ModelDisk disk_;
  std::unique_ptr<table::Table> table_;
  std::unique_ptr<StateStore> store_;
};

TEST_F(StateStoreTest, IsEmptyAtFirst) {
  const auto state = store_->Load(0);
  ASSERT_OK(state);
  EXPECT_EQ(state->next, 0);
  EXPECT_EQ(state->counters, EventCounters());
}

TEST_F(StateStoreTest, PositionCountersAndRowsSurviveACrashTogether) {
  ASSERT_OK(store_->Commit({ACut(2, 42, 5, "one"), ACut(3, 7, 2, "one")}));
  disk_.Crash(1);
  Reopen();
  const auto state = store_->Load(2);
  ASSERT_OK(state);
  EXPECT_EQ(state->next, 42);
  EXPECT_EQ(state->chain, StateAt(42).chain);
  EXPECT_EQ(state->customers, 3);
  EXPECT_EQ(state->counters, StateAt(42).counters);
  EXPECT_EQ(Count(2, "one"), 5u);
  EXPECT_EQ(store_->Load(3)->next, 7);
  EXPECT_EQ(Count(3, "one"), 2u);
}

// Whatever operation fails, each partition has all of a cut or nothing of it.
void ExpectWholeCuts(size_t rows, int operations) {
  for (int fail_at = 1; fail_at <= operations + 1; ++fail_at) {
    table::ModelDisk disk;
    auto table = disk.Open({}).value();
    auto store = StateStore::Open(table.get(), kGeneration).value();
    ASSERT_OK(store->Commit({ACut(0, 10, rows, "old"), ACut(1, 10, rows, "old")}));
    disk.FailAt(fail_at);
    const absl::Status second = store->Commit({ACut(0, 20, rows, "new"), ACut(1, 20, rows, "new")});
    EXPECT_EQ(second.ok(), fail_at > operations) << fail_at;
    disk.Crash(static_cast<uint64_t>(fail_at));
    store.reset();
    table = disk.Open({}).value();
    store = StateStore::Open(table.get(), kGeneration).value();
    for (const Partition partition : {0, 1}) {
      const Offset next = store->Load(partition)->next;
      // What failed may be there all the same, but not what was acknowledged be gone.
      if (second.ok()) {
        EXPECT_EQ(next, 20);
      } else {
        EXPECT_TRUE(next == 10 || next == 20) << next;
      }
      size_t found = 0;
      ASSERT_OK(store->ForEachCustomer(partition, [&](absl::string_view, absl::string_view row) {
        found += row == (next == 20 ? "new" : "old");
        return true;
      }));
      EXPECT_EQ(found, rows) << "operation " << fail_at << " partition " << partition;
    }
  }
}

// Two batches and a flush.
TEST(StateStoreCrashTest, ASmallCommitIsWholeOrNotThere) { ExpectWholeCuts(4, 3); }

// An ingest is a flush and a file.
TEST(StateStoreCrashTest, ALargeCommitIsWholeOrNotThere) { ExpectWholeCuts(10'000, 2); }

TEST_F(StateStoreTest, FromTwentyThousandRowsOnACommitIsOneFile) {
  const int64_t before = disk_.operations();
  ASSERT_OK(store_->Commit({ACut(0, 1, 19'998, "batch")}));
  EXPECT_EQ(disk_.operations() - before, 2) << "a batch and a flush";
  const int64_t between = disk_.operations();
  ASSERT_OK(store_->Commit({ACut(0, 2, 19'999, "ingest")}));
  EXPECT_EQ(disk_.operations() - between, 2) << "a flush and a file";
  disk_.Crash(1);
  Reopen();
  EXPECT_EQ(store_->Load(0)->next, 2);
  EXPECT_EQ(Count(0, "ingest"), 19'999u);
}

// Counts the files that are ingested.
class FileCounter : public kit::TableWrapper {
 public:
  using TableWrapper::TableWrapper;
  absl::Status Ingest(absl::Span<const table::KeyValue> rows) override {
    ++files;
    return TableWrapper::Ingest(rows);
  }
  int files = 0;
};

TEST_F(StateStoreTest, EachLargeCutIsAFileOfItsOwn) {
  FileCounter counter(table_.get());
  const auto store = StateStore::Open(&counter, kGeneration, /*ingest_rows_min=*/50).value();
  ASSERT_OK(
      store->Commit({ACut(0, 42, 50, "one"), ACut(1, 43, 49, "one"), ACut(2, 44, 60, "one")}));
  EXPECT_EQ(counter.files, 3) << "the small one fills one, with its position";
  ASSERT_OK(store->Commit({ACut(0, 52, 50, "two"), ACut(1, 53, 3, "two"), ACut(3, 54, 4, "two")}));
  EXPECT_EQ(counter.files, 4);
  disk_.Crash(1);
  Reopen();
  EXPECT_EQ(Count(0, "two"), 50u);
  EXPECT_EQ(Count(1, "one"), 46u);
  EXPECT_EQ(Count(1, "two"), 3u);
  EXPECT_EQ(Count(2, "one"), 60u);
  EXPECT_EQ(Count(3, "two"), 4u);
  const std::vector<Offset> next = {52, 53, 44, 54};
  for (Partition p = 0; p < 4; ++p) EXPECT_EQ(store_->Load(p)->next, next[static_cast<size_t>(p)]);
}

TEST_F(StateStoreTest, AFileOfCustomersMadeOneByOneHoldsThePositionAndAllOtherRows) {
  Cut cut;
  cut.partition = 1;
  cut.state = StateAt(30);
  cut.quarantine = {EntryAt(1, 11), EntryAt(1, 7)};
  TouchList list;
  for (Offset offset = 1; list.chunks() == 0; ++offset) list.Append(offset, 5);
  cut.rows.emplace_back(TouchKey(1, "b", 0), list.unsaved().front());
  cut.rows.emplace_back(TouchKey(1, "a", 0), list.unsaved().front());
  const std::vector<table::KeyValue> customers = {{CustomerKey(1, "a"), "one"},
                                                  {CustomerKey(1, "b"), "one"}};
  size_t at = 0;
  ASSERT_OK(store_->CommitFile(std::move(cut), [&](table::RowView& row) {
    if (at == customers.size()) return false;
    row = {customers[at].first, customers[at].second};
    ++at;
    return true;
  }));
  disk_.Crash(1);
  Reopen();
  EXPECT_EQ(store_->Load(1)->next, 30);
  EXPECT_EQ(Count(1, "one"), 2u);
  EXPECT_EQ(store_->Quarantine(1, 0, 9)->size(), 2u);
  EXPECT_EQ(store_->ReadChunks(1, "a", 1)->size(), kTouchesPerChunk);
  EXPECT_EQ(store_->ReadChunks(1, "b", 1)->size(), kTouchesPerChunk);
}

TEST_F(StateStoreTest, ACommitRemovesRowsHoweverManyItWrites) {
  for (const size_t rows : {size_t{3}, size_t{20'000}}) {
    Cut first = ACut(0, 10, rows, "old");
    first.quarantine = {EntryAt(0, 4), EntryAt(0, 9)};
    ASSERT_OK(store_->Commit({first}));
    Cut second = ACut(0, 20, rows - 1, "new");
    second.removed = {CustomerKey(0, absl::StrFormat("c%06d", rows)), QuarantineKey(0, 4)};
    ASSERT_OK(store_->Commit({second}));
    disk_.Crash(1);
    Reopen();
    EXPECT_EQ(Count(0, "new"), rows - 1);
    EXPECT_EQ(Count(0, "old"), 0u);
    const auto quarantine = store_->Quarantine(0, 0, 10);
    ASSERT_OK(quarantine);
    ASSERT_EQ(quarantine->size(), 1u);
    EXPECT_EQ(quarantine->at(0).offset, 9);
  }
}

TEST_F(StateStoreTest, AnotherGenerationIsRefused) {
  for (const Generation& other :
       {Generation{{0x7c1e90ac, 1}, 4, "fold rules"}, Generation{{0x7c1e90ab, 2}, 4, "fold rules"},
        Generation{{0x7c1e90ab, 1}, 5, "fold rules"},
        Generation{{0x7c1e90ab, 1}, 4, "other rules"}}) {
    EXPECT_THAT(StateStore::Open(table_.get(), other),
                StatusIs(absl::StatusCode::kFailedPrecondition, "GENERATION_DIFFERS"));
  }
  EXPECT_OK(StateStore::Open(table_.get(), kGeneration));
}

TEST_F(StateStoreTest, TheGenerationSurvivesACrash) {
  disk_.Crash(1);
  store_.reset();
  table_ = disk_.Open({}).value();
  EXPECT_THAT(StateStore::Open(table_.get(), {{1, 1}, 4, "fold rules"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, "GENERATION_DIFFERS"));
}

TEST_F(StateStoreTest, ReadsTheNamedCustomersOfItsPartition) {
  ASSERT_OK(store_->Commit({ACut(0, 1, 3, "zero"), ACut(1, 1, 1, "one")}));
  const auto rows = store_->ReadCustomers(1, {"c000000", "c000001", "c000002"});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0], StatusIs(absl::StatusCode::kNotFound, ""));
  ASSERT_OK(rows[1]);
  EXPECT_EQ(*rows[1], "one");
  EXPECT_THAT(rows[2], StatusIs(absl::StatusCode::kNotFound, ""));
}

TEST_F(StateStoreTest, QuarantineComesBackByOffsetFromWhereItIsAsked) {
  Cut cut = ACut(1, 30, 1, "x");
  for (const Offset offset : {20, 3, 11}) cut.quarantine.push_back(EntryAt(1, offset));
  Cut neighbour = ACut(2, 30, 0, "x");
  neighbour.quarantine.push_back(EntryAt(2, 4));
  ASSERT_OK(store_->Commit({cut, neighbour}));
  const auto all = store_->Quarantine(1, 0, 100);
  ASSERT_OK(all);
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ(all->at(0).offset, 3);
  EXPECT_EQ(all->at(2).offset, 20);
  const QuarantineEntry wanted = EntryAt(1, 11);
  const QuarantineEntry& found = all->at(1);
  EXPECT_EQ(found.partition, 1);
  EXPECT_EQ(found.offset, wanted.offset);
  EXPECT_EQ(found.append_time_us, wanted.append_time_us);
  EXPECT_EQ(found.rejection.ToStatus(), wanted.rejection.ToStatus());
  EXPECT_EQ(found.customer_id, wanted.customer_id);
  EXPECT_EQ(found.event_id, wanted.event_id);
  EXPECT_EQ(found.source, wanted.source);
  EXPECT_EQ(store_->Quarantine(1, 4, 1)->at(0).offset, 11);
  EXPECT_TRUE(store_->Quarantine(1, 21, 100)->empty());
}

TEST_F(StateStoreTest, AnonymousRowsAreVisitedAndAVisitorMayStop) {
  Cut cut = ACut(0, 1, 3, "x");
  cut.rows.emplace_back(CustomerKey(0, AnonymousName(EventId{1, 1})), "x");
  ASSERT_OK(store_->Commit({cut}));
  std::vector<std::string> names;
  const auto stop_after_two = [&](absl::string_view name, absl::string_view) {
    names.emplace_back(name);
    return names.size() < 2;
  };
  ASSERT_OK(store_->ForEachCustomer(0, stop_after_two));
  EXPECT_THAT(names, ElementsAre(AnonymousName(EventId{1, 1}), "c000001"));
}

TEST_F(StateStoreTest, ASnapshotTellsTouchListsApart) {
  const auto touches_of = [&] {
    std::vector<QuarantineEntry> quarantine;
    SetDigest touches;
    EXPECT_OK(store_->Snapshot(
        0, [](absl::string_view, absl::string_view) { return true; }, quarantine, touches));
    return touches.Hex();
  };
  Cut cut = ACut(0, 1, 1, "x");
  cut.rows.emplace_back(TouchKey(0, "ana", 0), "chunk");
  ASSERT_OK(store_->Commit({cut}));
  const std::string before = touches_of();
  Cut other = ACut(0, 2, 1, "x");
  other.rows.emplace_back(TouchKey(0, "ana", 0), "another chunk");
  ASSERT_OK(store_->Commit({other}));
  EXPECT_NE(touches_of(), before);
}

TEST_F(StateStoreTest, CountersThatDoNotAddUpAreDamage) {
  Cut cut = ACut(0, 7, 1, "x");
  cut.state.counters = {};
  cut.state.counters.archived = 7;
  cut.state.counters.folded = 6;
  ASSERT_OK(store_->Commit({cut}));
  EXPECT_EQ(store_->Load(0).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(StateStoreTest, ASnapshotIsOneMoment) {
  Cut first = ACut(0, 5, 2, "old");
  first.quarantine.push_back(EntryAt(0, 1));
  ASSERT_OK(store_->Commit({first}));
  std::vector<std::string> rows;
  std::vector<QuarantineEntry> quarantine;
  SetDigest touches;
  const auto state = store_->Snapshot(
      0,
      [&](absl::string_view, absl::string_view row) {
        // A commit returns while the snapshot is looked at.
        Cut later = ACut(0, 9, 3, "new");
        later.quarantine.push_back(EntryAt(0, 7));
        if (rows.empty()) {
          EXPECT_OK(store_->Commit({later}));
        }
        rows.emplace_back(row);
        return true;
      },
      quarantine, touches);
  ASSERT_OK(state);
  EXPECT_EQ(state->next, 5);
  EXPECT_THAT(rows, ElementsAre("old", "old"));
  EXPECT_EQ(quarantine.size(), 1u);
  EXPECT_EQ(store_->Load(0)->next, 9);
}

TEST_F(StateStoreTest, TouchChunksAreReadInOrderAndAMissingOneIsDamage) {
  TouchList list;
  for (Offset i = 0; i < 2 * Offset{kTouchesPerChunk}; ++i) list.Append(i, 5);
  Cut cut = ACut(0, 1, 0, "");
  for (uint32_t chunk = 0; chunk < 2; ++chunk) {
    cut.rows.emplace_back(TouchKey(0, "ana", chunk), list.unsaved()[chunk]);
  }
  cut.rows.emplace_back(TouchKey(0, "bob", 0), "\x01");
  ASSERT_OK(store_->Commit({cut}));
  const auto touches = store_->ReadChunks(0, "ana", 2);
  ASSERT_OK(touches);
  ASSERT_EQ(touches->size(), 2 * size_t{kTouchesPerChunk});
  for (size_t i = 0; i < touches->size(); ++i) {
    EXPECT_EQ(touches->at(i).offset, static_cast<Offset>(i));
  }
  EXPECT_TRUE(store_->ReadChunks(0, "nobody", 0)->empty());
  EXPECT_THAT(store_->ReadChunks(0, "ana", 3),
              StatusIs(absl::StatusCode::kDataLoss, "STATE_DAMAGED"));
  EXPECT_THAT(store_->ReadChunks(0, "bob", 1),
              StatusIs(absl::StatusCode::kDataLoss, "STATE_DAMAGED"));
}

TEST_F(StateStoreTest, DamagedRowsOfItsOwnAreNamed) {
  table::WriteBatch batch;
  batch.Put(PositionKey(1), "?");
  batch.Put(QuarantineKey(1, 3), "?");
  ASSERT_OK(table_->Write(batch, table::Durability::kBuffered));
  EXPECT_THAT(store_->Load(1),
              StatusIs(absl::StatusCode::kDataLoss, "the position of partition 1"));
  EXPECT_THAT(store_->Quarantine(1, 0, 10),
              StatusIs(absl::StatusCode::kDataLoss, "quarantine of partition 1"));
}

// An iterator that meets damage once, and forgets it with the next Seek as RocksDB's does.
class DamagedIterator : public table::Iterator {
 public:
  explicit DamagedIterator(std::unique_ptr<table::Iterator> inner) : inner_(std::move(inner)) {}
  void Seek(absl::string_view key) override {
    inner_->Seek(key);
    damaged_ = false;
  }
  void SeekForPrev(absl::string_view key) override { inner_->SeekForPrev(key); }
  void Next() override {
    inner_->Next();
    damaged_ = true;
  }
  bool Valid() const override { return !damaged_ && inner_->Valid(); }
  absl::string_view key() const override { return inner_->key(); }
  absl::string_view value() const override { return inner_->value(); }
  absl::Status status() const override {
    return damaged_ ? absl::DataLossError("a bad block") : absl::OkStatus();
  }

 private:
  const std::unique_ptr<table::Iterator> inner_;
  bool damaged_ = false;
};

class DamagedTable : public kit::TableWrapper {
 public:
  using TableWrapper::TableWrapper;
  std::unique_ptr<table::Iterator> NewIterator() override {
    return std::make_unique<DamagedIterator>(inner().NewIterator());
  }
};

TEST_F(StateStoreTest, DamageAmongCustomersEndsASnapshotAndAWalk) {
  ASSERT_OK(store_->Commit({ACut(0, 5, 3, "x")}));
  DamagedTable damaged(table_.get());
  const auto store = StateStore::Open(&damaged, kGeneration);
  ASSERT_OK(store);
  const auto visit = [](absl::string_view, absl::string_view) { return true; };
  std::vector<QuarantineEntry> quarantine;
  SetDigest touches;
  EXPECT_THAT((*store)->Snapshot(0, visit, quarantine, touches),
              StatusIs(absl::StatusCode::kDataLoss, "a bad block"));
  EXPECT_THAT((*store)->ForEachCustomer(0, visit),
              StatusIs(absl::StatusCode::kDataLoss, "a bad block"));
}

}  // namespace
}  // namespace rapport::store
