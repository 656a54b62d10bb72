#include "projections/facts/reading.h"

#include <algorithm>

#include "engine/base/time.h"
#include "projections/facts/ring.h"

namespace rapport::facts {
namespace {

void ReadRings(const Facts& facts, const FoldRules& fold, Reading& reading) {
  for (const Ring ring : facts.rings) {
    int64_t* to = nullptr;
    switch (ring.name) {
      case RingName::kSpend:
        to = &reading.spend;
        break;
      case RingName::kSentimentPlus:
        to = &reading.sentiment_plus;
        break;
      case RingName::kSentimentMinus:
        to = &reading.sentiment_minus;
        break;
      case RingName::kDialogue:
        to = &reading.dialogue;
        break;
      case RingName::kAdvocacy:
        to = &reading.advocacy;
        break;
      default:
        return;  // types and modes come last and are read by `kind`
    }
    *to = RingRead(ring, fold.half_life(ring.name), reading.day, 1);
  }
}

void ReadPurchases(const Facts& facts, const EvaluateRules& rules, Reading& reading) {
  if (reading.n == 0) return;
  reading.age = reading.day - reading.first;
  reading.idle = reading.day - reading.last;
  reading.pace = Pace(rules.prior, reading.x, reading.tx);
  reading.odds = reading.pace.OddsAt(reading.age);
  reading.alive_ppm = AliveOfOdds(reading.odds);
  reading.expected = reading.alive_ppm * reading.gap_count * rules.horizon_days /
                     (rules.prior.alpha + 1000 * reading.age);
  reading.rhythm =
      ReadDays(absl::MakeConstSpan(facts.purchase_days.begin(), facts.purchase_days.size()),
               rules.rhythm.half_life_days, reading.day, 1000);
}

}  // namespace

Basis::Basis(const Facts& facts, const EvaluateRules& rules)
    : n(facts.purchase_days.size()), cases(ReadCases(facts, rules.friction)) {
  if (n > 0) {
    first = facts.purchase_days[0];
    last = facts.purchase_days.back();
    x = n - 1;
    tx = last - first;
  }
  gap_days = rules.prior.alpha + 1000 * tx;
  gap_count = rules.prior.r + 1000 * x;
  for (const KindCell& cell : facts.kinds) {
    const uint8_t roles = rules.RolesOf(cell.kind());
    if (roles == 0) continue;
    const int64_t day = DayOf(cell.last().at_us);
    if ((roles & kAct) != 0) act_day = std::max(act_day, day);
    if ((roles & kBond) != 0) bond_day = std::max(bond_day, day);
    if ((roles & kLooking) != 0) looking_day = std::max(looking_day, day);
    if ((roles & kInterest) != 0) interest_at_us = std::max(interest_at_us, cell.last().at_us);
  }
}

int64_t EvaluatedAt(const Facts& facts, int64_t as_of_us) {
  return std::max(as_of_us, facts.newest_at_us);
}

Reading Read(const Facts& facts, int64_t as_of_us, const FoldRules& fold,
             const EvaluateRules& rules) {
  Reading reading(facts, rules);
  reading.day = DayOf(EvaluatedAt(facts, as_of_us));
  reading.silence = reading.day - std::max<int64_t>(0, reading.act_day);
  ReadPurchases(facts, rules, reading);
  ReadRings(facts, fold, reading);
  reading.friction = FrictionOf(reading.cases, reading.day, rules.friction);
  return reading;
}

}  // namespace rapport::facts
