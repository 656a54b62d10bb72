#include "projections/follow_up/condition.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "projections/facts/expectation.h"
#include "projections/facts/known_reading.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::ListName;
using Test = Condition::Test;

uint32_t NeedsOf(Test test) {
  switch (test) {
    case Test::kStage:
    case Test::kReason:
    case Test::kFlag:
      return kNeedsStage;
    case Test::kType:
    case Test::kMode:
    case Test::kPointsMin:
    case Test::kPointsMax:
    case Test::kContent:
      return kNeedsDrift;
    case Test::kSeverity:
    case Test::kEscalated:
    case Test::kExceeded:
    case Test::kAfter:
    case Test::kAfterSameKey:
    case Test::kObjective:
    case Test::kRoleVacant:
    case Test::kTopicWelcome:
      return kNeedsTrigger;
    case Test::kConsent:
      return kNeedsDay;
    default:
      return 0;
  }
}

bool ConsentHolds(const Condition& condition, const Situation& situation) {
  const Item* consent = FindInMap(situation.facts, ListName::kConsents, condition.key);
  return consent != nullptr && consent->has(facts::kAccepted) &&
         consent->moment.at_us < situation.consent_before_us;
}

bool DriftHolds(const Condition& condition, const Drift& now) {
  switch (condition.test) {
    case Test::kType:
      return now.type == condition.number;
    case Test::kMode:
      return now.mode == condition.number;
    case Test::kPointsMin:
      return now.points >= condition.number;
    case Test::kPointsMax:
      return now.points <= condition.number;
    default:
      return now.content == (condition.number != 0);
  }
}

bool StageHolds(const Condition& condition, const facts::StageState& now) {
  switch (condition.test) {
    case Test::kStage:
      return now.stage == condition.number;
    case Test::kReason:
      return now.reason == condition.number;
    default:
      return now.has(static_cast<v1::Flag>(condition.number));
  }
}

// Another event of the kind is remembered from the trigger's instant or before.
bool IsAfter(const facts::Facts& facts, const Item& trigger, uint16_t kind, bool same_key) {
  for (const facts::List list : facts.lists()) {
    for (const Item& item : list.items) {
      if (item.kind == kind && item.moment.at_us <= trigger.moment.at_us &&
          item.moment != trigger.moment && (!same_key || item.key == trigger.key)) {
        return true;
      }
    }
  }
  return false;
}

// Some objective is set and not reached since; at one instant reaching goes last.
bool HasObjective(const facts::Facts& facts, int64_t at_us) {
  const facts::List bonds = facts.FindList(ListName::kBonds);
  return std::any_of(bonds.items.begin(), bonds.items.end(), [&](const Item& set) {
    if (set.kind != v1::KIND_OBJECTIVE_SET || set.moment.at_us > at_us) return false;
    return std::none_of(bonds.items.begin(), bonds.items.end(), [&](const Item& reached) {
      return reached.kind == v1::KIND_OBJECTIVE_REACHED && reached.key == set.key &&
             reached.moment.at_us >= set.moment.at_us && reached.moment.at_us <= at_us;
    });
  });
}

// Nobody has the role that `leaver` had, and nobody left it later.
bool LeavesVacancy(const facts::Facts& facts, const Item& leaver) {
  const facts::List people = facts.FindList(ListName::kPeople);
  return std::none_of(people.items.begin(), people.items.end(), [&](const Item& person) {
    return person.subject == leaver.subject &&
           (!person.has(facts::kAccepted) || leaver.moment < person.moment);
  });
}

bool TriggerHolds(const Condition& condition, const Situation& situation) {
  const Item* trigger = situation.trigger;
  if (trigger == nullptr) return false;
  const facts::Facts& facts = situation.facts;
  switch (condition.test) {
    case Test::kSeverity:
      return situation.read != nullptr && situation.read->severity >= condition.number;
    case Test::kEscalated:
      return situation.read != nullptr && situation.read->ever_escalated;
    case Test::kExceeded:
      return facts::ExceededInARow(facts, trigger->moment) >= condition.number;
    case Test::kAfter:
      return IsAfter(facts, *trigger, condition.kind, /*same_key=*/false);
    case Test::kAfterSameKey:
      return IsAfter(facts, *trigger, condition.kind, /*same_key=*/true);
    case Test::kObjective:
      return HasObjective(facts, trigger->moment.at_us);
    case Test::kRoleVacant:
      return LeavesVacancy(facts, *trigger);
    default:
      return !Refuses(facts, absl::StrCat("topic.", trigger->subject.view()));
  }
}

bool FactHolds(const Condition& condition, const facts::Facts& facts) {
  switch (condition.test) {
    case Test::kDaysMin:
      return facts.purchase_days.size() >= condition.number;
    case Test::kDaysMax:
      return facts.purchase_days.size() <= condition.number;
    case Test::kPreference:
      return FindInMap(facts, ListName::kPreferences, condition.key) != nullptr;
    case Test::kOwner:
      return OwnerOf(facts).empty() == (condition.number == 0);
    case Test::kCount:
      return CountOf(facts, condition.kind) >= condition.number;
    default:
      return facts.Sum(static_cast<uint16_t>(facts::kAreaTouches + condition.number)) > 0;
  }
}

}  // namespace

uint32_t Condition::needs() const {
  uint32_t needs = NeedsOf(test);
  for (const Condition& part : parts) needs |= part.needs();
  return needs;
}

bool Holds(const Condition& condition, const Situation& situation) {
  const auto holds = [&](const Condition& part) { return Holds(part, situation); };
  switch (condition.test) {
    case Test::kAll:
      return std::all_of(condition.parts.begin(), condition.parts.end(), holds);
    case Test::kAny:
      return std::any_of(condition.parts.begin(), condition.parts.end(), holds);
    case Test::kNot:
      return !holds(condition.parts.front());
    case Test::kConsent:
      return ConsentHolds(condition, situation);
    default:
      break;
  }
  switch (NeedsOf(condition.test)) {
    case kNeedsStage:
      RAPPORT_CHECK(situation.standing != nullptr);
      return StageHolds(condition, situation.standing->StageAt(situation.t_us));
    case kNeedsDrift:
      RAPPORT_CHECK(situation.standing != nullptr);
      return DriftHolds(condition, situation.standing->DriftAt(situation.t_us));
    case kNeedsTrigger:
      return TriggerHolds(condition, situation);
    default:
      return FactHolds(condition, situation.facts);
  }
}

bool AllHold(const std::vector<Condition>& conditions, const Situation& situation) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& one) { return Holds(one, situation); });
}

}  // namespace rapport::follow_up
