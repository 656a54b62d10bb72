// Who has changed since somebody looked: told once, found again when forgotten, named when gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "engine/store/resident_table.h"

namespace rapport::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FactsType NoFacts() {
  return {8, [](void*) {}, [](void*) {}, [](const void*) { return size_t{8}; }};
}

class UnseenTest : public testing::Test {
 protected:
  UnseenTest() {
    table_.Watch([this](absl::string_view name) { gone_.emplace_back(name); });
  }

  Slot* Insert(const std::string& name) { return table_.Insert(name, ResidentTable::Hash(name)); }
  Slot* InsertChanged(const std::string& name) {
    Slot* slot = Insert(name);
    table_.MarkDirty(slot);
    return slot;
  }
  void Commit() { table_.Committed(table_.TakeDirty()); }
  // Names of those that a walk in steps of so many places and finds gives.
  std::vector<std::string> Walk(size_t places_max, size_t found_max) {
    std::vector<std::string> names;
    for (bool more = true; more;) {
      std::vector<Slot*> found;
      more = table_.WalkUnseen(places_max, found_max, hand_, found);
      EXPECT_LE(found.size(), found_max);
      for (const Slot* slot : found) names.emplace_back(slot->name());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  ResidentTable table_{NoFacts()};
  std::vector<std::string> gone_;
  size_t hand_ = 0;
};

TEST_F(UnseenTest, WhoChangedIsToldOnceInTheOrderOfTheChange) {
  Slot* a = Insert("a");
  Slot* b = Insert("b");
  Insert("c");
  table_.MarkDirty(b);
  table_.MarkDirty(a);
  table_.MarkDirty(b);
  EXPECT_THAT(table_.TakeUnseen(), ElementsAre(b, a));
  EXPECT_THAT(table_.TakeUnseen(), IsEmpty());
  // Told, but not committed yet: it changes once more.
  table_.MarkDirty(a);
  EXPECT_THAT(table_.TakeUnseen(), ElementsAre(a));
}

TEST_F(UnseenTest, AWalkFindsEachThatWasForgottenOnce) {
  std::vector<std::string> wanted;
  for (int i = 0; i < 300; ++i) {
    const std::string name = absl::StrCat(i);
    Insert(name);
    if (i % 3 != 0) continue;
    table_.MarkDirty(table_.Find(name, ResidentTable::Hash(name)));
    wanted.push_back(name);
  }
  std::sort(wanted.begin(), wanted.end());
  table_.ForgetUnseen();
  EXPECT_THAT(table_.TakeUnseen(), IsEmpty());
  EXPECT_EQ(Walk(/*places_max=*/7, /*found_max=*/2), wanted);
  EXPECT_THAT(Walk(7, 2), IsEmpty());
}

TEST_F(UnseenTest, AWalkFindsWhoChangesWhileItIsUnderWay) {
  for (int i = 0; i < 100; ++i) InsertChanged(absl::StrCat(i));
  table_.ForgetUnseen();
  std::vector<Slot*> found;
  EXPECT_TRUE(table_.WalkUnseen(SIZE_MAX, 60, hand_, found));
  EXPECT_EQ(found.size(), 60u);
  // Behind the hand, and told already.
  table_.MarkDirty(found.front());
  table_.ForgetUnseen();
  const std::vector<std::string> rest = Walk(10, 10);
  EXPECT_EQ(rest.size(), 41u);
  EXPECT_TRUE(std::binary_search(rest.begin(), rest.end(), found.front()->name()));
}

TEST_F(UnseenTest, WhoIsEvictedUnseenIsNamedAndNotWaitedFor) {
  InsertChanged("a");
  InsertChanged("b");
  Insert("c");
  table_.ForgetUnseen();
  std::vector<Slot*> found;
  EXPECT_TRUE(table_.WalkUnseen(SIZE_MAX, 1, hand_, found));
  const std::string seen(found.front()->name());
  Commit();
  table_.Evict(0);
  EXPECT_EQ(table_.size(), 0u);
  EXPECT_THAT(gone_, ElementsAre(seen == "a" ? "b" : "a"));
  EXPECT_THAT(Walk(10, 10), IsEmpty());
}

TEST_F(UnseenTest, WhoIsErasedIsNamedSeenOrNot) {
  Slot* unseen = InsertChanged("unseen");
  Slot* rest = InsertChanged("rest");
  Slot* seen = Insert("seen");
  Commit();
  table_.Erase(unseen);
  table_.Erase(seen);
  EXPECT_THAT(gone_, ElementsAre("unseen", "seen"));
  EXPECT_THAT(table_.TakeUnseen(), ElementsAre(rest));
  EXPECT_THAT(Walk(10, 10), IsEmpty());
}

TEST_F(UnseenTest, NobodyIsMarkedWhileNobodyLooks) {
  table_.Watch(nullptr);
  Slot* a = InsertChanged("a");
  EXPECT_THAT(table_.TakeUnseen(), IsEmpty());
  EXPECT_THAT(Walk(10, 10), IsEmpty());
  Commit();
  table_.Erase(a);
  EXPECT_THAT(gone_, IsEmpty());
}

// Whatever happens, who changed is told, walked past or named when he goes.
TEST_F(UnseenTest, NobodyWhoChangedIsLost) {
  std::mt19937 random(7);
  std::set<std::string> waiting;
  const auto see = [&](const std::vector<Slot*>& slots) {
    for (const Slot* slot : slots) {
      EXPECT_EQ(waiting.erase(std::string(slot->name())), 1u) << slot->name();
    }
  };
  for (int step = 0; step < 3'000; ++step) {
    const std::string name = absl::StrCat(random() % 200);
    Slot* slot = table_.Find(name, ResidentTable::Hash(name));
    if (slot == nullptr) slot = Insert(name);
    table_.MarkDirty(slot);
    waiting.insert(name);
    if (random() % 10 != 0) continue;
    random() % 2 == 0 ? see(table_.TakeUnseen()) : table_.ForgetUnseen();
    if (random() % 2 == 0) Commit();
    table_.Evict(random() % (table_.MemoryBytes() + 1));
    std::vector<Slot*> found;
    table_.WalkUnseen(random() % 64, random() % 16, hand_, found);
    see(found);
    for (const std::string& gone : gone_) EXPECT_EQ(waiting.erase(gone), 1u) << gone;
    gone_.clear();
  }
  std::vector<Slot*> found;
  table_.ForgetUnseen();
  EXPECT_FALSE(table_.WalkUnseen(SIZE_MAX, SIZE_MAX, hand_, found));
  see(found);
  EXPECT_THAT(waiting, IsEmpty());
}

}  // namespace
}  // namespace rapport::store
