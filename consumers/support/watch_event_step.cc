#include <algorithm>
#include <utility>

#include "consumers/support/watch_change.h"
#include "consumers/support/watch_steps_parts.h"
#include "engine/base/status_macros.h"

namespace rapport::support {

WatchSteps::EventStep::EventStep(WatchSteps* steps, const WatchPlace& place,
                                 const WatchedStep& step)
    : steps_(steps),
      is_single_(place.position.next.at(step.partition) + 1 == step.end),
      before_(place),
      within_(place),
      after_(place) {
  within_.step = step;
  after_.step.reset();
  after_.position.next[step.partition] = step.end;
}

absl::Status WatchSteps::EventStep::Tell(const std::vector<Record>& records,
                                         WatchListener& listener) {
  for (const Record& record : records) {
    if (!listener.GoOn()) return ListenerLeft();
    ASSIGN_OR_RETURN(const bool counts, steps_->reader_.IsEventOf(record.customer, record.offset));
    if (counts) events_[record.customer].push_back(&record);
  }
  if (events_.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(FindGroups());
  RETURN_IF_ERROR(LoadAfter());
  RETURN_IF_ERROR(AddChanges());
  Remember();
  for (size_t i = 0; i < changes_.size(); ++i) {
    const WatchPlace& place = i + 1 < changes_.size() ? within_ : after_;
    if (!listener.OnChange(std::move(changes_[i]), place)) return ListenerLeft();
  }
  return absl::OkStatus();
}

// Only links of those who have events can change, so whoever is concerned is one with one of them,
// before or after.
absl::Status WatchSteps::EventStep::FindGroups() {
  std::set<std::string> concerned;
  for (const auto& [customer, events] : events_) {
    for (const Position* position : {&before_.position, &std::as_const(after_).position}) {
      ASSIGN_OR_RETURN(const Group group, steps_->reader_.GroupAt(customer, *position));
      concerned.insert(group.members.begin(), group.members.end());
    }
  }
  for (const std::string& customer : concerned) {
    ASSIGN_OR_RETURN(Group was, steps_->reader_.GroupAt(customer, before_.position));
    ASSIGN_OR_RETURN(Group is, steps_->reader_.GroupAt(customer, after_.position));
    groups_before_.emplace(was.survivor, std::move(was));
    groups_after_.emplace(is.survivor, std::move(is));
  }
  return absl::OkStatus();
}

absl::Status WatchSteps::EventStep::LoadAfter() {
  for (const auto& [survivor, group] : groups_after_) {
    After after;
    ASSIGN_OR_RETURN(after.facts, steps_->reader_.FactsAt(group, after_.position, after_.rules));
    if (after.facts == nullptr) continue;
    after.state = after.facts->At(*after_.rules, after_.told_to_us);
    states_after_[survivor] = std::move(after);
  }
  return absl::OkStatus();
}

absl::Status WatchSteps::EventStep::AddChanges() {
  int64_t logged_us = 0;
  for (const auto& [survivor, after] : states_after_) {
    logged_us = std::max(logged_us, after.facts->begins_us());
  }
  std::map<std::string, WatchState> states_before;
  for (const auto& [survivor, group] : groups_before_) {
    ASSIGN_OR_RETURN(WatchState state, steps_->StateAt(group, before_));
    if (state == nullptr) continue;
    if (is_single_) RETURN_IF_ERROR(AddTimeChanges(group, logged_us, state));
    states_before[survivor] = std::move(state);
  }
  // Whoever is one with another from now on first, so that nobody is told of twice at once.
  for (const auto& [survivor, state] : states_before) {
    if (!states_after_.contains(survivor)) AddChange(survivor, state);
  }
  for (const auto& [survivor, after] : states_after_) {
    const auto before = states_before.find(survivor);
    AddChange(survivor, before == states_before.end() ? nullptr : before->second);
  }
  return absl::OkStatus();
}

absl::Status WatchSteps::EventStep::AddTimeChanges(const Group& group, int64_t to_us,
                                                   WatchState& state) {
  if (NextChangeOf(*state) > to_us) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto facts,
                   steps_->reader_.FactsAt(group, before_.position, before_.rules));
  if (facts == nullptr) return absl::OkStatus();
  for (int64_t at_us = NextChangeOf(*state); at_us <= to_us && at_us > state->standing().as_of_us();
       at_us = NextChangeOf(*state)) {
    WatchState next = facts->Exactly(*before_.rules, at_us);
    if (!SaySame(state, next)) {
      changes_.push_back(ChangeBetween(group.survivor, state, next));
      changes_.back().set_cause(v1::RELATIONSHIP_CAUSE_TIME);
    }
    state = std::move(next);
  }
  return absl::OkStatus();
}

void WatchSteps::EventStep::AddChange(const std::string& customer, const WatchState& before) {
  const auto after = states_after_.find(customer);
  const WatchState state = after == states_after_.end() ? nullptr : after->second.state;
  if (before == nullptr && state == nullptr) return;
  v1::RelationshipChange change = ChangeBetween(customer, before, state);
  SayWhy(customer, change);
  // An erasure is told though nothing that a state holds is of a name.
  if (SaySame(before, state) && change.cause() != v1::RELATIONSHIP_CAUSE_ERASURE) return;
  if (const Group* group = GroupAfter(customer); state == nullptr && group != nullptr) {
    change.set_merged_into(group->survivor);
    const auto survivor = states_after_.find(group->survivor);
    if (survivor != states_after_.end()) {
      change.set_at_us(survivor->second.state->standing().as_of_us());
    }
  }
  changes_.push_back(std::move(change));
}

const Group* WatchSteps::EventStep::GroupAfter(const std::string& customer) const {
  for (const auto& [survivor, group] : groups_after_) {
    if (std::binary_search(group.members.begin(), group.members.end(), customer)) return &group;
  }
  return nullptr;
}

void WatchSteps::EventStep::SayWhy(const std::string& customer,
                                   v1::RelationshipChange& change) const {
  std::set<std::string> members = {customer};
  const auto before = groups_before_.find(customer);
  if (before != groups_before_.end()) {
    members.insert(before->second.members.begin(), before->second.members.end());
  }
  if (const Group* group = GroupAfter(customer)) {
    members.insert(group->members.begin(), group->members.end());
  }
  std::vector<const Record*> events;
  for (const std::string& member : members) {
    const auto own = events_.find(member);
    if (own != events_.end()) events.insert(events.end(), own->second.begin(), own->second.end());
  }
  std::sort(events.begin(), events.end(),
            [](const Record* a, const Record* b) { return a->offset > b->offset; });
  change.set_cause(v1::RELATIONSHIP_CAUSE_EVENTS);
  for (const Record* event : events) {
    if (event->erases) change.set_cause(v1::RELATIONSHIP_CAUSE_ERASURE);
    if (change.event_ids_size() < kEventIdsMax) change.add_event_ids(event->event_id);
  }
}

void WatchSteps::EventStep::Remember() {
  for (const auto& [survivor, group] : groups_before_) steps_->memory_.Drop(survivor);
  for (const auto& [survivor, after] : states_after_) steps_->Keep(*after.facts, after.state);
}

}  // namespace rapport::support
