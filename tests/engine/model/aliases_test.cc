#include "engine/model/aliases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace rapport {
namespace {

Hash128 Lookup(uint8_t first, uint8_t last = 0) {
  Hash128 lookup = {};
  lookup.front() = first;
  lookup.back() = last;
  return lookup;
}

Moment At(int64_t at_us) { return {at_us, EventId{0, static_cast<uint64_t>(at_us)}}; }

Aliases ReadBack(const Aliases& aliases) {
  Aliases back;
  EXPECT_TRUE(Aliases::Decode(aliases.Encode(), back));
  EXPECT_EQ(back.Encode(), aliases.Encode());
  return back;
}

TEST(AliasesTest, FindWhatWasLinkedAndWhenLast) {
  Aliases aliases;
  EXPECT_EQ(aliases.Find(Lookup(1)), nullptr);
  EXPECT_EQ(aliases.HeapBytes(), 0u);
  aliases.Link(Lookup(1), At(7));
  aliases.Link(Lookup(1), At(5));
  aliases.Link(Lookup(2), At(6));
  aliases = ReadBack(aliases);
  EXPECT_EQ(*aliases.Find(Lookup(1)), At(7));
  EXPECT_EQ(*aliases.Find(Lookup(2)), At(6));
  EXPECT_EQ(aliases.Find(Lookup(3)), nullptr);
  EXPECT_GT(aliases.HeapBytes(), 80u);
}

TEST(AliasesTest, KeepThoseOfTheGreatestMomentsInWhateverOrderTheyCome) {
  std::vector<uint8_t> numbers;
  for (int i = 0; i < 100; ++i) numbers.push_back(static_cast<uint8_t>(i));
  Aliases ordered;
  for (const uint8_t i : numbers) ordered.Link(Lookup(i % 3, i), At(1000 + i));
  EXPECT_EQ(ordered.size(), Aliases::kMax);
  EXPECT_EQ(ordered.Find(Lookup(35 % 3, 35)), nullptr);
  EXPECT_NE(ordered.Find(Lookup(36 % 3, 36)), nullptr);
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(numbers.begin(), numbers.end(), random);
    Aliases shuffled;
    for (const uint8_t i : numbers) shuffled.Link(Lookup(i % 3, i), At(1000 + i));
    EXPECT_EQ(shuffled.Encode(), ordered.Encode());
  }
}

TEST(AliasesTest, WhoeverWasErasedHasNoneForGood) {
  Aliases aliases;
  aliases.Link(Lookup(1), At(7));
  aliases.Erase();
  aliases = ReadBack(aliases);
  aliases.Link(Lookup(2), At(9));
  EXPECT_EQ(aliases.size(), 0u);
  Aliases before;
  before.Erase();
  EXPECT_EQ(before.Encode(), aliases.Encode());
}

TEST(AliasesTest, CopiesAreTheirOwn) {
  Aliases one;
  one.Link(Lookup(1), At(7));
  Aliases other = one;
  other.Link(Lookup(2), At(8));
  EXPECT_EQ(one.Find(Lookup(2)), nullptr);
  EXPECT_NE(other.Find(Lookup(1)), nullptr);
}

TEST(AliasesTest, OtherBytesAreNoAliases) {
  Aliases aliases;
  aliases.Link(Lookup(1), At(7));
  aliases.Link(Lookup(2), At(8));
  const std::string bytes = aliases.Encode();
  Aliases back;
  EXPECT_FALSE(Aliases::Decode(bytes.substr(1), back));
  EXPECT_FALSE(Aliases::Decode(bytes + bytes, back)) << "they ascend";
  std::string many;
  for (int i = 0; i <= static_cast<int>(Aliases::kMax); ++i) {
    Aliases one;
    one.Link(Lookup(static_cast<uint8_t>(i)), At(i + 1));
    many += one.Encode();
  }
  EXPECT_FALSE(Aliases::Decode(many, back)) << "more than are kept";
}

}  // namespace
}  // namespace rapport
