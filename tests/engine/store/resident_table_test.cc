// Resident customers: found by name, grown, evicted, and read by other threads meanwhile.
#include "engine/store/resident_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <new>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/kit/status_matchers.h"

namespace rapport::store {
namespace {

using kit::StatusIs;

// Facts that are on the heap, so that a slot not destroyed, or twice, is seen by the sanitizers.
FactsType TextFacts() {
  FactsType type;
  type.size = sizeof(std::string);
  type.construct = [](void* facts) { new (facts) std::string; };
  type.destroy = [](void* facts) { static_cast<std::string*>(facts)->~basic_string(); };
  type.memory_bytes = [](const void* facts) {
    return static_cast<const std::string*>(facts)->capacity() + sizeof(std::string);
  };
  return type;
}

std::string& Text(Slot& slot) { return *static_cast<std::string*>(slot.facts()); }
const std::string& Text(const Slot& slot) { return *static_cast<const std::string*>(slot.facts()); }

std::string LongText(int i) { return absl::StrCat("a text that is not kept in place ", i); }

TEST(ResidentTableTest, FindsWhatWasInsertedWhileItGrows) {
  ResidentTable table(TextFacts());
  const auto name = [](int i) { return absl::StrCat("customer-", i); };
  for (int i = 0; i < 5'000; ++i) {
    Text(*table.Insert(name(i), ResidentTable::Hash(name(i)))) = LongText(i);
  }
  EXPECT_EQ(table.size(), 5'000u);
  for (int i = 0; i < 5'000; ++i) {
    Slot* slot = table.Find(name(i), ResidentTable::Hash(name(i)));
    ASSERT_NE(slot, nullptr) << i;
    EXPECT_EQ(slot->name(), name(i));
    EXPECT_EQ(Text(*slot), LongText(i));
  }
  EXPECT_EQ(table.Find("nobody", ResidentTable::Hash("nobody")), nullptr);
  const std::vector<std::string> names = table.Names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 5'000u);
}

TEST(ResidentTableTest, TellsNamesOfOneHashApart) {
  ResidentTable table(TextFacts());
  for (int i = 0; i < 20; ++i) table.Insert(absl::StrCat(i), 7)->quarantined = i;
  for (uint32_t i = 0; i < 20; ++i) EXPECT_EQ(table.Find(absl::StrCat(i), 7)->quarantined, i);
  EXPECT_EQ(table.Find("20", 7), nullptr);
}

TEST(ResidentTableTest, AReaderAtWorkHoldsUpNobodyAndKeepsItsSlot) {
  ResidentTable table(TextFacts());
  Text(*table.Insert("ana", ResidentTable::Hash("ana"))) = LongText(1);
  absl::Notification looking, done;
  std::thread reader([&] {
    table.ReadSlot("ana", [&](const Slot& slot) {
      looking.Notify();
      done.WaitForNotification();
      EXPECT_EQ(Text(slot), LongText(1));
    });
  });
  looking.WaitForNotification();
  // Each of these would wait for ever if a reader held the table while it looks at a slot.
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = absl::StrCat(i);
    table.Insert(name, ResidentTable::Hash(name));
  }
  table.Evict(0);
  table.Evict(0);
  EXPECT_EQ(table.size(), 1u) << "all but the one that is looked at";
  done.Notify();
  reader.join();
  table.Evict(0);
  EXPECT_EQ(table.size(), 0u);
}

TEST(ResidentTableTest, EvictionSparesWhatIsDirtyOrInFlight) {
  ResidentTable table(TextFacts());
  std::vector<Slot*> slots;
  for (int i = 0; i < 300; ++i) {
    const std::string name = absl::StrCat(i);
    slots.push_back(table.Insert(name, ResidentTable::Hash(name)));
    if (i < 200) table.MarkDirty(slots.back());
  }
  table.Evict(0);
  EXPECT_EQ(table.size(), 200u) << "clean ones go";
  std::vector<Slot*> in_flight = table.TakeDirty();
  ASSERT_EQ(in_flight.size(), 200u);
  EXPECT_EQ(table.dirty(), 0u);
  table.Evict(0);
  EXPECT_EQ(table.size(), 200u) << "their commit has not returned";
  // One of them changes while the commit is under way.
  table.MarkDirty(in_flight[17]);
  table.Committed(in_flight);
  table.Evict(0);
  EXPECT_THAT(table.Names(), testing::ElementsAre("17"));
  EXPECT_THAT(table.TakeDirty(), testing::ElementsAre(in_flight[17]));
}

TEST(ResidentTableTest, DirtySlotsAreTakenOnceInTheOrderOfTheirFirstChange) {
  ResidentTable table(TextFacts());
  Slot* a = table.Insert("a", 1);
  Slot* b = table.Insert("b", 2);
  table.MarkDirty(b);
  table.MarkDirty(a);
  table.MarkDirty(b);
  EXPECT_EQ(table.dirty(), 2u);
  EXPECT_THAT(table.TakeDirty(), testing::ElementsAre(b, a));
  EXPECT_THAT(table.TakeDirty(), testing::IsEmpty());
}

TEST(ResidentTableTest, EvictionKeepsToItsBudgetAndTakesThoseNotUsedLately) {
  ResidentTable table(TextFacts());
  std::vector<Slot*> used;
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = absl::StrCat(i);
    Slot* slot = table.Insert(name, ResidentTable::Hash(name));
    Text(*slot) = LongText(i);
    if (i % 4 == 0) used.push_back(slot);
  }
  for (Slot* slot : used) table.MarkDirty(slot);
  table.Committed(table.TakeDirty());
  const size_t all = table.MemoryBytes();
  table.Evict(all / 2);
  EXPECT_GT(table.size(), 700u);
  EXPECT_LT(table.size(), 1'300u);
  for (int i = 0; i < 2'000; i += 4) {
    const std::string name = absl::StrCat(i);
    EXPECT_NE(table.Find(name, ResidentTable::Hash(name)), nullptr) << name;
  }
  table.Evict(all);
  EXPECT_GT(table.size(), 700u) << "a budget that is kept costs nobody his place";
}

// Hashes are few and lie at the end of the table, so runs of probes are long and go around it.
TEST(ResidentTableTest, RunsOfProbesStayWholeUnderRandomInsertsAndEvictions) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    ResidentTable table(TextFacts());
    std::map<std::string, uint32_t> hashes;
    const auto hash_of = [](int i) { return static_cast<uint32_t>(1'000 + i * i % 37); };
    for (int step = 0; step < 60; ++step) {
      for (int n = 0; n < 20; ++n) {
        const int i = static_cast<int>(random() % 400);
        const std::string name = absl::StrCat(i);
        if (table.Find(name, hash_of(i)) != nullptr) continue;
        Slot* slot = table.Insert(name, hash_of(i));
        Text(*slot) = LongText(i);
        hashes[name] = hash_of(i);
        if (random() % 3 == 0) table.MarkDirty(slot);
      }
      if (random() % 2 == 0) table.Committed(table.TakeDirty());
      table.Evict(random() % (table.MemoryBytes() + 1));
      const std::vector<std::string> names = table.Names();
      ASSERT_EQ(names.size(), table.size());
      std::set<std::string> resident(names.begin(), names.end());
      ASSERT_EQ(resident.size(), names.size());
      for (const auto& [name, hash] : hashes) {
        Slot* slot = table.Find(name, hash);
        ASSERT_EQ(slot != nullptr, resident.contains(name)) << "seed " << seed << " name " << name;
        if (slot != nullptr) {
          ASSERT_EQ(Text(*slot), LongText(std::stoi(name)));
        }
      }
    }
  }
}

TEST(ResidentTableTest, AnErasedSlotIsGoneAndItsNeighboursStay) {
  ResidentTable table(TextFacts());
  for (int i = 0; i < 20; ++i) Text(*table.Insert(absl::StrCat(i), 7)) = LongText(i);
  for (const char* name : {"0", "7", "19"}) table.Erase(table.Find(name, 7));
  EXPECT_EQ(table.size(), 17u);
  for (int i = 0; i < 20; ++i) {
    Slot* slot = table.Find(absl::StrCat(i), 7);
    ASSERT_EQ(slot == nullptr, i == 0 || i == 7 || i == 19) << i;
    if (slot != nullptr) {
      EXPECT_EQ(Text(*slot), LongText(i));
    }
  }
}

TEST(ResidentTableTest, ReadSlotSaysWhetherTheCustomerIsResident) {
  ResidentTable table(TextFacts());
  Text(*table.Insert("ana", ResidentTable::Hash("ana"))) = LongText(1);
  std::string seen;
  EXPECT_TRUE(table.ReadSlot("ana", [&](const Slot& slot) { seen = Text(slot); }));
  EXPECT_EQ(seen, LongText(1));
  EXPECT_FALSE(table.ReadSlot("bob", [&](const Slot&) { ADD_FAILURE(); }));
}

TEST(ResidentTableTest, OtherThreadsReadWhileSlotsComeChangeAndGo) {
  ResidentTable table(TextFacts());
  std::atomic<bool> done{false};
  std::atomic<int> seen{0}, broken{0};
  const auto read = [&](uint64_t seed) {
    std::mt19937_64 random(seed);
    while (!done) {
      table.ReadSlot(absl::StrCat(random() % 3'000), [&](const Slot& slot) {
        // Both letters of a change, or none.
        const std::string& text = Text(slot);
        ++seen;
        if (text.size() % 2 != 0) ++broken;
      });
      if (random() % 1'000 == 0) table.MemoryBytes();
    }
  };
  std::thread one(read, 1), two(read, 2);
  std::mt19937_64 random(3);
  for (int step = 0; step < 100'000 || (seen == 0 && step < 50'000'000); ++step) {
    const std::string name = absl::StrCat(random() % 3'000);
    const uint32_t hash = ResidentTable::Hash(name);
    Slot* slot = table.Find(name, hash);
    if (slot == nullptr) slot = table.Insert(name, hash);
    SlotLock lock(*slot);
    Text(*slot) += 'a';
    Text(*slot) += 'b';
    if (step % 5'000 != 0) continue;
    table.Committed(table.TakeDirty());
  }
  done = true;
  one.join();
  two.join();
  EXPECT_GT(seen.load(), 0);
  EXPECT_EQ(broken.load(), 0);
}

// A customer who comes back from disk is never seen as one of whom nothing is known.
TEST(ResidentTableTest, ReadersNeverSeeASlotBeforeItIsFilled) {
  ResidentTable table(TextFacts());
  std::atomic<bool> done{false};
  std::atomic<int> seen{0}, empty{0};
  std::thread reader([&] {
    while (!done) {
      table.ReadSlot("ana", [&](const Slot& slot) {
        ++seen;
        if (slot.touches.size() == 0 || Text(slot) != LongText(1)) ++empty;
      });
    }
  });
  const uint32_t hash = ResidentTable::Hash("ana");
  for (int step = 0; step < 20'000 || (seen == 0 && step < 50'000'000); ++step) {
    ASSERT_OK(table.InsertFilled("ana", hash, [](Slot& slot) {
      slot.touches.Append(1, 1);
      Text(slot) = LongText(1);
      return absl::OkStatus();
    }));
    // A slot that the reader looks at just now stays a little longer.
    while (table.size() > 0) table.Evict(0);
  }
  done = true;
  reader.join();
  EXPECT_GT(seen.load(), 0);
  EXPECT_EQ(empty.load(), 0);
}

TEST(ResidentTableTest, ASlotThatCannotBeFilledIsNotThere) {
  ResidentTable table(TextFacts());
  EXPECT_THAT(table.InsertFilled("ana", 1, [](Slot&) { return absl::DataLossError("damaged"); }),
              StatusIs(absl::StatusCode::kDataLoss, "damaged"));
  EXPECT_EQ(table.Find("ana", 1), nullptr);
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace rapport::store
