#include "projections/facts/expectation.h"

#include <algorithm>

#include "engine/base/time.h"
#include "projections/facts/miss.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

bool Exceeds(const Item& met, const Item* set) {
  if (met.has(kExceeded)) return true;
  if (set == nullptr) return false;
  // `code` says that the Met states a level; a Set without one has 0.
  if (met.code == 1 && set->n() != 0 && met.n() > set->n()) return true;
  return set->m() != 0 && met.moment.at_us <= set->m() - kMicrosPerDay;
}

Expectation& ForKey(std::vector<Expectation>& all, absl::string_view key) {
  for (Expectation& one : all) {
    if (one.key == key) return one;
  }
  return all.emplace_back(Expectation{.key = key});
}

void Decide(Expectation& one, const std::vector<Miss>& misses, int64_t t_us) {
  for (const Miss& miss : misses) {
    if (miss.key != one.key || miss.at_us > t_us) continue;
    one.state = ExpectationState::kMissed;
    one.decided = Moment{miss.at_us, miss.event};
    return;
  }
  if (one.met == nullptr) return;
  one.state = Exceeds(*one.met, one.set) ? ExpectationState::kExceeded : ExpectationState::kMet;
  one.decided = one.met->moment;
}

// `is_known` tells which decisions had been heard by then.
template <typename IsKnown>
std::vector<Expectation> Read(const Facts& facts, int64_t t_us, IsKnown is_known) {
  std::vector<Expectation> all;
  for (const Item& item : facts.FindList(ListName::kBonds).items) {
    if (item.kind == v1::KIND_EXPECTATION_SET) ForKey(all, item.key.view()).set = &item;
    if (!is_known(item.moment)) continue;
    if (item.kind == v1::KIND_EXPECTATION_MET) ForKey(all, item.key.view()).met = &item;
    if (item.kind == v1::KIND_EXPECTATION_MISSED) ForKey(all, item.key.view()).missed = &item;
  }
  if (all.empty()) return all;
  std::sort(all.begin(), all.end(),
            [](const Expectation& a, const Expectation& b) { return a.key < b.key; });
  const std::vector<Miss> misses = ReadMisses(facts);
  for (Expectation& one : all) Decide(one, misses, t_us);
  return all;
}

}  // namespace

std::vector<Expectation> ReadExpectations(const Facts& facts, int64_t t_us) {
  return Read(facts, t_us, [&](const Moment& moment) { return moment.at_us <= t_us; });
}

std::vector<Moment> ExceededRow(absl::Span<const Expectation> all) {
  // At one instant a miss goes last.
  int64_t missed_us = -1;
  Moment met;
  std::vector<Moment> row;
  for (const Expectation& one : all) {
    if (!one.decided.has_value()) continue;
    if (one.state == ExpectationState::kExceeded) row.push_back(*one.decided);
    if (one.state == ExpectationState::kMet) met = std::max(met, *one.decided);
    if (one.state == ExpectationState::kMissed) missed_us = std::max(missed_us, one.decided->at_us);
  }
  std::erase_if(row,
                [&](const Moment& moment) { return moment.at_us <= missed_us || moment < met; });
  std::sort(row.begin(), row.end(), [](const Moment& a, const Moment& b) { return b < a; });
  return row;
}

int64_t ExceededInARow(const Facts& facts, const Moment& until) {
  const std::vector<Expectation> all =
      Read(facts, until.at_us, [&](const Moment& moment) { return !(until < moment); });
  return static_cast<int64_t>(ExceededRow(all).size());
}

}  // namespace rapport::facts
