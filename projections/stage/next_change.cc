// The next day on which stage or flags differ, without stepping through the days.
//
// Everything that a rule compares with a day changes its mind on few days, which can be named:
// those are the candidates, and At() decides on each. The candidates may be too many, never too
// few: between two of them nothing that At() looks at can change.
#include <algorithm>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "engine/base/time.h"
#include "projections/stage/course.h"

namespace rapport::stage {
namespace {

using facts::kNoDay;

// Days after `day`, each of them one that may differ from the day before it.
class Candidates {
 public:
  explicit Candidates(int64_t day) : day_(day) {}

  void Add(int64_t candidate) {
    if (candidate > day_ && candidate <= kLastDay) days_.push_back(candidate);
  }
  // The first day out of a window that began on `begin`; kNoDay begins none.
  void AddEnd(int64_t begin, int64_t window) {
    if (begin != kNoDay) Add(begin + window + 1);
  }
  absl::InlinedVector<int64_t, 32>& Sorted() {
    std::sort(days_.begin(), days_.end());
    days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
    return days_;
  }

 private:
  int64_t day_;
  absl::InlinedVector<int64_t, 32> days_;
};

void AddPurchases(const Course& course, Candidates& candidates) {
  const facts::Reading& reading = course.reading();
  const facts::EvaluateRules& rules = course.rules();
  if (reading.n == 0) {
    if (reading.interest_at_us > 0) {
      candidates.AddEnd(DayOf(reading.interest_at_us), rules.stages.interest_days);
    }
    return;
  }
  if (reading.n == 1) {
    candidates.AddEnd(reading.act_day, rules.stages.first_purchase_silence_days);
    return;
  }
  candidates.AddEnd(reading.act_day, rules.stages.dormant_silence_days);
  candidates.Add(reading.DayBeyond(rules.stages.dormant_cadences));
  candidates.Add(reading.DayBeyond(rules.flags.at_risk_cadences));
  for (const int64_t odds : {rules.stages.dormant_odds, rules.stages.commitment_lost_odds}) {
    const int64_t age = reading.pace.LeastAgeWithOdds(odds);
    if (age <= kLastDay) candidates.Add(reading.first + age);
  }
}

void AddBonds(const Course& course, Candidates& candidates) {
  candidates.AddEnd(course.reading().bond_day, course.rules().stages.bond_days);
  const facts::List agreements = course.facts().FindList(facts::ListName::kAgreements);
  for (const facts::Item& agreement : agreements.items) {
    if (agreement.m() > 0) candidates.Add(DayOf(agreement.m()) + 1);
  }
}

void AddMisses(const Course& course, Candidates& candidates) {
  for (const facts::Miss& miss : course.misses()) {
    candidates.Add(miss.seen_from);
    candidates.AddEnd(miss.day, course.rules().flags.misses_days);
    candidates.AddEnd(miss.day, course.rules().flags.let_down_days);
  }
}

// Days on which open cases pass their terms, and in each span between, where the sum only falls,
// the day on which it falls below the threshold.
void AddCases(const Course& course, int64_t day, Candidates& candidates) {
  const facts::Reading& reading = course.reading();
  const facts::Friction& rules = course.rules().friction;
  // An escalated case is damage enough, and without cases there is nothing to fall.
  if (reading.cases.empty() || course.has_escalated_case()) return;
  Candidates steps(day);
  for (const facts::CaseReading& one : reading.cases) {
    if (!one.open) continue;
    const int64_t raised = DayOf(one.raised.at_us);
    steps.AddEnd(raised, rules.term_days[one.severity]);
    steps.AddEnd(raised, 2 * rules.term_days[one.severity]);
  }
  auto& begins = steps.Sorted();
  for (const int64_t begin : begins) candidates.Add(begin);
  begins.push_back(kLastDay + 1);
  const auto is_damaged = [&](int64_t at) {
    return FrictionOf(reading.cases, at, rules) >= course.rules().flags.damaged_friction;
  };
  int64_t span_begin = day;
  for (const int64_t next : begins) {
    int64_t damaged = span_begin;
    int64_t below = next - 1;
    span_begin = next;
    if (!is_damaged(damaged) || is_damaged(below)) continue;
    while (below - damaged > 1) {
      const int64_t middle = damaged + (below - damaged) / 2;
      (is_damaged(middle) ? damaged : below) = middle;
    }
    candidates.Add(below);
  }
}

// All days that may differ from the day before them.
absl::InlinedVector<int64_t, 32> CandidateDays(const Course& course, int64_t day) {
  Candidates candidates(day);
  AddPurchases(course, candidates);
  AddBonds(course, candidates);
  AddMisses(course, candidates);
  AddCases(course, day, candidates);
  candidates.AddEnd(course.reading().looking_day, course.rules().flags.looking_around_days);
  candidates.AddEnd(course.won_back_day(), course.rules().flags.won_back_days);
  return std::move(candidates.Sorted());
}

}  // namespace

Course::NextDays Course::NextChanges(int64_t day) const {
  const auto beginnings = [this](const facts::StageState& state, int64_t at) {
    const auto since = [&](v1::Flag flag) { return state.has(flag) ? SinceOf(flag, at) : kNoDay; };
    return std::pair(since(v1::FLAG_AT_RISK), since(v1::FLAG_LET_DOWN));
  };
  const facts::StageState now = At(day);
  const auto begun = beginnings(now, day);
  NextDays next;
  for (const int64_t candidate : CandidateDays(*this, day)) {
    const facts::StageState then = At(candidate);
    if (then == now && (next.beginning.has_value() || beginnings(then, candidate) == begun)) {
      continue;
    }
    if (!next.beginning.has_value()) next.beginning = candidate;
    if (then == now) continue;
    next.state = candidate;
    break;
  }
  return next;
}

}  // namespace rapport::stage
