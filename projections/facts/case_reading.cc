#include "projections/facts/case_reading.h"

#include <algorithm>

#include "engine/base/fixed_point.h"
#include "engine/base/time.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

CaseReading& Find(std::vector<CaseReading>& cases, const Item& step, int severity_unstated) {
  for (CaseReading& one : cases) {
    if (one.key == step.key.view()) return one;
  }
  CaseReading& one = cases.emplace_back();
  one.key = step.key.view();
  one.raised = step.moment;
  one.severity = severity_unstated;
  return one;
}

void Open(CaseReading& one, const Moment& moment) {
  one.open = true;
  one.opened = moment;
  one.resolved.reset();
  one.answer = Answer::kNone;
}

void Raise(CaseReading& one, const Item& step) {
  if (!one.has_raised) one.raised = step.moment;
  one.has_raised = true;
  if (step.n() != 0) one.severity = static_cast<int>(std::clamp<int64_t>(step.n(), 1, 4));
  Open(one, step.moment);
}

void Apply(CaseReading& one, const Item& step) {
  switch (step.kind) {
    case v1::KIND_COMPLAINT_RAISED:
      return Raise(one, step);
    case v1::KIND_COMPLAINT_REOPENED:
      return Open(one, step.moment);
    case v1::KIND_COMPLAINT_RESOLVED:
      one.open = false;
      one.resolved = step.moment;
      one.answer = Answer::kNone;
      return;
    case v1::KIND_RESOLUTION_ANSWERED:
      if (!one.closed()) return;
      one.answer = step.has(kAccepted) ? Answer::kAccepted : Answer::kRefused;
      one.answered = step.moment;
      return;
    case v1::KIND_COMPLAINT_ESCALATED:
      one.ever_escalated = true;
      return;
    default:
      return;
  }
}

int64_t OpenUnits(const CaseReading& one, int64_t t, const Friction& rules) {
  const int64_t age = t - DayOf(one.raised.at_us);
  const int64_t weight = rules.weight[one.severity];
  const int64_t term = rules.term_days[one.severity];
  if (age <= term) return weight;
  return weight * (age <= 2 * term ? rules.late_permille : rules.very_late_permille) / 1000;
}

int64_t ClosedUnits(const CaseReading& one, int64_t t, const Friction& rules) {
  const int64_t closed_day = DayOf(one.resolved->at_us);
  const bool in_time = closed_day - DayOf(one.raised.at_us) <= rules.term_days[one.severity];
  int64_t left = rules.closed_unanswered;
  if (one.answer == Answer::kRefused) left = rules.closed_refused;
  if (one.answer == Answer::kAccepted && in_time) left = rules.closed_accepted;
  return Decay(rules.weight[one.severity] * left / 1000, std::max<int64_t>(0, t - closed_day),
               rules.half_life_days);
}

}  // namespace

std::vector<CaseReading> ReadCases(const Facts& facts, const Friction& rules) {
  std::vector<CaseReading> cases;
  const List customers = facts.FindList(ListName::kCases);
  const List others = facts.FindList(ListName::kCasework);
  const Item* a = customers.items.begin();
  const Item* a_end = customers.items.end();
  const Item* b = others.items.begin();
  const Item* b_end = others.items.end();
  while (a != a_end || b != b_end) {
    const bool take_a = b == b_end || (a != a_end && a->moment < b->moment);
    const Item& step = take_a ? *a++ : *b++;
    Apply(Find(cases, step, rules.severity_unstated), step);
  }
  for (CaseReading& one : cases) one.escalated = one.open && one.ever_escalated;
  return cases;
}

int64_t FrictionUnits(const CaseReading& one, int64_t t, const Friction& rules) {
  if (one.open) return OpenUnits(one, t, rules);
  if (one.closed()) return ClosedUnits(one, t, rules);
  return 0;
}

int64_t FrictionOf(const std::vector<CaseReading>& cases, int64_t t, const Friction& rules) {
  int64_t sum = 0;
  for (const CaseReading& one : cases) sum += FrictionUnits(one, t, rules);
  return sum;
}

}  // namespace rapport::facts
