#include "projections/facts/alive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rapport::facts {
namespace {

constexpr Prior kPrior{250, 30'000, 800, 2'500};

// MBG/NBD's P(alive) as it stands in the literature.
double AliveInFloatingPoint(double x, double tx, double age) {
  const double odds = std::pow((30.0 + age) / (30.0 + tx), 0.25 + x) * 0.8 / (2.5 + x);
  return 1.0 / (1.0 + odds);
}

TEST(AliveTest, IsWithinAThousandthOfFloatingPoint) {
  for (int64_t x = 0; x <= 400; x += x < 20 ? 1 : 19) {
    for (int64_t tx = x == 0 ? 0 : x; tx <= 4'000; tx += 1 + tx / 7) {
      for (int64_t idle = 0; idle <= 4'000; idle += 1 + idle / 5) {
        const double exact = AliveInFloatingPoint(static_cast<double>(x), static_cast<double>(tx),
                                                  static_cast<double>(tx + idle));
        ASSERT_NEAR(static_cast<double>(AlivePpm(kPrior, x, tx, tx + idle)) / 1e6, exact, 0.001)
            << "x " << x << ", tx " << tx << ", idle " << idle;
      }
      if (x == 0) break;
    }
  }
}

TEST(AliveTest, NeverRisesWithTime) {
  for (const int64_t x : {0, 1, 5, 40, 3'000}) {
    int64_t before = 1'000'000;
    for (int64_t age = x; age < x + 20'000; ++age) {
      const int64_t now = AlivePpm(kPrior, x, x, age);
      ASSERT_LE(now, before) << "x " << x << ", age " << age;
      before = now;
    }
  }
}

TEST(AliveTest, LeastOddsBelowIsTheFirstThatIsBelow) {
  for (const int64_t ppm : {1, 200'000, 500'000, 600'000, 999'999, 1'000'000}) {
    const int64_t odds = LeastOddsBelow(ppm);
    EXPECT_LT(AliveOfOdds(odds), ppm);
    EXPECT_GE(AliveOfOdds(odds - 1), ppm);
  }
}

TEST(AliveTest, LeastAgeWithOddsIsTheFirstDayThatSteppingFinds) {
  const int64_t odds = LeastOddsBelow(200'000);
  for (const int64_t x : {0, 1, 2, 4, 9, 30, 300}) {
    for (const int64_t tx : {int64_t{0}, x, 3 * x, 40 * x}) {
      const int64_t age = Pace(kPrior, x, tx).LeastAgeWithOdds(odds);
      if (age == std::numeric_limits<int64_t>::max()) continue;
      EXPECT_LT(AlivePpm(kPrior, x, tx, age), 200'000) << "x " << x << ", tx " << tx;
      if (age == tx) continue;
      EXPECT_GE(AlivePpm(kPrior, x, tx, age - 1), 200'000) << "x " << x << ", tx " << tx;
    }
  }
}

TEST(AliveTest, OddsBelowThoseOfTheLastPurchaseHoldFromThatDayOn) {
  EXPECT_EQ(Pace(kPrior, 3, 90).LeastAgeWithOdds(-30 * 65'536), 90);
}

}  // namespace
}  // namespace rapport::facts
