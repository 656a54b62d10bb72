#include "projections/facts/exceeded.h"

#include <algorithm>

#include "engine/base/time.h"
#include "projections/facts/miss.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {
namespace {

// The latest remembered Set of a key; null = none.
const Item* SetOf(const List& bonds, const CompactString& key) {
  const Item* set = nullptr;
  for (const Item& item : bonds.items) {
    if (item.kind == v1::KIND_EXPECTATION_SET && item.key == key) set = &item;
  }
  return set;
}

}  // namespace

bool IsExceeded(const List& bonds, const Item& met) {
  if (met.has(kExceeded)) return true;
  const Item* set = SetOf(bonds, met.key);
  if (set == nullptr) return false;
  // `code` says that the Met states a level; a Set without one has 0.
  if (met.code == 1 && set->n() != 0 && met.n() > set->n()) return true;
  return set->m() != 0 && met.moment.at_us <= set->m() - kMicrosPerDay;
}

int64_t ExceededInARow(const Facts& facts, const Moment& until) {
  const List bonds = facts.FindList(ListName::kBonds);
  int64_t last_miss = -1;
  for (const Miss& miss : ReadMisses(facts)) {
    if (miss.at_us <= until.at_us) last_miss = std::max(last_miss, miss.at_us);
  }
  int64_t row = 0;
  for (const Item& item : bonds.items) {
    if (item.kind != v1::KIND_EXPECTATION_MET || until < item.moment) continue;
    const bool counts = item.moment.at_us > last_miss && IsExceeded(bonds, item);
    row = counts ? row + 1 : 0;
  }
  return row;
}

}  // namespace rapport::facts
