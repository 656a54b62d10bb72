// One partition's customers by rows: what is found at which moment, and who is unsure then.
#include "engine/store/customer_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"

namespace rapport::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int64_t kNow = 1'000;

std::optional<WantedRows> All(absl::string_view) { return WantedRows(); }

IndexRows RowsOf(std::vector<IndexRow> rows, int64_t changes_at_us = INT64_MAX) {
  IndexRows result;
  result.rows = std::move(rows);
  result.changes_at_us = changes_at_us;
  return result;
}

class CustomerIndexTest : public testing::Test {
 protected:
  CustomerIndexTest() { index_.SetReady(true); }

  void Put(const char* customer, std::vector<IndexRow> rows, int64_t changes_at_us = INT64_MAX) {
    index_.Put(customer, RowsOf(std::move(rows), changes_at_us), kNow);
  }

  IndexSight Read(int64_t as_of_us = kNow, size_t limit = 100, WantsRows wants = All) {
    IndexSight sight;
    EXPECT_TRUE(index_.Read(as_of_us, limit, wants, sight));
    return sight;
  }

  // Whose rows are shown, in their order.
  static std::vector<std::string> Customers(const IndexSight& sight) {
    std::vector<std::string> customers;
    for (const SeenRow& row : sight.rows) customers.push_back(row.customer);
    return customers;
  }

  CustomerIndex index_;
};

TEST(CutRowsTest, KeepsWhatEqualsTheLast) {
  std::vector<SeenRow> rows = {
      {0, 2, 0, "ben"}, {0, 1, 0, "ana"}, {0, 1, 0, "ana"}, {0, 1, 0, "zoe"}};
  std::vector<SeenRow> one = rows;
  CutRows(1, one);
  EXPECT_THAT(one, ElementsAre(rows[1], rows[1]));
  CutRows(9, rows);
  EXPECT_EQ(rows.size(), 4u);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  CutRows(0, rows);
  EXPECT_THAT(rows, IsEmpty());
}

TEST_F(CustomerIndexTest, RowsOfOneNameAreCounted) {
  EXPECT_EQ(index_.RowsOf("U"), 0u);
  Put("ana", {{"U", 0}, {"S1", 0}});
  Put("ben", {{"U", 0}});
  EXPECT_EQ(index_.RowsOf("U"), 2u);
  Put("ana", {{"S1", 0}});
  EXPECT_EQ(index_.RowsOf("U"), 1u);
}

TEST_F(CustomerIndexTest, RowsAreOrderedByGroupKeyWeightAndCustomer) {
  Put("c", {{"late", 1}});
  Put("b", {{"first", 7}, {"heavy", -3}});
  Put("a", {{"first", 7}, {"first", INT64_MIN}, {"light", -3}});
  const auto wants = [](absl::string_view name) -> std::optional<WantedRows> {
    return WantedRows{name == "late", name == "heavy", INT64_MAX};
  };
  EXPECT_THAT(Customers(Read(kNow, 100, wants)), ElementsAre("a", "a", "b", "a", "b", "c"));
}

TEST_F(CustomerIndexTest, OnlyWantedNamesAreReadAndNoneBeyondTheGreatestKey) {
  Put("a", {{"x", 1}, {"y", 1}});
  Put("b", {{"x", 2}});
  Put("c", {{"x", 3}});
  const auto wants = [](absl::string_view name) -> std::optional<WantedRows> {
    if (name != "x") return std::nullopt;
    return WantedRows{0, 0, 2};
  };
  const IndexSight sight = Read(kNow, 100, wants);
  EXPECT_THAT(Customers(sight), ElementsAre("a", "b"));
  EXPECT_THAT(sight.counts, UnorderedElementsAre(std::pair("x", 2)));
}

TEST_F(CustomerIndexTest, TheFirstAreShownAndAllAreCounted) {
  // Of one key the customer decides, whoever came first.
  for (const char* customer : {"d", "c", "b", "a"}) Put(customer, {{"x", 1}});
  Put("0", {{"x", 2}});
  EXPECT_THAT(Customers(Read(kNow, 2)), ElementsAre("a", "b"));
  EXPECT_EQ(Read(kNow, 2).counts["x"], 5);
  EXPECT_THAT(Customers(Read(kNow, 0)), IsEmpty());
  EXPECT_EQ(Read(kNow, 0).counts["x"], 5);
}

TEST_F(CustomerIndexTest, WhatIsPutTakesThePlaceOfWhatWasThere) {
  Put("a", {{"x", 1}, {"x", 1}, {"y", 2}});
  Put("a", {{"y", 3}});
  const IndexSight sight = Read();
  EXPECT_THAT(sight.rows, ElementsAre(SeenRow{0, 3, 0, "a"}));
  EXPECT_THAT(sight.counts, UnorderedElementsAre(std::pair("y", 1)));
  EXPECT_EQ(index_.customers(), 1u);
}

TEST_F(CustomerIndexTest, RowsHoldFromWhenTheyWereEvaluatedUntilTheyChange) {
  Put("a", {{"x", 1}}, kNow + 10);
  Put("b", {{"x", 1}});
  for (const int64_t at_us : {kNow, kNow + 9}) {
    EXPECT_THAT(Read(at_us).unsure, IsEmpty());
    EXPECT_EQ(Read(at_us).counts["x"], 2);
  }
  const IndexSight later = Read(kNow + 10);
  EXPECT_THAT(later.unsure, ElementsAre("a"));
  EXPECT_THAT(Customers(later), ElementsAre("b"));
  EXPECT_EQ(later.counts.at("x"), 1);
  const IndexSight before = Read(kNow - 1);
  EXPECT_THAT(before.unsure, UnorderedElementsAre("a", "b"));
  EXPECT_THAT(Customers(before), IsEmpty());
  EXPECT_EQ(before.counts.at("x"), 0);
}

TEST_F(CustomerIndexTest, WhoIsOutOfDateDoesNotTakeThePlaceOfOthers) {
  Put("a", {{"x", 1}}, kNow + 10);
  Put("b", {{"x", 2}});
  Put("c", {{"x", 3}});
  EXPECT_THAT(Customers(Read(kNow + 10, 2)), ElementsAre("b", "c"));
}

TEST_F(CustomerIndexTest, AnUnsureCustomerHasNoRowsAndIsUnsureAtEveryMoment) {
  Put("a", {{"x", 1}});
  index_.PutUnsure("a");
  index_.PutUnsure("b", INT64_MAX);
  for (const int64_t at_us : {INT64_MIN, kNow, INT64_MAX}) {
    EXPECT_THAT(Read(at_us).unsure, UnorderedElementsAre("a", "b"));
    EXPECT_THAT(Read(at_us).counts, IsEmpty());
  }
  EXPECT_EQ(index_.unsure(), 2u);
  Put("a", {{"x", 1}});
  EXPECT_THAT(Read().unsure, ElementsAre("b"));
}

TEST_F(CustomerIndexTest, DueAreThoseWhoHaveChangedTheEarliestFirst) {
  Put("a", {}, kNow + 20);
  Put("b", {}, kNow + 10);
  Put("c", {}, kNow + 30);
  Put("d", {});
  index_.PutUnsure("e");
  index_.PutUnsure("f", INT64_MAX);
  EXPECT_THAT(index_.Due(kNow + 20, 10), ElementsAre("e", "b", "a"));
  EXPECT_THAT(index_.Due(kNow + 20, 2), ElementsAre("e", "b"));
  Put("b", {}, kNow + 40);
  EXPECT_THAT(index_.Due(kNow + 20, 10), ElementsAre("e", "a"));
}

TEST_F(CustomerIndexTest, WhoIsRemovedIsGoneAndHisPlaceIsTakenByAnother) {
  Put("a", {{"x", 1}}, kNow + 10);
  index_.PutUnsure("b");
  index_.Remove("a");
  index_.Remove("b");
  index_.Remove("nobody");
  EXPECT_FALSE(index_.Contains("a"));
  EXPECT_EQ(index_.customers(), 0u);
  EXPECT_EQ(index_.unsure(), 0u);
  EXPECT_THAT(index_.Due(INT64_MAX, 10), IsEmpty());
  EXPECT_THAT(Read(kNow + 10).unsure, IsEmpty());
  Put("c", {{"x", 2}});
  EXPECT_THAT(Customers(Read()), ElementsAre("c"));
  EXPECT_FALSE(index_.Contains("a"));
}

TEST_F(CustomerIndexTest, DoubtMakesAllUnsureAndDue) {
  Put("a", {{"x", 1}}, kNow + 10);
  Put("b", {{"y", 1}});
  Put("c", {});
  index_.Remove("c");
  index_.Doubt();
  EXPECT_THAT(Read().unsure, UnorderedElementsAre("a", "b"));
  EXPECT_THAT(Read().counts, IsEmpty());
  EXPECT_THAT(index_.Due(INT64_MIN, 10), UnorderedElementsAre("a", "b"));
  Put("b", {{"y", 2}});
  EXPECT_THAT(Read().rows, ElementsAre(SeenRow{0, 2, 0, "b"}));
}

TEST_F(CustomerIndexTest, WhileItIsNotReadyNothingIsRead) {
  Put("a", {{"x", 1}});
  index_.PutUnsure("b");
  index_.SetReady(false);
  IndexSight sight;
  EXPECT_FALSE(index_.Read(kNow, 10, All, sight));
  EXPECT_THAT(sight.rows, IsEmpty());
  EXPECT_THAT(sight.unsure, IsEmpty());
}

TEST_F(CustomerIndexTest, ACustomerMayHaveMoreRowsThanSixteenBitsCount) {
  std::vector<IndexRow> rows;
  for (int64_t i = 0; i < 70'000; ++i) rows.push_back({"x", i});
  Put("a", rows);
  EXPECT_EQ(Read().counts["x"], 70'000);
  Put("a", {});
  EXPECT_THAT(Read().counts, IsEmpty());
}

TEST_F(CustomerIndexTest, NamesThatNobodyHasTakeNoMemory) {
  for (int i = 0; i < 10'000; ++i) Put("a", {{absl::StrCat("a department that was ", i), i}});
  EXPECT_EQ(Read().counts.size(), 1u);
  EXPECT_LT(index_.MemoryBytes(), 4'000u);
  // Neither after everybody was doubted.
  index_.Doubt();
  for (int i = 0; i < 10'000; ++i) Put("a", {{absl::StrCat("a department that is ", i), i}});
  EXPECT_EQ(Read().counts.size(), 1u);
  EXPECT_LT(index_.MemoryBytes(), 4'000u);
}

// What the index should say, kept plainly.
class PlainIndex {
 public:
  void Put(const std::string& customer, const IndexRows& rows, int64_t as_of_us) {
    customers_[customer] = {rows, as_of_us, true};
  }
  void PutUnsure(const std::string& customer, int64_t due_us) {
    customers_[customer] = {RowsOf({}, due_us), 0, false};
  }
  void Remove(const std::string& customer) { customers_.erase(customer); }
  void Doubt() {
    for (auto& [name, one] : customers_) one = {RowsOf({}, INT64_MIN), 0, false};
  }

  std::set<std::string> Due(int64_t now_us) const {
    std::set<std::string> due;
    for (const auto& [name, one] : customers_) {
      const int64_t changes_us = one.rows.changes_at_us;
      if (changes_us <= now_us && changes_us != INT64_MAX) due.insert(name);
    }
    return due;
  }
  void Read(int64_t as_of_us, size_t limit, WantsRows wants, IndexSight& sight) const {
    for (const auto& [name, one] : customers_) {
      if (!one.sure || as_of_us < one.since_us || as_of_us >= one.rows.changes_at_us) {
        sight.unsure.push_back(name);
        continue;
      }
      for (const IndexRow& row : one.rows.rows) {
        const auto wanted = wants(row.name);
        if (!wanted.has_value() || row.key > wanted->key_max) continue;
        ++sight.counts[row.name];
        sight.rows.push_back({wanted->group, row.key, wanted->weight, name});
      }
    }
    CutRows(limit, sight.rows);
  }

 private:
  struct One {
    IndexRows rows;
    int64_t since_us = 0;
    bool sure = false;
  };
  std::map<std::string, One> customers_;
};

class CustomerIndexPropertyTest : public testing::TestWithParam<uint32_t> {
 protected:
  CustomerIndexPropertyTest() : random_(GetParam()) { index_.SetReady(true); }

  int64_t UpTo(int64_t end) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(end)); }

  void Change() {
    const std::string customer = absl::StrCat("c", UpTo(12));
    switch (UpTo(10)) {
      case 0:
        index_.Remove(customer);
        plain_.Remove(customer);
        break;
      case 1: {
        const int64_t due_us = UpTo(2) == 0 ? INT64_MIN : UpTo(100);
        index_.PutUnsure(customer, due_us);
        plain_.PutUnsure(customer, due_us);
        break;
      }
      case 2:
        if (UpTo(20) != 0) break;
        index_.Doubt();
        plain_.Doubt();
        break;
      default: {
        const int64_t since_us = UpTo(100);
        IndexRows rows;
        for (int64_t i = UpTo(4); i > 0; --i) {
          rows.rows.push_back({absl::StrCat("n", UpTo(5)), UpTo(6) - 3});
        }
        if (UpTo(2) == 0) rows.changes_at_us = since_us + 1 + UpTo(50);
        index_.Put(customer, rows, since_us);
        plain_.Put(customer, rows, since_us);
      }
    }
  }

  void Compare() {
    const int64_t key_max = UpTo(2) == 0 ? INT64_MAX : UpTo(6) - 3;
    const auto wants = [&](absl::string_view name) -> std::optional<WantedRows> {
      if (name == "n0") return std::nullopt;
      return WantedRows{name == "n1", name == "n2", key_max};
    };
    const int64_t as_of_us = UpTo(160);
    const auto limit = static_cast<size_t>(UpTo(12));
    IndexSight found, wanted;
    ASSERT_TRUE(index_.Read(as_of_us, limit, wants, found));
    plain_.Read(as_of_us, limit, wants, wanted);
    std::sort(found.unsure.begin(), found.unsure.end());
    EXPECT_EQ(found.unsure, wanted.unsure);
    EXPECT_EQ(found.rows, wanted.rows);
    absl::erase_if(found.counts, [](const auto& count) { return count.second == 0; });
    EXPECT_EQ(found.counts, wanted.counts);
    const std::vector<std::string> due = index_.Due(as_of_us, 100);
    EXPECT_EQ(std::set<std::string>(due.begin(), due.end()), plain_.Due(as_of_us));
  }

  std::mt19937 random_;
  CustomerIndex index_;
  PlainIndex plain_;
};

TEST_P(CustomerIndexPropertyTest, SaysWhatRowsKeptPlainlySay) {
  for (int i = 0; i < 2'000 && !HasFailure(); ++i) {
    Change();
    if (i % 3 == 0) Compare();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CustomerIndexPropertyTest, testing::Range(0u, 8u));

// Each has one row or is unsure, so readers always find all of them.
TEST_F(CustomerIndexTest, ReadersSeeEachChangeWholeOrNotAtAll) {
  constexpr int kCustomers = 50;
  for (int i = 0; i < kCustomers; ++i) index_.PutUnsure(absl::StrCat("c", i));
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const IndexSight sight = Read(kNow, 1'000);
        EXPECT_EQ(sight.rows.size() + sight.unsure.size(), size_t{kCustomers});
        EXPECT_GE(index_.MemoryBytes(), 1u);
        EXPECT_LE(index_.unsure(), size_t{kCustomers});
      }
    });
  }
  std::mt19937 random(1);
  for (int i = 0; i < 5'000; ++i) {
    const std::string customer = absl::StrCat("c", random() % kCustomers);
    if (random() % 4 == 0) {
      index_.PutUnsure(customer);
    } else {
      index_.Put(customer, RowsOf({{absl::StrCat("n", random() % 7), i}}), kNow);
    }
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace rapport::store
