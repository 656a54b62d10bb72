#include "projections/loyalty/share.h"

#include <algorithm>
#include <numeric>

#include "engine/base/check.h"
#include "projections/facts/attribution.h"
#include "projections/facts/ring.h"

namespace rapport::loyalty {
namespace {

using facts::EvaluateRules;
using facts::EventPart;
using facts::Facts;
using facts::FoldRules;
using facts::Reading;
using facts::Ring;
using facts::RingName;
using Parts = absl::Span<const EventPart>;

// By which one line is split, event by event.
struct Weights {
  explicit Weights(size_t events) : weights(events), now(events) {}

  std::vector<uint128> weights;
  std::vector<int64_t> now;
};

Weights OfRing(RingName name, int64_t day, const Facts& facts, Parts parts, const FoldRules& fold) {
  Weights all(parts.size());
  const Ring whole = facts.rings.Find(name);
  for (size_t i = 0; i < parts.size(); ++i) {
    const Ring part = parts[i].facts.rings.Find(name);
    all.weights[i] = RingWeight(part, whole);
    if (all.weights[i] != 0) all.now[i] = RingRead(part, fold.half_life(name), day, 1);
  }
  return all;
}

// Places of the events that were the earliest purchase of a day, by day.
std::vector<size_t> FirstOfDays(Parts parts) {
  std::vector<size_t> firsts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto& days = parts[i].facts.purchase_days;
    if (days.empty()) continue;
    if (firsts.empty() || parts[firsts.back()].facts.purchase_days.back() < days.back()) {
      firsts.push_back(i);
    }
  }
  return firsts;
}

Weights OfRhythm(const Reading& reading, Parts parts, const EvaluateRules& rules) {
  // The ring that a read of the days stands for.
  const auto add = [&](facts::Rings& rings, uint16_t day) {
    RingAdd(rings, RingName::kSpend, rules.rhythm.half_life_days, day, 1);
  };
  const std::vector<size_t> firsts = FirstOfDays(parts);
  facts::Rings whole;
  for (const size_t i : firsts) add(whole, parts[i].facts.purchase_days.back());
  Weights all(parts.size());
  for (const size_t i : firsts) {
    facts::Rings part;
    add(part, parts[i].facts.purchase_days.back());
    const Ring ring = part.Find(RingName::kSpend);
    all.weights[i] = RingWeight(ring, whole.Find(RingName::kSpend));
    if (all.weights[i] == 0) continue;
    all.now[i] = RingRead(ring, rules.rhythm.half_life_days, reading.day, 1000);
  }
  return all;
}

Weights OfOutlook(Parts parts, const EvaluateRules& rules) {
  Weights all(parts.size());
  int64_t weight = rules.prior.r;
  for (const size_t i : FirstOfDays(parts)) {
    all.weights[i] = static_cast<uint128>(weight);
    all.now[i] = weight;
    weight = 1000;
  }
  return all;
}

Weights OfFriction(const Reading& reading, Parts parts, const EvaluateRules& rules) {
  Weights all(parts.size());
  for (const facts::CaseReading& one : reading.cases) {
    const int64_t units = FrictionUnits(one, reading.day, rules.friction);
    if (units == 0) continue;
    const auto* raised = std::lower_bound(
        parts.begin(), parts.end(), one.raised,
        [](const EventPart& part, const Moment& moment) { return part.moment < moment; });
    RAPPORT_CHECK(raised != parts.end() && raised->moment == one.raised)
        << "a complaint that no event raised";
    const auto i = static_cast<size_t>(raised - parts.begin());
    all.weights[i] += static_cast<uint128>(units);
    all.now[i] += units;
  }
  return all;
}

// Splits one line, and checks that nothing is lost.
void Split(v1::ScoreLine line, int64_t milli, const Weights& by, Shares& shares) {
  const std::vector<int64_t> split = facts::Attribute(milli, by.weights);
  int64_t left = milli;
  for (size_t i = 0; i < split.size(); ++i) {
    shares.events[i].milli[line - 1] = split[i];
    shares.events[i].weight_now[line - 1] = by.now[i];
    left -= split[i];
  }
  const bool nothing_weighs =
      std::all_of(by.weights.begin(), by.weights.end(), [](uint128 one) { return one == 0; });
  RAPPORT_CHECK(left == 0 || nothing_weighs)
      << "shares of " << v1::ScoreLine_Name(line) << " lack " << left << " milli-points";
  shares.unshared[line - 1] = left;
}

}  // namespace

Shares ShareOut(const ScoreLines& score, const Reading& reading, const Facts& facts, Parts parts,
                const FoldRules& fold, const EvaluateRules& rules) {
  Shares shares;
  shares.events.resize(parts.size());
  const auto split = [&](v1::ScoreLine line, const Weights& by) {
    Split(line, score.of(line), by, shares);
  };
  const auto split_ring = [&](v1::ScoreLine line, RingName ring) {
    split(line, OfRing(ring, reading.day, facts, parts, fold));
  };
  split(v1::SCORE_LINE_RHYTHM, OfRhythm(reading, parts, rules));
  split(v1::SCORE_LINE_OUTLOOK, OfOutlook(parts, rules));
  split_ring(v1::SCORE_LINE_VALUE, RingName::kSpend);
  split_ring(v1::SCORE_LINE_SENTIMENT_PLUS, RingName::kSentimentPlus);
  split_ring(v1::SCORE_LINE_SENTIMENT_MINUS, RingName::kSentimentMinus);
  split_ring(v1::SCORE_LINE_ADVOCACY, RingName::kAdvocacy);
  split_ring(v1::SCORE_LINE_DIALOGUE, RingName::kDialogue);
  split(v1::SCORE_LINE_FRICTION, OfFriction(reading, parts, rules));
  split(v1::SCORE_LINE_LIMIT, Weights(parts.size()));
  int64_t total = std::accumulate(shares.unshared.begin(), shares.unshared.end(), int64_t{0});
  for (const EventShares& event : shares.events) {
    total = std::accumulate(event.milli.begin(), event.milli.end(), total);
  }
  RAPPORT_CHECK(total == score.total) << "shares add up to " << total << " of " << score.total;
  return shares;
}

}  // namespace rapport::loyalty
