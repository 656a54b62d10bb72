#include "projections/loyalty/score.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/fixed_point.h"

namespace rapport::loyalty {
namespace {

using facts::Curve;
using facts::EvaluateRules;
using facts::Reading;

// Products of a weight (at most 10^6) with anything up to here fit into 64 bits.
constexpr int64_t kPlain = INT64_MAX / 1'000'000;

int64_t Approach(const Curve& curve, int64_t input) {
  if (input < kPlain - curve.half) return curve.weight * input / (input + curve.half);
  const int128 wide = input;
  return static_cast<int64_t>(curve.weight * wide / (wide + curve.half));
}

int64_t Doublings(const facts::Value& rule, int64_t spend) {
  // log2 is defined below 2^63 only; one hundredth less changes nothing up there.
  const uint64_t hundredths = static_cast<uint64_t>(std::min(spend, INT64_MAX - 1)) + 1;
  return rule.weight * Log2Q(hundredths) / (rule.doublings << 16);
}

int64_t Debit(const facts::Friction& rule, int64_t units) {
  const int128 wide = units;
  const int128 cost = rule.per_unit * wide + rule.per_square * (wide * wide) / 1000;
  return static_cast<int64_t>(std::min<int128>(rule.cap, cost));
}

}  // namespace

ScoreLines Score(const Reading& reading, const EvaluateRules& rules) {
  ScoreLines score;
  const auto set = [&score](v1::ScoreLine line, int64_t milli) {
    score.milli[line - 1] = milli;
    score.total += milli;
  };
  set(v1::SCORE_LINE_RHYTHM, Approach(rules.rhythm.curve, reading.rhythm));
  set(v1::SCORE_LINE_OUTLOOK, Approach(rules.outlook, reading.expected));
  set(v1::SCORE_LINE_VALUE, Doublings(rules.value, reading.spend));
  set(v1::SCORE_LINE_SENTIMENT_PLUS, Approach(rules.sentiment_plus, reading.sentiment_plus));
  set(v1::SCORE_LINE_SENTIMENT_MINUS, -Approach(rules.sentiment_minus, reading.sentiment_minus));
  set(v1::SCORE_LINE_ADVOCACY, Approach(rules.advocacy, reading.advocacy));
  set(v1::SCORE_LINE_DIALOGUE, Approach(rules.dialogue, reading.dialogue));
  set(v1::SCORE_LINE_FRICTION, -Debit(rules.friction, reading.friction));
  const int64_t sum = score.total;
  set(v1::SCORE_LINE_LIMIT, std::clamp<int64_t>(sum, 0, kTotalMax) - sum);
  RAPPORT_CHECK(score.total >= 0 && score.total <= kTotalMax) << "score " << score.total;
  return score;
}

void WriteScore(const ScoreLines& score, v1::Standing& standing, bool lines) {
  standing.set_score(static_cast<uint32_t>(score.points()));
  standing.set_score_milli(static_cast<uint32_t>(score.total));
  standing.clear_lines();
  if (!lines) return;
  int64_t sum = 0;
  for (int i = 0; i < kLines; ++i) {
    v1::Line* line = standing.add_lines();
    line->set_line(static_cast<v1::ScoreLine>(i + 1));
    line->set_milli_points(score.milli[i]);
    sum += score.milli[i];
  }
  RAPPORT_CHECK(sum == score.total) << "lines add up to " << sum << ", total is " << score.total;
}

}  // namespace rapport::loyalty
