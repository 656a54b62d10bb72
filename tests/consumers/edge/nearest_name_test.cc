#include "consumers/edge/nearest_name.h"

#include <gtest/gtest.h>

namespace rapport::edge {
namespace {

TEST(NearestNameTest, FindsTheSmallestSlip) {
  const std::vector<std::string> names = {"micros", "currency", "customerId", "customerFeeling"};
  EXPECT_EQ(NearestName("currncy", names), "currency");
  EXPECT_EQ(NearestName("CURRENCY", names), "currency");
  EXPECT_EQ(NearestName("customer_id", names), "customerId");
  EXPECT_EQ(NearestName("micro", names), "micros");
}

TEST(NearestNameTest, GuessesNothingFarAway) {
  EXPECT_EQ(NearestName("price", {"micros", "currency"}), "");
  EXPECT_EQ(NearestName("", {"micros"}), "");
  EXPECT_EQ(NearestName(std::string(10'000, 'a'), {std::string(10'000, 'a')}), "");
}

TEST(ShownNameTest, ClipsAndEscapes) {
  EXPECT_EQ(ShownName("a\nb\xFF"), "a\\nb\\xff");
  EXPECT_EQ(ShownName(std::string(65, 'a')), std::string(64, 'a') + "...");
}

}  // namespace
}  // namespace rapport::edge
