// IndexKeeper over a store and a table of its own: who goes away, at any stage of the scan, what
// cannot be read, and another generation that can be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/fold/facts_memory.h"
#include "engine/pipeline/folder.h"
#include "engine/pipeline/index_keeper.h"
#include "engine/store/customer_row.h"
#include "engine/store/keys.h"
#include "engine/table/model_table.h"
#include "projections/catalog.h"

namespace rapport::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int64_t kNow = 1'767'225'600'000'000;

class IndexPartsTest : public testing::Test {
 protected:
  // A generation of the partition's state.
  struct Generation {
    explicit Generation(const fold::Projection& projection) : table(FactsTypeOf(projection)) {}

    table::ModelDisk disk;
    std::unique_ptr<table::Table> rows = disk.Open({}).value();
    std::unique_ptr<store::StateStore> store =
        store::StateStore::Open(rows.get(), {{7, 1}, 1, "rules"}).value();
    store::ResidentTable table;
  };

  // A customer's row after so many events that say nothing.
  std::string RowOf(uint32_t events) {
    fold::FactsMemory facts(*projection_);
    store::TouchList touches;
    for (uint32_t i = 0; i < events; ++i) touches.Append(i, i);
    std::string encoded, row;
    projection_->Encode(facts.get(), /*with_offsets=*/true, encoded);
    store::CustomerRow parts;
    parts.folded_to = Offset{events} - 1;
    parts.quarantined = 1;
    parts.tail = touches.tail();
    parts.tail_size = touches.size();
    parts.facts = encoded;
    parts.AppendTo(row);
    return row;
  }

  // Makes the rows durable; an empty one removes the customer.
  void Commit(Generation& generation, const std::map<std::string, std::string>& rows) {
    store::Cut cut;
    cut.state.next = ++next_;
    for (const auto& [name, row] : rows) {
      const std::string key = store::CustomerKey(0, name);
      if (row.empty()) {
        cut.removed.push_back(key);
      } else {
        cut.rows.emplace_back(key, row);
      }
    }
    ASSERT_TRUE(generation.store->Commit({cut}).ok());
  }
  void CommitMany(int customers) {
    std::map<std::string, std::string> rows;
    for (int i = 0; i < customers; ++i) rows[absl::StrCat("c", 1'000 + i)] = RowOf(1);
    Commit(first_, rows);
  }

  void Open() {
    keeper_ =
        std::make_unique<IndexKeeper>(0, projection_, &clock_, first_.store.get(), &first_.table);
  }
  void WorkToTheEnd() {
    while (keeper_->Work(/*is_behind=*/false)) {
    }
  }
  void ExpectTheSecondMakesItReady() {
    EXPECT_FALSE(index().ready());
    keeper_->Follow(projection_, second_.store.get(), &second_.table);
    WorkToTheEnd();
    ASSERT_TRUE(index().ready());
    EXPECT_THAT(Sure(), ElementsAre("ana", "ben"));
  }
  store::Slot* Insert(Generation& generation, const std::string& name, uint32_t events) {
    store::Slot* slot = generation.table.Insert(name, store::ResidentTable::Hash(name));
    for (uint32_t i = 0; i < events; ++i) slot->touches.Append(i, i);
    return slot;
  }
  void Evict(Generation& generation) {
    generation.table.Committed(generation.table.TakeDirty());
    generation.table.Evict(0);
    ASSERT_EQ(generation.table.size(), 0u);
  }

  // Customers that have rows, and those who are unsure.
  std::vector<std::string> Sure() { return Read().first; }
  std::vector<std::string> Unsure() { return Read().second; }
  std::pair<std::vector<std::string>, std::vector<std::string>> Read() {
    store::IndexSight sight;
    const auto all = [](absl::string_view) { return store::WantedRows(); };
    EXPECT_TRUE(index().Read(kNow, SIZE_MAX, all, sight));
    std::vector<std::string> sure;
    for (const store::SeenRow& row : sight.rows) sure.push_back(row.customer);
    return {sure, sight.unsure};
  }
  const store::CustomerIndex& index() { return keeper_->index(); }

  std::shared_ptr<const fold::Projection> projection_ = projections::StandardCatalog().value();
  ManualClock clock_{kNow};
  Generation first_{*projection_};
  Generation second_{*projection_};
  Offset next_ = 0;
  std::unique_ptr<IndexKeeper> keeper_;
};

TEST_F(IndexPartsTest, WhoGoesAwayBeforeTheScanIsFoundByIt) {
  Commit(first_, {{"ana", RowOf(1)}});
  Open();
  first_.table.MarkDirty(Insert(first_, "ana", 1));
  keeper_->AfterBatch(/*is_behind=*/true);
  Evict(first_);
  EXPECT_FALSE(index().Contains("ana"));
  WorkToTheEnd();
  EXPECT_THAT(Sure(), ElementsAre("ana"));
  EXPECT_THAT(Unsure(), IsEmpty());
}

TEST_F(IndexPartsTest, WhoGoesAwayDuringTheScanIsReadFromTheStoreBehindIt) {
  CommitMany(600);
  Open();
  ASSERT_TRUE(keeper_->Work(false));
  ASSERT_FALSE(index().ready());
  // New, and not in what is scanned.
  first_.table.MarkDirty(Insert(first_, "zoe", 1));
  first_.table.ForgetUnseen();
  Commit(first_, {{"zoe", RowOf(1)}});
  Evict(first_);
  EXPECT_TRUE(index().Contains("zoe"));
  WorkToTheEnd();
  EXPECT_EQ(Sure().size(), 601u);
  EXPECT_EQ(Sure().back(), "zoe");
}

TEST_F(IndexPartsTest, AScanThatCatchingUpInterruptsBeginsAnew) {
  CommitMany(600);
  Open();
  ASSERT_TRUE(keeper_->Work(false));
  first_.table.MarkDirty(Insert(first_, "zoe", 1));
  keeper_->AfterBatch(/*is_behind=*/true);
  Commit(first_, {{"zoe", RowOf(1)}});
  Evict(first_);
  EXPECT_FALSE(index().Contains("zoe"));
  WorkToTheEnd();
  EXPECT_EQ(Sure().size(), 601u);
  EXPECT_EQ(Sure().back(), "zoe");
}

TEST_F(IndexPartsTest, WhoGoesAwayUnseenIsUnsureUntilHeIsReadFromTheStore) {
  Commit(first_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Open();
  WorkToTheEnd();
  EXPECT_THAT(Sure(), ElementsAre("ana", "ben"));
  first_.table.MarkDirty(Insert(first_, "ana", 1));
  first_.table.ForgetUnseen();
  Evict(first_);
  EXPECT_THAT(Sure(), ElementsAre("ben"));
  EXPECT_THAT(Unsure(), ElementsAre("ana"));
  WorkToTheEnd();
  EXPECT_THAT(Sure(), ElementsAre("ana", "ben"));
}

TEST_F(IndexPartsTest, WhoseRowIsGoneTooIsForgotten) {
  Commit(first_, {{"ana", RowOf(1)}});
  Open();
  WorkToTheEnd();
  store::Slot* slot = Insert(first_, "ana", 1);
  Commit(first_, {{"ana", ""}});
  first_.table.Erase(slot);
  EXPECT_THAT(Unsure(), ElementsAre("ana"));
  WorkToTheEnd();
  EXPECT_FALSE(index().Contains("ana"));
}

TEST_F(IndexPartsTest, RecordsOfNobodyAreNotNotedWhenTheyGo) {
  Commit(first_, {{"ana", RowOf(1)}});
  Open();
  WorkToTheEnd();
  const std::string nobody = std::string("\0b", 2);
  first_.table.MarkDirty(Insert(first_, nobody, 1));
  first_.table.ForgetUnseen();
  Evict(first_);
  EXPECT_FALSE(index().Contains(nobody));
  EXPECT_EQ(index().customers(), 1u);
}

// The scan holds his row of before, when events of his still counted.
TEST_F(IndexPartsTest, OfWhomNothingIsLeftTheScanTellsNothing) {
  CommitMany(600);
  Commit(first_, {{"zoe", RowOf(1)}});
  Open();
  ASSERT_TRUE(keeper_->Work(false));
  first_.table.MarkDirty(Insert(first_, "zoe", 0));
  keeper_->AfterBatch(/*is_behind=*/false);
  Commit(first_, {{"zoe", RowOf(0)}});
  Evict(first_);
  WorkToTheEnd();
  EXPECT_EQ(Sure().size(), 600u);
  EXPECT_FALSE(index().Contains("zoe"));
}

TEST_F(IndexPartsTest, WhatCannotBeReadLeavesItNotReadyUntilAnotherGenerationCanBeRead) {
  Commit(first_, {{"ana", RowOf(1)}, {"ben", "no row"}});
  Commit(second_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Open();
  WorkToTheEnd();
  ExpectTheSecondMakesItReady();
}

TEST_F(IndexPartsTest, WhatCannotBeReadLaterLeavesItNotReadyEither) {
  Commit(first_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Commit(second_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Open();
  WorkToTheEnd();
  first_.table.MarkDirty(Insert(first_, "ben", 1));
  first_.table.ForgetUnseen();
  Commit(first_, {{"ben", "no row"}});
  Evict(first_);
  WorkToTheEnd();
  ExpectTheSecondMakesItReady();
}

TEST_F(IndexPartsTest, WhoChangedInTheTableBeforeIsReadFromTheOneThatTakesOver) {
  Commit(first_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Open();
  WorkToTheEnd();
  first_.table.MarkDirty(Insert(first_, "ana", 1));
  keeper_->AfterBatch(/*is_behind=*/true);
  Commit(second_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  keeper_->Follow(projection_, second_.store.get(), &second_.table);
  keeper_->AfterBatch(/*is_behind=*/false);
  store::IndexSight sight;
  const auto none = [](absl::string_view) { return std::nullopt; };
  keeper_->Work(/*is_behind=*/false);
  EXPECT_TRUE(index().Read(kNow, 0, none, sight));
  EXPECT_THAT(sight.unsure, IsEmpty());
  // The one before is not looked at any more.
  first_.table.Committed(first_.table.TakeDirty());
  first_.table.Evict(0);
  WorkToTheEnd();
  EXPECT_THAT(Unsure(), IsEmpty());
  EXPECT_THAT(Sure(), ElementsAre("ana", "ben"));
}

TEST_F(IndexPartsTest, WhatWasFoldedByOtherRulesIsEvaluatedAnewAndAnswersThemAlone) {
  Commit(first_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Commit(second_, {{"ana", RowOf(1)}, {"ben", RowOf(1)}});
  Open();
  WorkToTheEnd();
  const std::shared_ptr<const fold::Projection> others =
      projections::Catalog(absl::StrReplaceAll(projections::StandardRulesText(),
                                               {{"half_life_days: 364", "half_life_days: 100"}}),
                           "others")
          .value();
  ASSERT_FALSE(fold::FoldAlike(*others, *projection_));
  keeper_->Follow(others, second_.store.get(), &second_.table);
  store::IndexSight sight;
  const auto none = [](absl::string_view) { return std::nullopt; };
  keeper_->Work(/*is_behind=*/false);
  EXPECT_FALSE(index().Read(kNow, 0, none, sight, projection_->digest()));
  // What the others would say of them is not known yet.
  if (index().Read(kNow, 0, none, sight, others->digest())) {
    EXPECT_THAT(sight.unsure, testing::UnorderedElementsAre("ana", "ben"));
  }
  WorkToTheEnd();
  ASSERT_TRUE(index().ready());
  EXPECT_FALSE(index().Read(kNow, 0, none, sight, projection_->digest()));
  EXPECT_TRUE(index().Read(kNow, 0, none, sight, others->digest()));
  EXPECT_THAT(Sure(), ElementsAre("ana", "ben"));
}

}  // namespace
}  // namespace rapport::pipeline
