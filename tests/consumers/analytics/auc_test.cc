// AUC and DeLong's errors against the sums that define them.
#include "consumers/analytics/auc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "consumers/analytics/midranks.h"

namespace rapport::analytics {
namespace {

using Scores = std::vector<double>;
using Marks = std::vector<bool>;

// 1 when the first wins, half a tie.
double Wins(double buyer, double other) { return buyer > other ? 1 : buyer == other ? 0.5 : 0; }

// Of each buyer (each other, with `of_buyers` false) the mean of what its pairs won.
Scores MeansOf(const Scores& scores, const Marks& buys, bool of_buyers) {
  Scores means;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (buys[i] != of_buyers) continue;
    double sum = 0, pairs = 0;
    for (size_t j = 0; j < scores.size(); ++j) {
      if (buys[j] == of_buyers) continue;
      sum += of_buyers ? Wins(scores[i], scores[j]) : Wins(scores[j], scores[i]);
      ++pairs;
    }
    means.push_back(sum / pairs);
  }
  return means;
}

double MeanOf(const Scores& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double Covariance(const Scores& a, const Scores& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - MeanOf(a)) * (b[i] - MeanOf(b));
  return sum / static_cast<double>(a.size() - 1);
}

// Customers of whom a third buys, with few different scores, so that many tie.
struct Drawn {
  Scores one, two;
  Marks buys;

  explicit Drawn(int customers) {
    std::mt19937 random(7);
    for (int i = 0; i < customers; ++i) {
      buys.push_back(random() % 3 == 0);
      one.push_back(static_cast<double>(random() % 12 + (buys.back() ? 3 : 0)));
      two.push_back(one.back() + static_cast<double>(random() % 6));
    }
  }
};

TEST(MidranksTest, EqualsShareTheMeanOfTheirPlaces) {
  EXPECT_EQ(Midranks({3.0, 1.0, 3.0, 2.0, 3.0}), (Scores{4, 1, 4, 2, 4}));
  EXPECT_EQ(Midranks({5.0, 5.0}), (Scores{1.5, 1.5}));
  EXPECT_TRUE(Midranks({}).empty());
}

TEST(AucTest, IsTheShareOfPairsThatTheBuyerWins) {
  const Drawn drawn(300);
  EXPECT_NEAR(Auc(drawn.one, drawn.buys).value(), MeanOf(MeansOf(drawn.one, drawn.buys, true)),
              1e-12);
  const Auc perfect({1, 2, 3, 4}, {false, false, true, true});
  EXPECT_EQ(perfect.value(), 1);
  EXPECT_EQ(perfect.gini(), 1);
  EXPECT_EQ(perfect.error(), 0);
  EXPECT_EQ(Auc({4, 3, 2, 1}, {false, false, true, true}).gini(), -1);
  EXPECT_EQ(Auc({7, 7, 7}, {true, false, false}).value(), 0.5);
  EXPECT_EQ(Auc({1, 2, 2, 3}, {false, true, false, false}).value(), 0.5);
}

TEST(AucTest, ErrorIsDeLongs) {
  const Drawn drawn(300);
  const Scores buyers = MeansOf(drawn.one, drawn.buys, true);
  const Scores others = MeansOf(drawn.one, drawn.buys, false);
  const double variance = Covariance(buyers, buyers) / static_cast<double>(buyers.size()) +
                          Covariance(others, others) / static_cast<double>(others.size());
  EXPECT_NEAR(Auc(drawn.one, drawn.buys).error().value(), std::sqrt(variance), 1e-12);
}

TEST(AucTest, ErrorOfADifferenceKnowsThatBothAreOfTheSameCustomers) {
  const Drawn drawn(300);
  const Auc one(drawn.one, drawn.buys), two(drawn.two, drawn.buys);
  double variance = 0;
  for (const bool of_buyers : {true, false}) {
    const Scores a = MeansOf(drawn.one, drawn.buys, of_buyers);
    const Scores b = MeansOf(drawn.two, drawn.buys, of_buyers);
    variance += (Covariance(a, a) + Covariance(b, b) - 2 * Covariance(a, b)) /
                static_cast<double>(a.size());
  }
  const AucDifference difference = Difference(one, two);
  EXPECT_NEAR(difference.value, one.value() - two.value(), 1e-12);
  EXPECT_NEAR(difference.error.value(), std::sqrt(variance), 1e-12);
  // Far less than if they had been drawn twice.
  EXPECT_LT(*difference.error, *one.error());
  EXPECT_EQ(Difference(one, one).value, 0);
  EXPECT_EQ(Difference(one, one).error, 0);
}

TEST(AucTest, OfOneBuyerThereIsNoError) {
  const Auc one({1, 2, 3}, {false, false, true});
  EXPECT_EQ(one.value(), 1);
  EXPECT_EQ(one.error(), std::nullopt);
  EXPECT_EQ(Auc({1, 2, 3}, {false, true, true}).error(), std::nullopt);
  EXPECT_EQ(Difference(one, one).error, std::nullopt);
}

// How far the mean of many draws is from the error that one draw tells.
TEST(AucTest, ErrorIsHowFarDrawsLieApart) {
  std::mt19937 random(11);
  std::normal_distribution<double> normal;
  Scores values;
  double told = 0;
  constexpr int kDraws = 400;
  for (int draw = 0; draw < kDraws; ++draw) {
    Scores scores;
    Marks buys;
    for (int i = 0; i < 120; ++i) {
      buys.push_back(i < 50);
      scores.push_back(normal(random) + (buys.back() ? 1 : 0));
    }
    const Auc auc(scores, buys);
    values.push_back(auc.value());
    told += *auc.error() / kDraws;
  }
  const double apart = std::sqrt(Covariance(values, values));
  EXPECT_NEAR(told, apart, 0.1 * apart);
}

}  // namespace
}  // namespace rapport::analytics
