// Metrics of bonds: expectations, objectives and promises, joined by key from the list `bonds`.

#include <algorithm>
#include <optional>

#include "projections/facts/miss.h"
#include "projections/report/metrics_parts.h"

namespace rapport::report {
namespace {

// What is remembered of one expectation.
struct Expectation {
  absl::string_view key;
  // The latest of each.
  const Item* set = nullptr;
  const Item* met = nullptr;
  const Item* missed = nullptr;
  v1::ExpectationStatus status = v1::EXPECTATION_STATUS_OPEN;
  // When it was met or missed, and the event that says so.
  std::optional<Moment> decided;
};

std::vector<Expectation> ReadExpectations(const List& bonds) {
  std::vector<Expectation> all;
  for (const Item& item : bonds.items) {
    if (item.kind == v1::KIND_EXPECTATION_SET) ForKey(all, item.key.view()).set = &item;
    if (item.kind == v1::KIND_EXPECTATION_MET) ForKey(all, item.key.view()).met = &item;
    if (item.kind == v1::KIND_EXPECTATION_MISSED) ForKey(all, item.key.view()).missed = &item;
  }
  std::sort(all.begin(), all.end(),
            [](const Expectation& a, const Expectation& b) { return a.key < b.key; });
  return all;
}

// Stated so, of a level above the one set, or a day or more before it was due.
bool Exceeds(const Expectation& one) {
  const Item& met = *one.met;
  if (met.has(facts::kExceeded)) return true;
  if (one.set == nullptr) return false;
  const bool has_levels = met.code == 1 && one.set->n() != 0;
  if (has_levels && met.n() > one.set->n()) return true;
  return one.set->m() != 0 && met.moment.at_us <= one.set->m() - kMicrosPerDay;
}

// A miss goes before what was met later: it does not become undone.
void Decide(Expectation& one, const std::vector<facts::Miss>& misses, int64_t t_us) {
  for (const facts::Miss& miss : misses) {
    if (miss.key != one.key || miss.at_us > t_us) continue;
    one.status = v1::EXPECTATION_STATUS_MISSED;
    one.decided = Moment{miss.at_us, miss.event};
    return;
  }
  if (one.met == nullptr) return;
  one.status = Exceeds(one) ? v1::EXPECTATION_STATUS_EXCEEDED : v1::EXPECTATION_STATUS_MET;
  one.decided = one.met->moment;
}

void WriteOne(const Expectation& one, v1::OneExpectation& out) {
  out.set_expectation(std::string(one.key));
  out.set_status(one.status);
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

// The newest outcomes that exceeded, one after another.
void WriteStreak(std::vector<Expectation> all, v1::ExpectationMetrics& out) {
  std::erase_if(all, [](const Expectation& one) { return !one.decided.has_value(); });
  std::sort(all.begin(), all.end(),
            [](const Expectation& a, const Expectation& b) { return *b.decided < *a.decided; });
  for (const Expectation& one : all) {
    if (one.status != v1::EXPECTATION_STATUS_EXCEEDED) break;
    out.add_streak_event_ids(one.decided->id.Hex());
  }
  out.set_exceeded_in_a_row(out.streak_event_ids_size());
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
  std::vector<Expectation> all = ReadExpectations(input.facts.FindList(ListName::kBonds));
  const uint32_t set_ever = CountOf(input.facts, v1::KIND_EXPECTATION_SET);
  if (all.empty() && set_ever == 0) return;
  const std::vector<facts::Miss> misses = facts::ReadMisses(input.facts);
  v1::ExpectationMetrics& expectations = *out.mutable_expectations();
  int64_t counts[v1::ExpectationStatus_ARRAYSIZE] = {};
  int64_t set = 0;
  for (Expectation& one : all) {
    Decide(one, misses, input.t_us);
    ++counts[one.status];
    if (one.set != nullptr) ++set;
    WriteOne(one, *expectations.add_expectations());
  }
  expectations.set_set(set);
  expectations.set_met(counts[v1::EXPECTATION_STATUS_MET]);
  expectations.set_exceeded(counts[v1::EXPECTATION_STATUS_EXCEEDED]);
  expectations.set_missed(counts[v1::EXPECTATION_STATUS_MISSED]);
  expectations.set_open(counts[v1::EXPECTATION_STATUS_OPEN]);
  expectations.set_set_ever(set_ever);
  WriteStreak(std::move(all), expectations);
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
