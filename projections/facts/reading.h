// Reading: the numbers that one customer's facts say on one day; inputs of score and stage.
//
//   const Reading reading = Read(facts, as_of_us, fold_rules, rules);
//   ScoreLines score = loyalty::Score(reading, rules);
//   StageState now = stage::Course(facts, reading, rules).At(reading.day);
//
// Basis is the part that stays the same while no event arrives; Reading adds what the day changes.
// Both go through the facts once and take no memory unless there are complaints.
//
// Threads: plain values. Lifetime: cases point into the facts.
#pragma once

#include <cstdint>
#include <vector>

#include "projections/facts/case_reading.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"

namespace rapport::facts {

// Days are whole UTC days since 1970, moments microseconds.
inline constexpr int64_t kNoDay = -1;

struct Basis {
  Basis(const Facts& facts, const EvaluateRules& rules);

  // Purchase days n, the first and the last; x = n - 1 repeats, tx = last - first.
  int64_t n = 0;
  int64_t first = 0;
  int64_t last = 0;
  int64_t x = 0;
  int64_t tx = 0;
  // Latest act of the customer, bond (agreements apart) and look around; kNoDay = none.
  int64_t act_day = kNoDay;
  int64_t bond_day = kNoDay;
  int64_t looking_day = kNoDay;
  // Latest interest; 0 = none.
  int64_t interest_at_us = 0;
  std::vector<CaseReading> cases;

  // The mean gap as a fraction, shrunk to the prior: gap_days / gap_count days.
  int64_t gap_days = 0;   // alpha + 1000 tx
  int64_t gap_count = 1;  // r + 1000 x

  // Whole days of the mean gap.
  int64_t cadence_days() const { return gap_days / gap_count; }
  // The first day on which the gap exceeds `cadences` mean gaps.
  int64_t DayBeyond(int64_t cadences) const { return last + cadences * gap_days / gap_count + 1; }
};

struct Reading : Basis {
  Reading(const Facts& facts, const EvaluateRules& rules) : Basis(facts, rules) {}

  int64_t day = 0;
  // Days since the first and the last purchase day; 0 without any.
  int64_t age = 0;
  int64_t idle = 0;
  // Days since the latest act; since 1970 without any.
  int64_t silence = 0;
  // Odds of having left (Q16) and probability of being alive (ppm); 0 without purchases.
  Pace pace;
  int64_t odds = 0;
  int64_t alive_ppm = 0;
  // S (thousandths of purchase days), E (millionths of purchases), M (centi), P, N, A, D and F
  // (thousandths), as in the specification.
  int64_t rhythm = 0;
  int64_t expected = 0;
  int64_t spend = 0;
  int64_t sentiment_plus = 0;
  int64_t sentiment_minus = 0;
  int64_t advocacy = 0;
  int64_t dialogue = 0;
  int64_t friction = 0;
};

// The moment at which facts are evaluated when asked about `as_of_us`: never before the newest
// event.
int64_t EvaluatedAt(const Facts& facts, int64_t as_of_us);

// Reads `facts` at EvaluatedAt(facts, as_of_us).
Reading Read(const Facts& facts, int64_t as_of_us, const FoldRules& fold,
             const EvaluateRules& rules);

}  // namespace rapport::facts
