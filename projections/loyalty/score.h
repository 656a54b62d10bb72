// Score: how loyal a customer is, as nine lines whose sum is the total.
//
//   ScoreLines score = Score(reading, rules);                    // numbers only: nanoseconds
//   WriteScore(score, standing);                                          // numbers into the
//   answer WriteReceipts(reading, facts, fold_rules, rules, standing);   // and why
//
// Every line is whole milli-points; the last one, LIMIT, keeps the sum within 0..1,000,000. Acts of
// the vendor earn nothing; closing a complaint only lowers what it costs.
// Source: domain specification 4.2; vectors in tests/golden (components).
//
// Threads: pure. Errors: none; lines that do not add up are a broken invariant and stop the
// process.
#pragma once

#include <array>
#include <cstdint>

#include "projections/facts/reading.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::loyalty {

inline constexpr int64_t kTotalMax = 1'000'000;
inline constexpr int kLines = 9;

struct ScoreLines {
  // By place: RHYTHM first, LIMIT last.
  std::array<int64_t, kLines> milli{};
  // Their sum, 0..kTotalMax.
  int64_t total = 0;

  int64_t of(v1::ScoreLine line) const { return milli[line - 1]; }
  // 0..1000, shown.
  int64_t points() const { return total / 1000; }
};

ScoreLines Score(const facts::Reading& reading, const facts::EvaluateRules& rules);

// Sets score, score_milli and, with `lines`, the nine lines without receipts.
void WriteScore(const ScoreLines& score, v1::Standing& standing, bool lines = true);

// Adds to each line of `standing` its receipt: inputs, half-life, events and words.
// REQUIRES: WriteScore has written the lines; `fold` and `rules` are those of the reading.
void WriteReceipts(const facts::Reading& reading, const facts::Facts& facts,
                   const facts::FoldRules& fold, const facts::EvaluateRules& rules,
                   v1::Standing& standing);

}  // namespace rapport::loyalty
