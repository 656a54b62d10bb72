#include "consumers/analytics/simplex.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/kit/status_matchers.h"

namespace rapport::analytics {
namespace {

using kit::StatusIs;

TEST(SimplexTest, FindsTheEndOfABananaShapedValley) {
  const auto banana = [](const Point& at) -> absl::StatusOr<double> {
    return std::pow(1 - at[0], 2) + 100 * std::pow(at[1] - at[0] * at[0], 2);
  };
  const Minimum found = Minimize({-1.2, 1}, banana, {}).value();
  EXPECT_TRUE(found.at_rest);
  EXPECT_NEAR(found.at[0], 1, 1e-6);
  EXPECT_NEAR(found.at[1], 1, 1e-6);
  EXPECT_NEAR(found.value, 0, 1e-12);
}

TEST(SimplexTest, FindsAMinimumOfFourNumbersBesideWhatIsForbidden) {
  const auto bowl = [](const Point& at) -> absl::StatusOr<double> {
    if (at[0] > 3) return std::numeric_limits<double>::infinity();
    double sum = 0;
    for (size_t axis = 0; axis < at.size(); ++axis) {
      const double apart = at[axis] - static_cast<double>(axis);
      sum += static_cast<double>(1 + 50 * axis) * apart * apart;
    }
    return sum + at[0] * at[1] / 10;
  };
  const Minimum found = Minimize({2.9, 0, 0, 0}, bowl, {}).value();
  ASSERT_TRUE(found.at_rest);
  // Where both derivatives of the first two are nothing.
  EXPECT_NEAR(2 * found.at[0] + found.at[1] / 10, 0, 1e-5);
  EXPECT_NEAR(102 * (found.at[1] - 1) + found.at[0] / 10, 0, 1e-4);
  EXPECT_NEAR(found.at[2], 2, 1e-6);
  EXPECT_NEAR(found.at[3], 3, 1e-6);
}

// In a valley with sharp edges a simplex grows flat and rests too early, here at more than 2.
TEST(SimplexTest, BeginsAnewWhereItWentFlat) {
  const auto edges = [](const Point& at) -> absl::StatusOr<double> {
    double sum = 0;
    for (size_t axis = 0; axis < at.size(); ++axis) {
      sum += static_cast<double>(1 + axis) * std::abs(at[axis] - 1);
    }
    return sum;
  };
  const Minimum found = Minimize(Point(6, -1), edges, {.evaluations_max = 20'000}).value();
  EXPECT_TRUE(found.at_rest);
  EXPECT_NEAR(found.value, 0, 1e-5);
}

TEST(SimplexTest, SaysWhenItsEvaluationsAreUsedUp) {
  int asked = 0;
  const auto slope = [&](const Point& at) -> absl::StatusOr<double> {
    ++asked;
    return -at[0] - at[1];
  };
  const Minimum found = Minimize({0, 0}, slope, {.evaluations_max = 100}).value();
  EXPECT_FALSE(found.at_rest);
  EXPECT_GT(found.at[0] + found.at[1], 100);
  // A shrinking simplex is finished.
  EXPECT_LE(asked, 103);
}

TEST(SimplexTest, WhatTheFunctionReturnsEndsIt) {
  int left = 20;
  const auto tired = [&](const Point& at) -> absl::StatusOr<double> {
    if (--left == 0) return absl::CancelledError("enough");
    return at[0] * at[0];
  };
  EXPECT_THAT(Minimize({5}, tired, {}).status(), StatusIs(absl::StatusCode::kCancelled, "enough"));
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace rapport::analytics
