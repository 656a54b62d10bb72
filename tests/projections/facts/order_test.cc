#include <gtest/gtest.h>

#include <algorithm>

#include "projections/facts/codec.h"
#include "projections/facts/fold.h"
#include "rapport/v1/facts.pb.h"
#include "tests/kit/standard_rules.h"
#include "tests/projections/facts/random_event.h"

namespace rapport::facts {
namespace {

const FoldRules& Rules() { return kit::WithOwnKinds().fold; }

TEST(OrderTest, AnyOrderOfAllKindsGivesEqualBytes) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 12; ++round) {
    const std::vector<kit::EventBuilder> events = RandomEvents(random, 20 + random() % 1500);
    std::vector<const kit::EventBuilder*> order = PointersTo(events);
    const std::string bytes = BytesOf(FactsOf(order, Rules()));
    for (int shuffle = 0; shuffle < 6; ++shuffle) {
      std::shuffle(order.begin(), order.end(), random);
      ASSERT_EQ(BytesOf(FactsOf(order, Rules())), bytes) << "round " << round;
    }
  }
}

// The property above would say little if the events left most facts empty.
TEST(OrderTest, RandomEventsFillEveryGroup) {
  std::mt19937_64 random(12);
  const std::vector<kit::EventBuilder> events = RandomEvents(random, 3000);
  const Facts facts = FactsOf(PointersTo(events), Rules());
  EXPECT_EQ(facts.lists().size(), static_cast<uint32_t>(kListCount));
  EXPECT_EQ(facts.rings.size(), static_cast<uint32_t>(kRingCount));
  EXPECT_GT(facts.rare().outreach.size(), 8u);
  EXPECT_GT(facts.rare().awareness.size(), 2u);
  v1::CustomerFacts message;
  ASSERT_TRUE(message.ParseFromString(BytesOf(facts)));
  std::vector<const google::protobuf::FieldDescriptor*> groups;
  message.GetReflection()->ListFields(message, &groups);
  EXPECT_EQ(groups.size(), 16u);
}

TEST(OrderTest, EveryKindThatFoldsChangesTheFacts) {
  std::mt19937_64 random(13);
  for (int index = 1; index < kKindCount; ++index) {
    const v1::Kind kind = KindAt(index);
    if (!Folds(kind)) continue;
    kit::EventBuilder event = RandomEvent(random, kind, 1);
    if (kind == v1::KIND_CUSTOM_TOUCHPOINT) event.Set("custom_kind", "t7");
    EXPECT_NE(BytesOf(FactsOf({&event}, Rules())), "") << v1::Kind_Name(kind);
  }
}

}  // namespace
}  // namespace rapport::facts
