// BG/NBD against the integrals that its formulas solve, and against customers made by its own
// story.
#include "consumers/analytics/bg_nbd.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/kit/status_matchers.h"

namespace rapport::analytics {
namespace {

using kit::StatusIs;

// Densities are smooth and end at nothing, so that sums over a grid are their integrals.
constexpr BgNbdModel kSmooth = {.r = 3, .alpha = 8, .a = 3, .b = 4};
constexpr BgNbdCustomer kCustomers[] = {
    {0, 0, 12}, {1, 2.5, 12}, {4, 30, 39}, {4, 12, 39}, {15, 38, 39}};
constexpr auto kAlways = [] { return absl::OkStatus(); };

// The integral over all rates and probabilities of stopping of their density under the model, times
// `what(rate, stops)`.
template <typename What>
double Integral(const BgNbdModel& model, What what) {
  constexpr int kSteps = 2'000;
  const double top = 20 * model.r / model.alpha;
  const double gamma = std::pow(model.alpha, model.r) / std::tgamma(model.r);
  const double beta = std::tgamma(model.a + model.b) / std::tgamma(model.a) / std::tgamma(model.b);
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double rate = top * (i + 0.5) / kSteps;
    const double of_rate = gamma * std::pow(rate, model.r - 1) * std::exp(-model.alpha * rate);
    for (int j = 0; j < kSteps / 4; ++j) {
      const double stops = (j + 0.5) / (kSteps / 4);
      const double of_stops =
          beta * std::pow(stops, model.a - 1) * std::pow(1 - stops, model.b - 1);
      sum += of_rate * of_stops * what(rate, stops);
    }
  }
  return sum * top / kSteps / (kSteps / 4);
}

// The likelihood of the customer's purchases when he is alive at the end, and when he stopped.
double WhenAlive(const BgNbdCustomer& one, double rate, double stops) {
  return std::pow(1 - stops, one.repeats) * std::pow(rate, one.repeats) *
         std::exp(-rate * one.watched);
}
double WhenStopped(const BgNbdCustomer& one, double rate, double stops) {
  if (one.repeats == 0) return 0;
  return stops * std::pow(1 - stops, one.repeats - 1) * std::pow(rate, one.repeats) *
         std::exp(-rate * one.last_at);
}

double Likelihood(const BgNbdCustomer& one) {
  return Integral(kSmooth, [&](double rate, double stops) {
    return WhenAlive(one, rate, stops) + WhenStopped(one, rate, stops);
  });
}

// What is expected of the customer of `what(rate, stops)` while he is alive.
template <typename What>
double Expected(const BgNbdCustomer& one, What what) {
  return Integral(kSmooth,
                  [&](double rate, double stops) {
                    return WhenAlive(one, rate, stops) * what(rate, stops);
                  }) /
         Likelihood(one);
}

TEST(BgNbdTest, LikelihoodIsTheIntegralOverAllCustomersThereCouldBe) {
  double sum = 0;
  for (const BgNbdCustomer& one : kCustomers) {
    const double log = std::log(Likelihood(one));
    EXPECT_NEAR(BgNbdLogLikelihood(kSmooth, {one}), log, 1e-4) << one.repeats;
    sum += log;
  }
  // In any order, some of them twice.
  std::vector<BgNbdCustomer> all(std::rbegin(kCustomers), std::rend(kCustomers));
  all.push_back(kCustomers[2]);
  EXPECT_NEAR(BgNbdLogLikelihood(kSmooth, all), sum + std::log(Likelihood(kCustomers[2])), 1e-3);
}

TEST(BgNbdTest, AliveAndExpectedAreTheirIntegrals) {
  constexpr double kWeeks = 26;
  for (const BgNbdCustomer& one : kCustomers) {
    EXPECT_NEAR(BgNbdAlive(kSmooth, one), Expected(one, [](double, double) { return 1.0; }), 1e-4);
    // While he goes on he buys at his rate; he stops at rate times probability.
    EXPECT_NEAR(
        BgNbdExpected(kSmooth, one, kWeeks),
        Expected(one, [](double rate,
                         double stops) { return (1 - std::exp(-rate * stops * kWeeks)) / stops; }),
        1e-3);
  }
}

// Customer 1 of CDNOW, as Fader and Hardie print him.
TEST(BgNbdTest, ExpectsWhatIsPublishedOfAKnownCustomer) {
  const BgNbdModel cdnow = {.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
  EXPECT_NEAR(BgNbdExpected(cdnow, {2, 30.43, 38.86}, 39), 1.226, 1e-3);
}

// Where its quotient is nothing by nothing.
TEST(BgNbdTest, ExpectsAsMuchAtOneAsBesideIt) {
  for (const BgNbdCustomer& one : kCustomers) {
    BgNbdModel model = kSmooth;
    model.a = 0.9999;
    const double below = BgNbdExpected(model, one, 26);
    model.a = 1.0001;
    const double above = BgNbdExpected(model, one, 26);
    model.a = 1;
    EXPECT_NEAR(BgNbdExpected(model, one, 26), (below + above) / 2, 1e-6 * above);
  }
}

std::vector<BgNbdCustomer> Live(const BgNbdModel& model, int customers, unsigned seed) {
  std::mt19937_64 random(seed);
  std::gamma_distribution<double> rates(model.r, 1 / model.alpha);
  std::gamma_distribution<double> a(model.a, 1), b(model.b, 1);
  std::uniform_real_distribution<double> uniform;
  std::vector<BgNbdCustomer> lived;
  for (int i = 0; i < customers; ++i) {
    const double rate = rates(random), x = a(random), y = b(random);
    BgNbdCustomer one{0, 0, 30 + 20 * uniform(random)};
    for (double at = 0;;) {
      at += -std::log(1 - uniform(random)) / rate;
      if (at > one.watched) break;
      ++one.repeats;
      one.last_at = at;
      if (uniform(random) < x / (x + y)) break;
    }
    lived.push_back(one);
  }
  return lived;
}

TEST(BgNbdTest, FindsTheModelThatCustomersWereMadeBy) {
  const BgNbdModel truth = {.r = 0.6, .alpha = 6, .a = 1.2, .b = 3};
  const std::vector<BgNbdCustomer> lived = Live(truth, 20'000, 5);
  const BgNbdFit fit = FitBgNbd(lived, kAlways).value();
  EXPECT_TRUE(fit.is_found);
  EXPECT_NEAR(fit.model.r, truth.r, 0.1 * truth.r);
  EXPECT_NEAR(fit.model.alpha, truth.alpha, 0.1 * truth.alpha);
  const double mean = truth.a / (truth.a + truth.b);
  EXPECT_NEAR(fit.model.a / (fit.model.a + fit.model.b), mean, 0.1 * mean);
  EXPECT_DOUBLE_EQ(fit.log_likelihood, BgNbdLogLikelihood(fit.model, lived));
  EXPECT_GT(fit.log_likelihood, BgNbdLogLikelihood(truth, lived));
  // Nothing beside it is likelier.
  for (double BgNbdModel::*parameter :
       {&BgNbdModel::r, &BgNbdModel::alpha, &BgNbdModel::a, &BgNbdModel::b}) {
    for (const double times : {0.999, 1.001}) {
      BgNbdModel beside = fit.model;
      beside.*parameter *= times;
      EXPECT_LT(BgNbdLogLikelihood(beside, lived), fit.log_likelihood);
    }
  }
}

TEST(BgNbdTest, SaysWhenNobodyEverStops) {
  std::vector<BgNbdCustomer> faithful;
  for (int i = 0; i < 50; ++i) faithful.push_back({40 + i % 3, 40.0 - i * 0.01, 40});
  const BgNbdFit fit = FitBgNbd(faithful, kAlways).value();
  EXPECT_FALSE(fit.is_found);
  // As many a week as before: 41 in 40.
  EXPECT_NEAR(BgNbdExpected(fit.model, faithful[0], 10), 10 * 41.0 / 40, 0.05);
}

TEST(BgNbdTest, AFitEndsWhenItIsToldTo) {
  int left = 10;
  const auto go_on = [&] { return --left > 0 ? absl::OkStatus() : absl::CancelledError("gone"); };
  EXPECT_THAT(FitBgNbd(Live({}, 50, 1), go_on).status(),
              StatusIs(absl::StatusCode::kCancelled, "gone"));
}

}  // namespace
}  // namespace rapport::analytics
