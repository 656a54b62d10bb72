#include "projections/follow_up/candidates.h"

#include <algorithm>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "projections/facts/kind_table.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::List;
using facts::ListName;

using Triggers = absl::InlinedVector<const Item*, 16>;

bool Opens(const Trigger& trigger, ListName list, const Item& item) {
  // What asks back is no answer yet.
  if (item.kind == v1::KIND_QUESTION_ANSWERED && item.has(facts::kAsksBack)) return false;
  return trigger.kind == item.kind && trigger.list == list &&
         (trigger.purpose == 0 || trigger.purpose == item.code) &&
         (trigger.level_min == 0 || item.n() >= trigger.level_min) &&
         (trigger.subject.empty() || trigger.subject == item.subject.view()) &&
         (!trigger.reached.has_value() || *trigger.reached == item.has(facts::kReached)) &&
         (!trigger.accepted.has_value() || *trigger.accepted == item.has(facts::kAccepted));
}

bool SameAnchor(v1::PolicyAnchor anchor, const Item& a, const Item& b) {
  if (anchor == v1::POLICY_ANCHOR_KEY) return a.key == b.key;
  return anchor == v1::POLICY_ANCHOR_BLOCK &&
         DayOf(a.moment.at_us) / kBlockDays == DayOf(b.moment.at_us) / kBlockDays;
}

// True when an earlier trigger has the anchor of `triggers[at]` already.
bool SharesAnchor(const Policy& policy, const Triggers& triggers, size_t at) {
  for (size_t i = 0; i < at; ++i) {
    if (SameAnchor(policy.anchor, *triggers[i], *triggers[at])) return true;
  }
  return false;
}

}  // namespace

Hash128 FollowUpId(absl::string_view customer_id, absl::string_view policy,
                   absl::string_view anchor) {
  return Blake2b128Framed({customer_id, policy, anchor});
}

std::string Anchor::ToString() const {
  switch (kind) {
    case v1::POLICY_ANCHOR_KEY:
      return absl::StrCat("key:", key);
    case v1::POLICY_ANCHOR_BLOCK:
      return absl::StrCat("block:", number);
    case v1::POLICY_ANCHOR_ONCE:
      return "once";
    case v1::POLICY_ANCHOR_DATE:
      return absl::StrCat("date:", key, "/", number);
    case v1::POLICY_ANCHOR_DAY:
      return absl::StrCat("day:", number);
    case v1::POLICY_ANCHOR_REPEAT:
      return absl::StrCat("repeat:", number, "/", times);
    default:
      return absl::StrCat("event:", event.Hex());
  }
}

bool Opens(const Policy& policy, ListName list, const Item& item) {
  return std::any_of(policy.triggers.begin(), policy.triggers.end(),
                     [&](const Trigger& trigger) { return Opens(trigger, list, item); });
}

Candidates::Candidates(absl::string_view customer_id, const facts::Facts& facts,
                       const Policies& policies, const StandingAt& standing, int64_t t_us)
    : customer_id_(customer_id), facts_(facts), policies_(policies), standing_(standing) {
  for (const List list : facts.lists()) {
    lists_[static_cast<size_t>(list.name)] = list.items;
    present_ |= MaskOf(list.name);
  }
  if (Has(MaskOf(ListName::kCases) | MaskOf(ListName::kCasework))) {
    cases_ = facts::ReadCases(facts, policies.friction());
    for (const facts::CaseReading& one : cases_) has_open_case_ |= one.open;
  }
  for (int name = 0; name < facts::kListCount; ++name) {
    if ((policies.answers() & present_ & (ListMask{1} << name)) == 0) continue;
    for (const Item& item : lists_[static_cast<size_t>(name)]) {
      has_pauses_ |= item.has(facts::kAsksBack);
    }
  }
  for (const Policy& policy : policies.all()) {
    if (policy.anchor == v1::POLICY_ANCHOR_ONCE) {
      AddPurchaseDays(policy, t_us);
    } else if (policy.sort() == TriggerSort::kEvent && Has(policy.trigger_lists)) {
      AddEvents(policy, t_us);
    }
  }
  MoveTo(t_us);
}

bool Candidates::ConditionsHold(const Policy& policy, const Item* trigger,
                                int64_t consent_before_us) const {
  if (policy.fixed.empty()) return true;
  Situation situation{.facts = facts_, .trigger = trigger};
  situation.consent_before_us = consent_before_us;
  if (trigger != nullptr) situation.read = FindCase(trigger->key.view());
  return AllHold(policy.fixed, situation);
}

void Candidates::AddEvents(const Policy& policy, int64_t t_us) {
  Triggers triggers;
  bool several_lists = false;
  // Events that can be listed no more are looked at only where a later one may share their anchor.
  const bool alone = policy.anchor == v1::POLICY_ANCHOR_EVENT;
  const bool expires = policy.listed_us != kNever && !has_pauses_;
  for (int i = 0; i < facts::kListCount; ++i) {
    const auto name = static_cast<ListName>(i);
    if (!Has(policy.trigger_lists & MaskOf(name))) continue;
    const size_t before = triggers.size();
    for (const Item& item : ItemsOf(name)) {
      if (alone && expires && item.moment.at_us + policy.listed_us <= t_us) continue;
      if (Opens(policy, name, item) && ConditionsHold(policy, &item)) triggers.push_back(&item);
    }
    several_lists |= before != 0 && triggers.size() != before;
  }
  if (several_lists) {
    std::sort(triggers.begin(), triggers.end(),
              [](const Item* a, const Item* b) { return a->moment < b->moment; });
  }
  const bool run = policy.anchor == v1::POLICY_ANCHOR_RUN;
  for (size_t i = 0; i < triggers.size(); ++i) {
    if (expires && triggers[i]->moment.at_us + policy.listed_us <= t_us) continue;
    if (run ? !BeginsRun(policy, triggers.data(), i) : SharesAnchor(policy, triggers, i)) continue;
    AddFromEvent(policy, *triggers[i], t_us);
  }
}

// A run of one key goes on until something closes it; the next trigger begins another.
bool Candidates::BeginsRun(const Policy& policy, const Item* const* triggers, size_t at) const {
  const Item& item = *triggers[at];
  for (size_t i = at; i > 0; --i) {
    const Item& before = *triggers[i - 1];
    if (before.key != item.key) continue;
    for (const Closer& closer : policy.closers) {
      for (int name = 0; name < facts::kListCount; ++name) {
        if (!Has(closer.lists & (ListMask{1} << name))) continue;
        if (FirstThatCloses(closer, lists_[static_cast<size_t>(name)], item.key.view(),
                            before.moment.at_us, closer.same_key, item.moment.at_us + 1)) {
          return true;
        }
      }
    }
    return false;
  }
  return true;
}

void Candidates::AddFromEvent(const Policy& policy, const Item& trigger, int64_t t_us) {
  Candidate one;
  one.policy = &policy;
  one.trigger = &trigger;
  one.key = trigger.key.view();
  one.anchor.kind = policy.anchor;
  const int64_t at_us = trigger.moment.at_us;
  int64_t c0_us = at_us;
  switch (policy.anchor) {
    case v1::POLICY_ANCHOR_KEY:
      one.anchor.key = one.key;
      break;
    case v1::POLICY_ANCHOR_BLOCK:
      one.anchor.number = DayOf(at_us) / kBlockDays;
      c0_us = one.anchor.number * kBlockDays * kMicrosPerDay - 1;
      break;
    default:
      one.anchor.event = trigger.moment.id;
      break;
  }
  one.read = FindCase(one.key);
  if (has_pauses_) one.pauses = ReadPauses(facts_, policies_.answers(), one.key, at_us);
  if (SetInstants(one, at_us)) Finish(std::move(one), c0_us, t_us, fixed_);
}

// The day by which so many subjects had been bought. Where orders are forgotten it is not known,
// and counts as the day of the last forgotten one: the floor condition then leaves it out.
std::optional<int64_t> Candidates::DayOfSubjects(uint32_t count) const {
  const List orders = facts_.FindList(ListName::kOrders);
  absl::InlinedVector<absl::string_view, 8> subjects;
  for (const Item& order : orders.items) {
    const absl::string_view subject = order.subject.view();
    if (order.kind != v1::KIND_PURCHASE_MADE || subject.empty() ||
        std::find(subjects.begin(), subjects.end(), subject) != subjects.end()) {
      continue;
    }
    subjects.push_back(subject);
    if (subjects.size() < count) continue;
    return DayOf(orders.floor_us != 0 ? orders.floor_us : order.moment.at_us);
  }
  return std::nullopt;
}

void Candidates::AddPurchaseDays(const Policy& policy, int64_t t_us) {
  if (facts_.purchase_days.empty()) return;
  // One follow-up, whichever of its triggers comes first.
  std::optional<int64_t> day;
  for (const Trigger& trigger : policy.triggers) {
    std::optional<int64_t> reached;
    if (trigger.sort == TriggerSort::kSubjectsBought) {
      reached = DayOfSubjects(trigger.count);
    } else if (facts_.purchase_days.size() >= trigger.count) {
      reached = facts_.purchase_days[trigger.count - 1];
    }
    if (reached.has_value() && (!day.has_value() || *reached < *day)) day = reached;
  }
  if (!day.has_value()) return;
  const int64_t opened_us = *day * kMicrosPerDay;
  if (policy.listed_us != kNever && opened_us + policy.listed_us <= t_us) return;
  if (!ConditionsHold(policy, nullptr)) return;
  Candidate one;
  one.policy = &policy;
  one.anchor.kind = policy.anchor;
  one.day = *day;
  if (SetInstants(one, opened_us)) Finish(std::move(one), opened_us, t_us, fixed_);
}

}  // namespace rapport::follow_up
