// Tenths of a ranking, and the scores of RFM.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "consumers/analytics/rfm.h"
#include "consumers/analytics/tenths.h"

namespace rapport::analytics {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::Pointwise;

TEST(TenthsTest, CountBuyersFromTheGreatestScoreDown) {
  std::vector<double> scores(20);
  std::iota(scores.begin(), scores.end(), 0);
  std::vector<bool> buys(20, false);
  for (const size_t buyer : {19, 18, 16, 3}) buys[buyer] = true;
  EXPECT_THAT(BuyersByTenth(scores, buys), ElementsAre(2, 1, 0, 0, 0, 0, 0, 0, 1, 0));
}

TEST(TenthsTest, EqualScoresSpreadTheirBuyersEvenly) {
  const std::vector<double> scores(30, 5);
  std::vector<bool> buys(30, false);
  for (size_t i = 0; i < 6; ++i) buys[i] = true;
  EXPECT_THAT(BuyersByTenth(scores, buys), Each(DoubleNear(0.6, 1e-12)));
}

// Seven customers in ten parts: each customer lies in parts of seven tenths of his own.
TEST(TenthsTest, ATenthNeedNotBeAWholeNumberOfCustomers) {
  const std::vector<double> scores = {7, 6, 5, 4, 3, 2, 1};
  const std::vector<bool> buys = {true, false, false, false, false, false, true};
  EXPECT_THAT(BuyersByTenth(scores, buys),
              Pointwise(DoubleNear(1e-12), {0.7, 0.3, 0., 0., 0., 0., 0., 0., 0.3, 0.7}));
}

TEST(RfmTest, EachOfThreeGivesAFifthsPoints) {
  const std::vector<double> up = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::vector<double> down = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  EXPECT_THAT(RfmScores(up, up, up), ElementsAre(3, 3, 6, 6, 9, 9, 12, 12, 15, 15));
  EXPECT_THAT(RfmScores(up, up, down), ElementsAre(7, 7, 8, 8, 9, 9, 10, 10, 11, 11));
}

TEST(RfmTest, EqualsGetThePointsOfTheMiddleOfTheirPlaces) {
  const std::vector<double> all_one(9, 1);
  EXPECT_THAT(RfmScores(all_one, all_one, all_one), Each(9));
  // The first eight of ten share the middle of places 1 to 8.
  std::vector<double> most(10, 1);
  most[8] = 2;
  most[9] = 3;
  EXPECT_THAT(RfmScores(most, most, most), ElementsAre(6, 6, 6, 6, 6, 6, 6, 6, 15, 15));
}

}  // namespace
}  // namespace rapport::analytics
