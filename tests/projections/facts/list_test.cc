#include "projections/facts/list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rapport::facts {
namespace {

Item ItemAt(int64_t at_us, absl::string_view key = "k", int64_t n = 0) {
  Item item;
  item.moment = {at_us, EventId{0, static_cast<uint64_t>(at_us)}};
  item.key = CompactString(key);
  item.numbers = ItemNumbers(n, 0, 0);
  return item;
}

std::string Show(const List& list) {
  return absl::StrCat(absl::StrJoin(list.items, " ",
                                    [](std::string* out, const Item& item) {
                                      absl::StrAppend(out, item.key.view(), "@", item.moment.at_us);
                                    }),
                      " floor ", list.floor_us);
}

List ListWith(ListName name, uint32_t keep, const std::vector<Item>& items) {
  List list;
  list.name = name;
  for (const Item& item : items) Insert(list, keep, item);
  return list;
}

std::vector<Item> RandomItems(std::mt19937_64& random, size_t count) {
  std::vector<Item> items;
  for (size_t i = 0; i < count; ++i) {
    items.push_back(ItemAt(static_cast<int64_t>(100 + i), absl::StrCat("k", random() % 6)));
  }
  std::shuffle(items.begin(), items.end(), random);
  return items;
}

TEST(ListTest, KeepsTheLatestInOrder) {
  const List list = ListWith(ListName::kAsks, 3, {ItemAt(5), ItemAt(2), ItemAt(9), ItemAt(7)});
  EXPECT_EQ(Show(list), "k@5 k@7 k@9 floor 2");
}

TEST(ListTest, FloorIsTheGreatestMomentEverLeftOut) {
  const List list =
      ListWith(ListName::kAsks, 2, {ItemAt(8), ItemAt(9), ItemAt(3), ItemAt(10), ItemAt(1)});
  EXPECT_EQ(Show(list), "k@9 k@10 floor 8");
}

TEST(ListTest, EqualMomentsAreOrderedByContent) {
  const List one = ListWith(ListName::kAsks, 2, {ItemAt(5, "a"), ItemAt(5, "b"), ItemAt(5, "c")});
  const List other = ListWith(ListName::kAsks, 2, {ItemAt(5, "c"), ItemAt(5, "a"), ItemAt(5, "b")});
  EXPECT_EQ(Show(one), "b@5 c@5 floor 5");
  EXPECT_EQ(Show(other), Show(one));
}

// An item survives exactly when fewer than K later moments exist.
TEST(ListTest, ItemSurvivesIffFewerThanKLaterMomentsExist) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const auto keep = static_cast<uint32_t>(1 + random() % 10);
    const std::vector<Item> items = RandomItems(random, 1 + random() % 20);
    const List list = ListWith(ListName::kOrders, keep, items);
    int64_t floor = 0;
    for (const Item& item : items) {
      const auto later = std::count_if(items.begin(), items.end(), [&](const Item& other) {
        return item.moment < other.moment;
      });
      const bool is_there =
          std::any_of(list.items.begin(), list.items.end(),
                      [&](const Item& kept) { return kept.moment == item.moment; });
      EXPECT_EQ(is_there, later < keep);
      if (!is_there) floor = std::max(floor, item.moment.at_us);
    }
    EXPECT_EQ(list.floor_us, floor);
  }
}

TEST(ListTest, MapKeepsTheLastWriteOfEachKey) {
  const List map = ListWith(ListName::kDates, 8,
                            {ItemAt(4, "a"), ItemAt(6, "b"), ItemAt(5, "a"), ItemAt(3, "a")});
  EXPECT_EQ(Show(map), "a@5 b@6 floor 0");
}

TEST(ListTest, DroppedKeyOfAMapReturnsOnlyWithALaterWrite) {
  List map = ListWith(ListName::kDates, 2, {ItemAt(1, "a"), ItemAt(2, "b"), ItemAt(3, "c")});
  EXPECT_EQ(Show(map), "b@2 c@3 floor 0");
  Insert(map, 2, ItemAt(0, "a"));
  EXPECT_EQ(Show(map), "b@2 c@3 floor 0");
  Insert(map, 2, ItemAt(4, "a"));
  EXPECT_EQ(Show(map), "c@3 a@4 floor 0");
}

// The K keys with the greatest last writes, computed the long way.
TEST(ListTest, MapEqualsItsDefinitionInAnyOrder) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 300; ++round) {
    const auto keep = static_cast<uint32_t>(1 + random() % 6);
    const std::vector<Item> items = RandomItems(random, 1 + random() % 20);
    std::map<std::string, int64_t> last;
    for (const Item& item : items) {
      int64_t& at = last[std::string(item.key.view())];
      at = std::max(at, item.moment.at_us);
    }
    std::vector<Item> wanted;
    for (const auto& [key, at] : last) wanted.push_back(ItemAt(at, key));
    std::sort(wanted.begin(), wanted.end(), Precedes);
    if (wanted.size() > keep) wanted.erase(wanted.begin(), wanted.end() - keep);
    List expected;
    for (const Item& item : wanted) expected.items.PushBack(item);
    EXPECT_EQ(Show(ListWith(ListName::kPreferences, keep, items)), Show(expected));
  }
}

TEST(ListTest, ValueKeepsTheLastAndNoFloor) {
  const List value =
      ListWith(ListName::kOwner, 1, {ItemAt(4, "a"), ItemAt(6, "b"), ItemAt(5, "c")});
  EXPECT_EQ(Show(value), "b@6 floor 0");
}

TEST(ListTest, MergeEqualsAllInOneList) {
  std::mt19937_64 random(5);
  for (const ListName name : {ListName::kOrders, ListName::kPeople, ListName::kEnded}) {
    for (int round = 0; round < 200; ++round) {
      const uint32_t keep = name == ListName::kEnded ? 1 : static_cast<uint32_t>(1 + random() % 6);
      const std::vector<Item> items = RandomItems(random, random() % 20);
      const auto cut = items.begin() + static_cast<long>(random() % (items.size() + 1));
      List left = ListWith(name, keep, {items.begin(), cut});
      List right = ListWith(name, keep, {cut, items.end()});
      List other = right;
      MergeList(other, left, keep);
      MergeList(left, right, keep);
      EXPECT_EQ(Show(left), Show(ListWith(name, keep, items)));
      EXPECT_EQ(Show(other), Show(left));
    }
  }
}

TEST(ItemNumbersTest, HoldsWhatItWasGiven) {
  const int64_t values[] = {0, 1, -1, 77, INT64_MAX, INT64_MIN, INT64_MAX / 2, INT64_MIN / 2};
  for (const int64_t n : values) {
    for (const int64_t m : {int64_t{0}, int64_t{-1}, INT64_MAX}) {
      for (const int64_t x : {int64_t{0}, int64_t{5}}) {
        const ItemNumbers numbers(n, m, x);
        const ItemNumbers copy = numbers;
        EXPECT_EQ(copy.n(), n);
        EXPECT_EQ(copy.m(), m);
        EXPECT_EQ(copy.x(), x);
      }
    }
  }
}

}  // namespace
}  // namespace rapport::facts
