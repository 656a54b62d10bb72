// Metrics of bonds: expectations, objectives and promises, joined by key from the list `bonds`.

#include <algorithm>

#include "projections/facts/expectation.h"
#include "projections/report/metrics_parts.h"

namespace rapport::report {
namespace {

using facts::Expectation;
using facts::ExpectationState;

v1::ExpectationStatus StatusOf(ExpectationState state) {
  switch (state) {
    case ExpectationState::kOpen:
      return v1::EXPECTATION_STATUS_OPEN;
    case ExpectationState::kMet:
      return v1::EXPECTATION_STATUS_MET;
    case ExpectationState::kExceeded:
      return v1::EXPECTATION_STATUS_EXCEEDED;
    case ExpectationState::kMissed:
      return v1::EXPECTATION_STATUS_MISSED;
  }
  return v1::EXPECTATION_STATUS_UNSPECIFIED;
}

void WriteOne(const Expectation& one, v1::OneExpectation& out) {
  out.set_expectation(std::string(one.key));
  out.set_status(StatusOf(one.state));
  if (one.set != nullptr) {
    out.set_level_set(one.set->n());
    if (one.set->m() != 0) out.set_due_at_us(one.set->m());
  }
  const Item* reached = one.met;
  if (one.missed != nullptr && (reached == nullptr || reached->moment < one.missed->moment)) {
    reached = one.missed;
  }
  if (reached != nullptr && reached->code == 1) {
    out.set_level_reached(reached->n());
    if (one.set != nullptr) out.set_gap(Narrow(int128{reached->n()} - one.set->n()));
  }
  if (!one.decided.has_value()) return;
  out.set_decided_at_us(one.decided->at_us);
  out.set_event_id(one.decided->id.Hex());
}

struct Objective {
  absl::string_view key;
  std::vector<const Item*> items;
};

void WriteObjective(const Objective& one, v1::ObjectiveMetrics& out) {
  out.set_objective(std::string(one.key));
  for (const Item* item : one.items) {
    const int64_t day = DayOf(item->moment.at_us);
    out.set_last_day(day);
    switch (item->kind) {
      case v1::KIND_JOINT_GOAL_SET:
        out.set_joint(true);
        [[fallthrough]];
      case v1::KIND_OBJECTIVE_SET:
        if (!out.has_set_day()) out.set_set_day(day);
        out.set_progress(item->n());
        out.clear_reached_day();
        break;
      case v1::KIND_OBJECTIVE_REACHED:
        out.set_progress(100);
        out.set_reached_day(day);
        break;
      default:
        out.set_solutions(out.solutions() + 1);
    }
  }
  for (auto item = one.items.rbegin(); item != one.items.rend(); ++item) {
    out.add_event_ids((*item)->moment.id.Hex());
  }
}

}  // namespace

void WriteExpectations(const MetricsInput& input, v1::Metrics& out) {
  const std::vector<Expectation> all = facts::ReadExpectations(input.facts, input.t_us);
  const uint32_t set_ever = CountOf(input.facts, v1::KIND_EXPECTATION_SET);
  if (all.empty() && set_ever == 0) return;
  v1::ExpectationMetrics& expectations = *out.mutable_expectations();
  int64_t counts[v1::ExpectationStatus_ARRAYSIZE] = {};
  int64_t set = 0;
  for (const Expectation& one : all) {
    ++counts[StatusOf(one.state)];
    if (one.set != nullptr) ++set;
    WriteOne(one, *expectations.add_expectations());
  }
  expectations.set_set(set);
  expectations.set_met(counts[v1::EXPECTATION_STATUS_MET]);
  expectations.set_exceeded(counts[v1::EXPECTATION_STATUS_EXCEEDED]);
  expectations.set_missed(counts[v1::EXPECTATION_STATUS_MISSED]);
  expectations.set_open(counts[v1::EXPECTATION_STATUS_OPEN]);
  expectations.set_set_ever(set_ever);
  for (const Moment& moment : facts::ExceededRow(all)) {
    expectations.add_streak_event_ids(moment.id.Hex());
  }
  expectations.set_exceeded_in_a_row(expectations.streak_event_ids_size());
}

// Setting it anew after it was reached opens it again.
void WriteObjectives(const MetricsInput& input, v1::Metrics& out) {
  std::vector<Objective> all;
  for (const Item& item : input.facts.FindList(ListName::kBonds).items) {
    if (item.kind == v1::KIND_OBJECTIVE_SET || item.kind == v1::KIND_OBJECTIVE_REACHED ||
        item.kind == v1::KIND_JOINT_GOAL_SET || item.kind == v1::KIND_SOLUTION_BUILT) {
      ForKey(all, item.key.view()).items.push_back(&item);
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Objective& a, const Objective& b) { return a.key < b.key; });
  for (const Objective& one : all) WriteObjective(one, *out.add_objectives());
}

// Kept: a PromiseKept of the key that is not before the latest PromiseMade.
void WritePromises(const MetricsInput& input, v1::Metrics& out) {
  struct Promise {
    absl::string_view key;
    const Item* made = nullptr;
  };
  std::vector<Promise> all;
  for (const Item& item : input.facts.FindList(ListName::kBonds).items) {
    if (item.kind == v1::KIND_PROMISE_MADE) ForKey(all, item.key.view()).made = &item;
    if (item.kind == v1::KIND_PROMISE_KEPT) ForKey(all, item.key.view()).made = nullptr;
  }
  std::erase_if(all, [](const Promise& one) { return one.made == nullptr; });
  std::sort(all.begin(), all.end(), [](const Promise& a, const Promise& b) {
    return std::pair(a.made->n(), a.key) < std::pair(b.made->n(), b.key);
  });
  for (const Promise& one : all) {
    v1::OpenPromise& promise = *out.add_open_promises();
    promise.set_promise(std::string(one.key));
    promise.set_due_at_us(one.made->n());
    promise.set_overdue(input.t_us >= one.made->n());
    promise.set_event_id(one.made->moment.id.Hex());
  }
}

}  // namespace rapport::report
