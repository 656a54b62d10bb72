#include "projections/facts/miss.h"

#include <algorithm>
#include <optional>

#include "engine/base/time.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

bool IsMet(const Item& item) { return item.kind == v1::KIND_EXPECTATION_MET; }
bool IsMissed(const Item& item) { return item.kind == v1::KIND_EXPECTATION_MISSED; }
bool IsSet(const Item& item) { return item.kind == v1::KIND_EXPECTATION_SET; }

// What is remembered of one key. Lists are ascending by moment, so the first found is the earliest.
struct Expectation {
  explicit Expectation(const List& bonds, absl::string_view key);

  const Item* set = nullptr;
  const Item* first_met = nullptr;
  const Item* first_missed = nullptr;
  const Item* first_late_met = nullptr;

  int64_t due_us() const { return set == nullptr ? 0 : set->m(); }
  std::optional<Miss> miss(absl::string_view key) const;
  // The late Met that is itself the miss.
  const Item* own_late_met() const {
    if (first_late_met == nullptr) return nullptr;
    const bool said_before =
        first_missed != nullptr && first_missed->moment.at_us < first_late_met->moment.at_us;
    return said_before ? nullptr : first_late_met;
  }
};

Expectation::Expectation(const List& bonds, absl::string_view key) {
  for (const Item& item : bonds.items) {
    if (item.key.view() != key) continue;
    if (IsSet(item)) set = &item;
    if (IsMet(item) && first_met == nullptr) first_met = &item;
    if (IsMissed(item) && first_missed == nullptr) first_missed = &item;
  }
  if (due_us() == 0) return;
  for (const Item& item : bonds.items) {
    if (!IsMet(item) || item.key.view() != key || item.moment.at_us <= due_us()) continue;
    first_late_met = &item;
    return;
  }
}

std::optional<Miss> Expectation::miss(absl::string_view key) const {
  const auto heard_by_due = [this](const Item* item) {
    return item != nullptr && item->moment.at_us <= due_us();
  };
  Miss miss;
  miss.key = key;
  const Item* said = first_missed;
  if (first_late_met != nullptr &&
      (said == nullptr || first_late_met->moment.at_us < said->moment.at_us)) {
    said = first_late_met;
  }
  const bool silent = due_us() != 0 && !heard_by_due(first_met) && !heard_by_due(first_missed);
  if (!silent && said == nullptr) return std::nullopt;
  miss.at_us = silent ? due_us() : said->moment.at_us;
  miss.event = silent ? set->moment.id : said->moment.id;
  miss.day = DayOf(miss.at_us);
  miss.seen_from = miss.day + (silent ? 1 : 0);
  return miss;
}

// Looks at every Met after the misses.
void Forgive(const List& bonds, std::vector<Miss>& misses) {
  for (const Item& met : bonds.items) {
    if (!IsMet(met)) continue;
    const Expectation expectation(bonds, met.key.view());
    const bool in_time = expectation.due_us() == 0 || met.moment.at_us <= expectation.due_us();
    const bool is_own = expectation.own_late_met() == &met;
    for (Miss& miss : misses) {
      if (met.moment.at_us <= miss.at_us) continue;
      miss.made_good |= in_time;
      miss.forgotten |= !(is_own && miss.key == met.key.view());
    }
  }
}

}  // namespace

std::vector<Miss> ReadMisses(const Facts& facts) {
  std::vector<Miss> misses;
  const List bonds = facts.FindList(ListName::kBonds);
  std::vector<absl::string_view> keys;
  for (const Item& item : bonds.items) {
    if (!IsSet(item) && !IsMet(item) && !IsMissed(item)) continue;
    const absl::string_view key = item.key.view();
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    keys.push_back(key);
    if (const auto miss = Expectation(bonds, key).miss(key)) misses.push_back(*miss);
  }
  if (misses.empty()) return misses;
  std::stable_sort(misses.begin(), misses.end(),
                   [](const Miss& a, const Miss& b) { return a.at_us < b.at_us; });
  Forgive(bonds, misses);
  return misses;
}

const Miss* SecondOfPair(const std::vector<Miss>& misses, int64_t day, const Flags& rules) {
  const Miss* before = nullptr;
  for (const Miss& miss : misses) {
    if (day < miss.seen_from) continue;
    if (before != nullptr && miss.day - before->day <= rules.misses_apart_days &&
        day - miss.day <= rules.misses_days && !miss.made_good) {
      return &miss;
    }
    before = &miss;
  }
  return nullptr;
}

const Miss* LettingDown(const std::vector<Miss>& misses, int64_t day, const Flags& rules) {
  const Miss* latest = nullptr;
  for (const Miss& miss : misses) {
    if (day >= miss.seen_from && day - miss.day <= rules.let_down_days && !miss.forgotten) {
      latest = &miss;
    }
  }
  return latest;
}

}  // namespace rapport::facts
