#include "projections/facts/merge.h"

#include <gtest/gtest.h>

#include <limits>

#include "projections/facts/cells.h"
#include "tests/kit/standard_rules.h"
#include "tests/projections/facts/random_event.h"

namespace rapport::facts {
namespace {

const FoldRules& Rules() { return kit::WithOwnKinds().fold; }

Facts Merged(Facts into, const Facts& from) {
  Merge(into, from, Rules());
  return into;
}

struct Three {
  explicit Three(std::mt19937_64& random)
      : first(RandomEvents(random, random() % 400, 1)),
        second(RandomEvents(random, random() % 400, 1001)),
        third(RandomEvents(random, random() % 400, 2001)) {}
  std::vector<kit::EventBuilder> first, second, third;
};

TEST(MergeTest, EqualsTheFoldOfBothSets) {
  std::mt19937_64 random(21);
  for (int round = 0; round < 15; ++round) {
    const Three events(random);
    std::vector<const kit::EventBuilder*> both = PointersTo(events.first);
    for (const auto* event : PointersTo(events.second)) both.push_back(event);
    EXPECT_EQ(BytesOf(Merged(FactsOf(PointersTo(events.first), Rules()),
                             FactsOf(PointersTo(events.second), Rules()))),
              BytesOf(FactsOf(both, Rules())));
  }
}

TEST(MergeTest, IsCommutativeAndAssociative) {
  std::mt19937_64 random(22);
  for (int round = 0; round < 15; ++round) {
    const Three events(random);
    const Facts a = FactsOf(PointersTo(events.first), Rules());
    const Facts b = FactsOf(PointersTo(events.second), Rules());
    const Facts c = FactsOf(PointersTo(events.third), Rules());
    EXPECT_EQ(BytesOf(Merged(a, b)), BytesOf(Merged(b, a)));
    EXPECT_EQ(BytesOf(Merged(Merged(a, b), c)), BytesOf(Merged(a, Merged(b, c))));
  }
}

TEST(MergeTest, EmptyFactsAreZero) {
  std::mt19937_64 random(23);
  const std::vector<kit::EventBuilder> events = RandomEvents(random, 500);
  const Facts facts = FactsOf(PointersTo(events), Rules());
  EXPECT_EQ(BytesOf(Merged(facts, Facts())), BytesOf(facts));
  EXPECT_EQ(BytesOf(Merged(Facts(), facts)), BytesOf(facts));
  EXPECT_EQ(BytesOf(Merged(Facts(), Facts())), "");
}

// Two customers may use one event id at one moment for different things.
TEST(MergeTest, CommutesWhenBothUseOneIdAtOneMoment) {
  std::mt19937_64 random(24);
  for (int round = 0; round < 300; ++round) {
    const v1::Kind kind = round % 2 == 0 ? v1::KIND_MEMBERSHIP_CHANGED : v1::KIND_PROMISE_MADE;
    kit::EventBuilder one = RandomEvent(random, kind, 1);
    kit::EventBuilder other = RandomEvent(random, kind, 1);
    one.At(5'000'000).Key("same");
    other.At(5'000'000).Key("same");
    const Facts a = FactsOf({&one}, Rules());
    const Facts b = FactsOf({&other}, Rules());
    EXPECT_EQ(BytesOf(Merged(a, b)), BytesOf(Merged(b, a)));
  }
}

TEST(MergeTest, SumsAndCountsStayAtTheirGreatest) {
  Facts facts;
  AddSum(facts, kSpendCenti, std::numeric_limits<int64_t>::max() - 1);
  AddKind(facts, v1::KIND_PURCHASE_MADE, std::numeric_limits<uint32_t>::max() - 1, {1, {}});
  AddCurrency(facts, "EUR", std::numeric_limits<int64_t>::max(), 3);
  AddDimension(facts, "price", std::numeric_limits<int64_t>::max(), 5);
  const Facts twice = Merged(Merged(facts, facts), facts);
  EXPECT_EQ(twice.Sum(kSpendCenti), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(twice.FindKind(v1::KIND_PURCHASE_MADE)->count, std::numeric_limits<uint32_t>::max());
  EXPECT_EQ(twice.Currencies()[0].spend_micros, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(twice.Currencies()[0].reversed_micros, 9);
  EXPECT_EQ(twice.rare().dimensions[0].answers, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(twice.rare().dimensions[0].g_sum, 15);
}

}  // namespace
}  // namespace rapport::facts
