// P(alive): how likely a buyer still buys, in integers.
//
// MBG/NBD's probability from the number of repeat purchase days x, the days tx between the first
// and the last, and the days T since the first. Never rises with T.
// Source: domain specification 4.1; vectors in tests/golden (int_math).
//
// Threads: all functions are pure.
#pragma once

#include <cstdint>

namespace rapport::facts {

// Thousandths; alpha in thousandths of days.
struct Prior {
  int64_t r = 1;
  int64_t alpha = 1;
  int64_t a = 1;
  int64_t b = 1;
};

// What odds need of one customer, so that every further age costs one logarithm.
struct Pace {
  Pace() = default;
  // REQUIRES: 0 <= x, 0 <= tx.
  Pace(const Prior& prior, int64_t x, int64_t tx);

  // As Odds below. REQUIRES: tx <= age.
  int64_t OddsAt(int64_t age) const;
  // Least age >= tx with OddsAt(age) >= odds; INT64_MAX when that is beyond 100,000 days.
  int64_t LeastAgeWithOdds(int64_t odds) const;

  int64_t alpha = 1;
  int64_t tx = 0;
  // r + 1000 x.
  int64_t rate = 1;
  // log2(alpha + 1000 tx); log2(a) - log2(b + 1000 x).
  int64_t log_tx = 0;
  int64_t base = 0;
};

// log2 of the odds of having left, Q16. REQUIRES: 0 <= x, 0 <= tx <= age.
int64_t Odds(const Prior& prior, int64_t x, int64_t tx, int64_t age);

// Probability of being alive at these odds, ppm.
int64_t AliveOfOdds(int64_t odds);

// AliveOfOdds(Odds(...)).
int64_t AlivePpm(const Prior& prior, int64_t x, int64_t tx, int64_t age);

// Least odds with AliveOfOdds < ppm. REQUIRES: 1 <= ppm <= 1,000,000.
int64_t LeastOddsBelow(int64_t ppm);

}  // namespace rapport::facts
