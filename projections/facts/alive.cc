#include "projections/facts/alive.h"

#include "engine/base/fixed_point.h"

namespace rapport::facts {
namespace {

constexpr int64_t kOddsOne = 65536;
constexpr int64_t kOddsCertain = 20 * kOddsOne;
constexpr int64_t kPpm = 1'000'000;
constexpr int64_t kAgeMax = 100'000;

int64_t Log2(int64_t value) { return Log2Q(static_cast<uint64_t>(value)); }

}  // namespace

Pace::Pace(const Prior& prior, int64_t x, int64_t tx)
    : alpha(prior.alpha),
      tx(tx),
      rate(prior.r + 1000 * x),
      log_tx(Log2(prior.alpha + 1000 * tx)),
      base(Log2(prior.a) - Log2(prior.b + 1000 * x)) {}

int64_t Pace::OddsAt(int64_t age) const {
  return rate * (Log2(alpha + 1000 * age) - log_tx) / 1000 + base;
}

int64_t Odds(const Prior& prior, int64_t x, int64_t tx, int64_t age) {
  return Pace(prior, x, tx).OddsAt(age);
}

int64_t AliveOfOdds(int64_t odds) {
  if (odds >= kOddsCertain) return 0;
  if (odds <= -kOddsCertain) return kPpm;
  const int64_t whole = odds >> 16;
  const uint64_t part = Exp2Q(static_cast<uint32_t>(odds & 65535));
  const uint64_t power = whole >= 0 ? part << whole : part >> -whole;
  constexpr uint64_t kOne = uint64_t{1} << 30;
  return static_cast<int64_t>((uint64_t{kPpm} << 30) / (kOne + power));
}

int64_t AlivePpm(const Prior& prior, int64_t x, int64_t tx, int64_t age) {
  return AliveOfOdds(Odds(prior, x, tx, age));
}

int64_t LeastOddsBelow(int64_t ppm) {
  int64_t low = -kOddsCertain;  // AliveOfOdds is 10^6 here, never below ppm
  int64_t high = kOddsCertain;  // and 0 here, always below
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (AliveOfOdds(middle) < ppm ? high : low) = middle;
  }
  return high;
}

int64_t Pace::LeastAgeWithOdds(int64_t odds) const {
  // Odds >= odds iff rate * growth div 1000 >= gain, that is growth >= gain * 1000 / rate rounded
  // up, for the growth is never negative.
  const int64_t gain = odds - base;
  if (gain <= 0) return tx;
  const int64_t needed = log_tx + (gain * 1000 + rate - 1) / rate;
  const int64_t whole = needed >> 16;
  if (whole >= 62) return INT64_MAX;
  const uint64_t part = Exp2Q(static_cast<uint32_t>(needed & 65535));
  const uint64_t power = whole >= 30 ? part << (whole - 30) : part >> (30 - whole);
  int64_t age = (static_cast<int64_t>(power) - alpha) / 1000;
  if (age > kAgeMax) return INT64_MAX;
  if (age < tx) age = tx;
  while (age > tx && Log2(alpha + 1000 * (age - 1)) >= needed) --age;
  while (Log2(alpha + 1000 * age) < needed) ++age;
  return age;
}

}  // namespace rapport::facts
