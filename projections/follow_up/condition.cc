#include "projections/follow_up/condition.h"

#include <algorithm>

namespace rapport::follow_up {
namespace {

bool StageHolds(const v1::PolicyCondition& when, StageNow stage) {
  if (when.stage() == 0 && when.reason() == 0 && when.flag() == 0) return true;
  const facts::StageState& now = stage();
  return (when.stage() == 0 || now.stage == when.stage()) &&
         (when.reason() == 0 || now.reason == when.reason()) &&
         (when.flag() == 0 || now.has(when.flag()));
}

bool KnownHolds(const v1::PolicyCondition& when, const facts::Facts& facts) {
  using facts::ListName;
  if (!when.preference().empty() &&
      FindInMap(facts, ListName::kPreferences, when.preference()) == nullptr) {
    return false;
  }
  if (!when.consent().empty()) {
    const facts::Item* consent = FindInMap(facts, ListName::kConsents, when.consent());
    if (consent == nullptr || !consent->has(facts::kAccepted)) return false;
  }
  return !when.has_owner() || when.owner() == !OwnerOf(facts).empty();
}

bool CountsHold(const v1::PolicyCondition& when, const facts::Facts& facts) {
  const uint32_t days = facts.purchase_days.size();
  if (when.has_purchase_days_min() && days < when.purchase_days_min()) return false;
  if (when.has_purchase_days_max() && days > when.purchase_days_max()) return false;
  if (!when.has_count()) return true;
  const facts::KindCell* cell = facts.FindKind(static_cast<uint16_t>(when.count().kind()));
  return (cell == nullptr ? 0 : cell->count) >= when.count().min();
}

}  // namespace

bool Holds(const v1::PolicyCondition& when, const facts::Facts& facts, StageNow stage) {
  if (!CountsHold(when, facts) || !KnownHolds(when, facts) || !StageHolds(when, stage)) {
    return false;
  }
  const auto holds = [&](const v1::PolicyCondition& part) { return Holds(part, facts, stage); };
  if (when.has_not_() && holds(when.not_())) return false;
  return std::all_of(when.all().begin(), when.all().end(), holds) &&
         (when.any().empty() || std::any_of(when.any().begin(), when.any().end(), holds));
}

const facts::Item* FindInMap(const facts::Facts& facts, facts::ListName map,
                             absl::string_view key) {
  for (const facts::Item& item : facts.FindList(map).items) {
    if (item.key.view() == key) return &item;
  }
  return nullptr;
}

absl::string_view OwnerOf(const facts::Facts& facts) {
  const facts::List list = facts.FindList(facts::ListName::kOwner);
  return list.items.empty() ? absl::string_view() : list.items[0].key.view();
}

}  // namespace rapport::follow_up
