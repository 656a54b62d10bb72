#include "projections/facts/attribution.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace rapport::facts {
namespace {

using Shares = std::vector<int64_t>;

TEST(AttributionTest, GivesWhatIsLeftToTheLargestRemainders) {
  EXPECT_EQ(Attribute(100, std::vector<uint128>{1, 1, 1}), (Shares{34, 33, 33}));
  EXPECT_EQ(Attribute(10, std::vector<uint128>{1, 2, 4}), (Shares{1, 3, 6}));
}

TEST(AttributionTest, KeepsTheSignOfTheWhole) {
  EXPECT_EQ(Attribute(-100, std::vector<uint128>{1, 1, 1}), (Shares{-34, -33, -33}));
}

TEST(AttributionTest, GivesNothingWhenAllWeightsAreZero) {
  EXPECT_EQ(Attribute(100, std::vector<uint128>{0, 0}), (Shares{0, 0}));
  EXPECT_EQ(Attribute(100, std::vector<uint128>{}), Shares{});
}

TEST(AttributionTest, SharesAddUpToTheWhole) {
  for (int64_t whole = -320'000; whole <= 320'000; whole += 7'919) {
    for (uint64_t seed = 1; seed < 30; ++seed) {
      std::vector<uint128> weights;
      for (uint64_t i = 0; i < seed; ++i) {
        weights.push_back(uint128{(seed * 2'654'435'761u + i * 40'503u) % 9'973u} << (i % 60));
      }
      weights.push_back(1);
      const Shares shares = Attribute(whole, weights);
      EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), whole);
    }
  }
}

}  // namespace
}  // namespace rapport::facts
