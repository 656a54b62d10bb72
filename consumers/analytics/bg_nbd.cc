#include "consumers/analytics/bg_nbd.h"

#include <math.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "consumers/analytics/simplex.h"
#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

// Beyond, a parameter is as good as without end.
constexpr double kLogMax = 12;

// std::lgamma writes a global variable.
double LogGamma(double of) {
  int sign = 0;
  return lgamma_r(of, &sign);
}

// Customers whom the model cannot tell apart.
struct Alike {
  BgNbdCustomer customer;
  double count = 0;
};

std::vector<Alike> Gather(std::vector<BgNbdCustomer> customers) {
  const auto key = [](const BgNbdCustomer& one) {
    return std::tie(one.repeats, one.watched, one.last_at);
  };
  std::sort(customers.begin(), customers.end(),
            [&](const auto& one, const auto& other) { return key(one) < key(other); });
  std::vector<Alike> alike;
  for (const BgNbdCustomer& one : customers) {
    if (alike.empty() || key(alike.back().customer) != key(one)) alike.push_back({one, 0});
    ++alike.back().count;
  }
  return alike;
}

// Of customers in order of their repeats.
double LogLikelihoodOf(const BgNbdModel& model, const std::vector<Alike>& customers) {
  const auto& [r, alpha, a, b] = model;
  // What does not hang on the customer.
  const double base = r * std::log(alpha) - LogGamma(r) + LogGamma(a + b) - LogGamma(b);
  double sum = 0;
  int64_t repeats = -1;
  double x = 0, of_repeats = 0, stops = 0;
  for (const auto& [one, count] : customers) {
    if (one.repeats != repeats) {
      repeats = one.repeats;
      x = static_cast<double>(repeats);
      of_repeats = base + LogGamma(r + x) + LogGamma(b + x) - LogGamma(a + b + x);
      stops = repeats == 0 ? 0 : std::log(a) - std::log(b + x - 1);
    }
    double log_sum = -(r + x) * std::log(alpha + one.watched);
    if (repeats > 0) {
      // log(e^alive + e^stopped), which neither overflows nor vanishes.
      const double stopped = stops - (r + x) * std::log(alpha + one.last_at);
      const double greater = std::max(log_sum, stopped);
      log_sum = greater + std::log1p(std::exp(std::min(log_sum, stopped) - greater));
    }
    sum += count * (of_repeats + log_sum);
  }
  return sum;
}

BgNbdModel ModelAt(const Point& logs) {
  return {std::exp(logs[0]), std::exp(logs[1]), std::exp(logs[2]), std::exp(logs[3])};
}

bool IsWithin(const Point& logs) {
  return std::all_of(logs.begin(), logs.end(), [](double at) { return std::abs(at) < kLogMax; });
}

// Gauss's series 2F1(a, b; c; z) for 0 <= z < 1.
double Hypergeometric(double a, double b, double c, double z) {
  constexpr int kTermsMax = 100'000;
  double term = 1, sum = 1;
  for (int i = 0; i < kTermsMax; ++i) {
    term *= (a + i) * (b + i) / (c + i) / (1 + i) * z;
    sum += term;
    if (std::abs(term) <= std::numeric_limits<double>::epsilon() * std::abs(sum)) break;
  }
  return sum;
}

}  // namespace

double BgNbdLogLikelihood(const BgNbdModel& model, const std::vector<BgNbdCustomer>& customers) {
  return LogLikelihoodOf(model, Gather(customers));
}

absl::StatusOr<BgNbdFit> FitBgNbd(const std::vector<BgNbdCustomer>& customers,
                                  const std::function<absl::Status()>& go_on) {
  const std::vector<Alike> alike = Gather(customers);
  // Each, so that what is no gain does not hang on how many there are.
  const auto count = static_cast<double>(customers.size());
  const auto loss = [&](const Point& logs) -> absl::StatusOr<double> {
    RETURN_IF_ERROR(go_on());
    if (!IsWithin(logs)) return std::numeric_limits<double>::infinity();
    return -LogLikelihoodOf(ModelAt(logs), alike) / count;
  };
  ASSIGN_OR_RETURN(const Minimum found, Minimize(Point(4, 0), loss, {}));
  const bool is_inside = std::all_of(found.at.begin(), found.at.end(), [](double at) {
    return std::abs(at) < kLogMax - SimplexLimits{}.step;
  });
  return BgNbdFit{ModelAt(found.at), -found.value * count, found.at_rest && is_inside};
}

double BgNbdAlive(const BgNbdModel& model, const BgNbdCustomer& customer) {
  // Who never came back had no occasion to stop.
  if (customer.repeats == 0) return 1;
  const auto x = static_cast<double>(customer.repeats);
  const double log_odds = std::log(model.a) - std::log(model.b + x - 1) +
                          (model.r + x) * (std::log(model.alpha + customer.watched) -
                                           std::log(model.alpha + customer.last_at));
  return 1 / (1 + std::exp(log_odds));
}

double BgNbdExpected(const BgNbdModel& model, const BgNbdCustomer& customer, double weeks) {
  const auto& [r, alpha, exact_a, b] = model;
  // At 1 both sides of the quotient are nothing; beside it is the same.
  constexpr double kBeside = 1e-7;
  const double a = std::abs(exact_a - 1) < kBeside ? 1 + kBeside : exact_a;
  const auto x = static_cast<double>(customer.repeats);
  const double from = alpha + customer.watched;
  const double none = std::exp((r + x) * std::log(from / (from + weeks)));
  const double series = Hypergeometric(r + x, b + x, a + b + x - 1, weeks / (from + weeks));
  return BgNbdAlive(model, customer) * (a + b + x - 1) / (a - 1) * (1 - none * series);
}

}  // namespace rapport::analytics
