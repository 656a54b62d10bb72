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

Item ItemAt(int64_t at_us, absl::string_view key = "k", ListName list = ListName::kAsks) {
  Item item;
  item.moment = {at_us, EventId{0, static_cast<uint64_t>(at_us)}};
  item.key = CompactString(key);
  item.list = list;
  return item;
}

std::string ShowItems(absl::Span<const Item> items, int64_t floor_us) {
  return absl::StrCat(absl::StrJoin(items, " ",
                                    [](std::string* out, const Item& item) {
                                      absl::StrAppend(out, item.key.view(), "@", item.moment.at_us);
                                    }),
                      " floor ", floor_us);
}

constexpr ListName kBefore = ListName::kOrders;
constexpr ListName kBehind = ListName::kEnded;

// The list between those two, which must be as they were.
std::string Show(const Facts& facts) {
  EXPECT_EQ(facts.FindList(kBefore).items.size(), 1u);
  EXPECT_EQ(facts.FindList(kBehind).items.size(), 1u);
  List list;
  for (const List one : facts.lists()) {
    if (one.name != kBefore && one.name != kBehind) list = one;
  }
  return ShowItems(list.items, list.floor_us);
}

// Facts with items in one list, between those of two others.
Facts ListWith(ListName name, uint32_t keep, const std::vector<Item>& items) {
  Facts facts;
  for (const ListName other : {kBefore, kBehind}) {
    Item item = ItemAt(50, "other");
    item.list = other;
    Insert(facts, 1, std::move(item));
  }
  for (Item item : items) {
    item.list = name;
    Insert(facts, keep, std::move(item));
  }
  return facts;
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
  const Facts list = ListWith(ListName::kAsks, 3, {ItemAt(5), ItemAt(2), ItemAt(9), ItemAt(7)});
  EXPECT_EQ(Show(list), "k@5 k@7 k@9 floor 2");
}

TEST(ListTest, FloorIsTheGreatestMomentEverLeftOut) {
  const Facts list =
      ListWith(ListName::kAsks, 2, {ItemAt(8), ItemAt(9), ItemAt(3), ItemAt(10), ItemAt(1)});
  EXPECT_EQ(Show(list), "k@9 k@10 floor 8");
}

TEST(ListTest, EqualMomentsAreOrderedByContent) {
  const Facts one = ListWith(ListName::kAsks, 2, {ItemAt(5, "a"), ItemAt(5, "b"), ItemAt(5, "c")});
  const Facts other =
      ListWith(ListName::kAsks, 2, {ItemAt(5, "c"), ItemAt(5, "a"), ItemAt(5, "b")});
  EXPECT_EQ(Show(one), "b@5 c@5 floor 5");
  EXPECT_EQ(Show(other), Show(one));
}

// An item survives exactly when fewer than K later moments exist.
TEST(ListTest, ItemSurvivesIffFewerThanKLaterMomentsExist) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const auto keep = static_cast<uint32_t>(1 + random() % 10);
    const std::vector<Item> items = RandomItems(random, 1 + random() % 20);
    const Facts list = ListWith(ListName::kAsks, keep, items);
    const List found = list.FindList(ListName::kAsks);
    int64_t floor = 0;
    for (const Item& item : items) {
      const auto later = std::count_if(items.begin(), items.end(), [&](const Item& other) {
        return item.moment < other.moment;
      });
      const bool is_there =
          std::any_of(found.items.begin(), found.items.end(),
                      [&](const Item& kept) { return kept.moment == item.moment; });
      EXPECT_EQ(is_there, later < keep);
      if (!is_there) floor = std::max(floor, item.moment.at_us);
    }
    EXPECT_EQ(found.floor_us, floor);
  }
}

TEST(ListTest, MapKeepsTheLastWriteOfEachKey) {
  const Facts map = ListWith(ListName::kDates, 8,
                             {ItemAt(4, "a"), ItemAt(6, "b"), ItemAt(5, "a"), ItemAt(3, "a")});
  EXPECT_EQ(Show(map), "a@5 b@6 floor 0");
}

TEST(ListTest, DroppedKeyOfAMapReturnsOnlyWithALaterWrite) {
  Facts map = ListWith(ListName::kDates, 2, {ItemAt(1, "a"), ItemAt(2, "b"), ItemAt(3, "c")});
  EXPECT_EQ(Show(map), "b@2 c@3 floor 0");
  Insert(map, 2, ItemAt(0, "a", ListName::kDates));
  EXPECT_EQ(Show(map), "b@2 c@3 floor 0");
  Insert(map, 2, ItemAt(4, "a", ListName::kDates));
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
    EXPECT_EQ(Show(ListWith(ListName::kPreferences, keep, items)), ShowItems(wanted, 0));
  }
}

TEST(ListTest, ValueKeepsTheLastAndNoFloor) {
  const Facts value =
      ListWith(ListName::kOwner, 1, {ItemAt(4, "a"), ItemAt(6, "b"), ItemAt(5, "c")});
  EXPECT_EQ(Show(value), "b@6 floor 0");
}

TEST(ListTest, MergeEqualsAllInOneList) {
  std::mt19937_64 random(5);
  for (const ListName name : {ListName::kAsks, ListName::kPeople, ListName::kOwner}) {
    for (int round = 0; round < 200; ++round) {
      const uint32_t keep = name == ListName::kOwner ? 1 : static_cast<uint32_t>(1 + random() % 6);
      const std::vector<Item> items = RandomItems(random, random() % 20);
      const auto cut = items.begin() + static_cast<long>(random() % (items.size() + 1));
      Facts left = ListWith(name, keep, {items.begin(), cut});
      Facts right = ListWith(name, keep, {cut, items.end()});
      Facts other = right;
      MergeList(other, left.FindList(name), keep);
      MergeList(left, right.FindList(name), keep);
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
