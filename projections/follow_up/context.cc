#include "projections/follow_up/context.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "projections/facts/known_reading.h"
#include "projections/facts/needs.h"
#include "rapport/v1/ending.pb.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::List;
using facts::ListName;

void Add(v1::FollowUp& out, absl::string_view name, absl::string_view key, const Item* event) {
  v1::FollowUpContext* context = out.add_context();
  context->set_name(std::string(name));
  context->set_key(std::string(key));
  if (event != nullptr) context->set_event_id(event->moment.id.Hex());
}

// The instant from which on further triggers make another run: that of the first event that closes
// this one, in time or not.
int64_t RunEnd(const FollowUpState& state, const facts::Facts& facts) {
  int64_t end_us = kNever;
  for (const List list : facts.lists()) {
    for (const Closer& closer : state.policy->closers) {
      if ((closer.lists & MaskOf(list.name)) == 0) continue;
      const Item* item = FirstThatCloses(closer, list.items, state.trigger->key.view(),
                                         state.trigger->moment.at_us, closer.same_key, end_us);
      if (item != nullptr) end_us = item->moment.at_us;
    }
  }
  return end_us;
}

// True when `item`, which opens follow-ups of the policy, has the anchor of `state`; of a run up to
// `run_end_us`.
bool HasAnchor(const FollowUpState& state, const Item& item, int64_t run_end_us) {
  if (item.moment == state.trigger->moment) return true;
  switch (state.anchor.kind) {
    case v1::POLICY_ANCHOR_KEY:
      return item.key.view() == state.anchor.key;
    case v1::POLICY_ANCHOR_BLOCK:
      return DayOf(item.moment.at_us) / kBlockDays == state.anchor.number;
    case v1::POLICY_ANCHOR_RUN:
      return item.key == state.trigger->key && !(item.moment < state.trigger->moment) &&
             item.moment.at_us < run_end_us;
    default:
      return false;
  }
}

// All events that opened it, by moment; what the policy asks of each was asked when they did.
std::vector<const Item*> TriggersOf(const FollowUpState& state, const facts::Facts& facts) {
  std::vector<const Item*> triggers;
  if (state.trigger == nullptr) return triggers;
  const bool run = state.anchor.kind == v1::POLICY_ANCHOR_RUN;
  const int64_t run_end_us = run ? RunEnd(state, facts) : kNever;
  for (const List list : facts.lists()) {
    if ((state.policy->trigger_lists & MaskOf(list.name)) == 0) continue;
    for (const Item& item : list.items) {
      if (Opens(*state.policy, list.name, item) && HasAnchor(state, item, run_end_us)) {
        triggers.push_back(&item);
      }
    }
  }
  std::sort(triggers.begin(), triggers.end(),
            [](const Item* a, const Item* b) { return a->moment < b->moment; });
  return triggers;
}

// The items of `opens` in `bonds` that none of the kinds in `closes` has answered under their key.
// An objective may be set again once it was reached; an expectation is met or missed once.
std::vector<const Item*> OpenBonds(const facts::Facts& facts, v1::Kind opens,
                                   std::initializer_list<v1::Kind> closes) {
  const List bonds = facts.FindList(ListName::kBonds);
  std::vector<const Item*> open;
  for (const Item& item : bonds.items) {
    if (item.kind != opens) continue;
    const bool answered = std::any_of(bonds.items.begin(), bonds.items.end(), [&](const Item& b) {
      return b.key == item.key && std::find(closes.begin(), closes.end(), b.kind) != closes.end() &&
             (opens != v1::KIND_OBJECTIVE_SET || b.moment.at_us >= item.moment.at_us);
    });
    // Of several of one key the latest.
    open.erase(std::remove_if(open.begin(), open.end(),
                              [&](const Item* before) { return before->key == item.key; }),
               open.end());
    if (!answered) open.push_back(&item);
  }
  return open;
}

// Those of the trigger's own expectation, else all that are open.
void AddExpectations(const FollowUpState& state, const facts::Facts& facts, v1::FollowUp& out) {
  const Item* trigger = state.trigger;
  if (trigger != nullptr && trigger->list == ListName::kBonds) {
    for (const Item& item : facts.FindList(ListName::kBonds).items) {
      if (item.kind == v1::KIND_EXPECTATION_SET && item.key == trigger->key) {
        Add(out, "EXPECTATIONS", item.key.view(), &item);
      }
    }
    return;
  }
  for (const Item* item : OpenBonds(facts, v1::KIND_EXPECTATION_SET,
                                    {v1::KIND_EXPECTATION_MET, v1::KIND_EXPECTATION_MISSED})) {
    Add(out, "EXPECTATIONS", item->key.view(), item);
  }
}

// The latest need that is open.
void AddNeed(const facts::Facts& facts, int64_t t_us, v1::FollowUp& out) {
  const Item* latest = nullptr;
  for (const facts::Need& need : facts::ReadNeeds(facts, t_us)) {
    const Item* heard = need.heard.back();
    if (need.open && (latest == nullptr || latest->moment < heard->moment)) latest = heard;
  }
  if (latest != nullptr) Add(out, "NEED", latest->key.view(), latest);
}

void AddLastPurchase(const facts::Facts& facts, v1::FollowUp& out) {
  const Item* last = nullptr;
  for (const Item& order : facts.FindList(ListName::kOrders).items) {
    if (order.kind == v1::KIND_PURCHASE_MADE) last = &order;
  }
  if (last != nullptr) Add(out, "LAST_PURCHASE", last->key.view(), last);
}

void AddPeople(const facts::Facts& facts, v1::FollowUp& out) {
  for (const Item& person : facts.FindList(ListName::kPeople).items) {
    if (!person.has(facts::kAccepted)) Add(out, "PERSON", person.key.view(), &person);
  }
}

// One more than the last of the series that closes the policy, which is the last that reached the
// customer; 1 before the first.
void AddPosition(const FollowUpState& state, const facts::Facts& facts, v1::FollowUp& out) {
  const Item* last = nullptr;
  for (const List list : facts.lists()) {
    for (const Closer& closer : state.policy->closers) {
      if ((closer.lists & MaskOf(list.name)) == 0) continue;
      for (const Item& item : list.items) {
        if (FirstThatCloses(closer, {&item, 1}, {}, 0, /*from_c0_on=*/true, kNever) != nullptr &&
            (last == nullptr || last->moment < item.moment)) {
          last = &item;
        }
      }
    }
  }
  Add(out, "POSITION", absl::StrCat(last == nullptr ? 1 : last->n() + 1), last);
}

void AddCarried(const FollowUpState& state, const facts::Facts& facts, int64_t t_us,
                absl::string_view what, v1::FollowUp& out) {
  if (what == "OBJECTIVE") {
    for (const Item* item :
         OpenBonds(facts, v1::KIND_OBJECTIVE_SET, {v1::KIND_OBJECTIVE_REACHED})) {
      Add(out, what, item->key.view(), item);
    }
  } else if (what == "EXPECTATIONS") {
    AddExpectations(state, facts, out);
  } else if (what == "NEED") {
    AddNeed(facts, t_us, out);
  } else if (what == "LAST_PURCHASE") {
    AddLastPurchase(facts, out);
  } else if (what == "PERSON") {
    AddPeople(facts, out);
  } else if (what == "POSITION") {
    AddPosition(state, facts, out);
  } else {
    const Item* preference =
        FindInMap(facts, ListName::kPreferences, absl::StripPrefix(what, "preference."));
    if (preference != nullptr) Add(out, what, preference->subject.view(), preference);
  }
}

}  // namespace

std::string StateName(const Policy& policy) {
  std::vector<std::string> names;
  for (const Trigger& trigger : policy.triggers) {
    const State& state = trigger.state;
    if (state.flag != 0) names.push_back(v1::Flag_Name(state.flag).substr(sizeof("FLAG_") - 1));
    if (state.dormant) names.push_back("DORMANT");
    if (state.ended_by != 0) names.push_back("ENDED");
  }
  return absl::StrJoin(names, " or ");
}

void WriteContext(const FollowUpState& state, const facts::Facts& facts, int64_t t_us,
                  v1::FollowUp& out) {
  const std::vector<const Item*> triggers = TriggersOf(state, facts);
  for (const Item* trigger : triggers) {
    Add(out, KindName(trigger->kind), trigger->key.view(), trigger);
  }
  if (state.policy->sort() == TriggerSort::kState) {
    Add(out, "STATE", StateName(*state.policy), nullptr);
  }
  for (const std::string& what : state.policy->carry) AddCarried(state, facts, t_us, what, out);
  for (const auto& [name, value] : state.policy->texts) Add(out, name, value, nullptr);
  if (!state.policy->rungs.empty() && !triggers.empty()) {
    const size_t rung = std::min(triggers.size(), state.policy->rungs.size()) - 1;
    Add(out, "RUNG", state.policy->rungs[rung], triggers.back());
  }
}

}  // namespace rapport::follow_up
