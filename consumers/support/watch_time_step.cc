#include <algorithm>
#include <utility>

#include "consumers/support/watch_change.h"
#include "consumers/support/watch_steps_parts.h"
#include "engine/base/status_macros.h"

namespace rapport::support {

absl::Status WatchSteps::TellTime(WatchPlace& place, int64_t to_us, WatchListener& listener) {
  if (to_us <= place.told_to_us) return absl::OkStatus();
  TimeStep step(this, &place, to_us, &listener);
  return step.Tell();
}

absl::Status WatchSteps::TimeStep::Tell() {
  RETURN_IF_ERROR(FindDue());
  moment_us_ = place_->told_to_us;
  while (!due_.empty()) {
    if (!listener_->GoOn()) return ListenerLeft();
    RETURN_IF_ERROR(TellNext());
  }
  RETURN_IF_ERROR(EndMoment());
  place_->told_to_us = to_us_;
  return listener_->OnStep(*place_) ? absl::OkStatus() : ListenerLeft();
}

// Whoever changes in between was evaluated since, is due, or the index is not sure of him.
absl::Status WatchSteps::TimeStep::FindDue() {
  const auto no_rows = [](absl::string_view) -> std::optional<store::WantedRows> {
    return std::nullopt;
  };
  const std::string rules = place_->rules->digest();
  std::vector<std::string> candidates;
  for (const int64_t as_of_us : {place_->told_to_us, to_us_}) {
    ASSIGN_OR_RETURN(store::IndexSight sight,
                     steps_->engine_->pipeline().ReadIndex(as_of_us, 0, no_rows, rules));
    candidates.insert(candidates.end(), std::make_move_iterator(sight.unsure.begin()),
                      std::make_move_iterator(sight.unsure.end()));
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  // Who is remembered is not looked up.
  std::vector<std::string> others;
  for (const std::string& customer : candidates) {
    if (!AddRemembered(customer)) others.push_back(customer);
  }
  for (size_t i = 0; i < others.size(); ++i) {
    if (!listener_->GoOn()) return ListenerLeft();
    if (i % WatchReader::kNotedMax == 0) {
      const auto next = absl::MakeConstSpan(others).subspan(i, WatchReader::kNotedMax);
      RETURN_IF_ERROR(steps_->reader_.NoteAppendedOf(next, place_->position));
    }
    RETURN_IF_ERROR(AddCandidate(others[i]));
  }
  return absl::OkStatus();
}

bool WatchSteps::TimeStep::AddRemembered(const std::string& customer) {
  const WatchState* told = steps_->memory_.Find(customer);
  if (told == nullptr) return false;
  const int64_t at_us = NextChangeOf(**told);
  if (at_us <= to_us_) due_.push({at_us, customer, {customer, {customer}}});
  return true;
}

absl::Status WatchSteps::TimeStep::AddCandidate(const std::string& customer) {
  ASSIGN_OR_RETURN(Group group, steps_->reader_.GroupAt(customer, place_->position));
  if (group.is_merged() && !seen_.insert(group.survivor).second) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto facts,
                   steps_->reader_.FactsAt(group, place_->position, place_->rules));
  if (facts == nullptr || facts->begins_us() > to_us_) return absl::OkStatus();
  // From where it changed last: the next change is not the same from every moment in between.
  const int64_t at_us = facts->NextChangeAfter(*place_->rules, place_->told_to_us);
  if (at_us > to_us_) return absl::OkStatus();
  std::string survivor = group.survivor;
  due_.push({at_us, std::move(survivor), std::move(group)});
  return absl::OkStatus();
}

absl::Status WatchSteps::TimeStep::TellNext() {
  Due next = due_.top();
  due_.pop();
  if (next.at_us > moment_us_) {
    RETURN_IF_ERROR(EndMoment());
    moment_us_ = next.at_us;
  }
  ASSIGN_OR_RETURN(const auto facts,
                   steps_->reader_.FactsAt(next.group, place_->position, place_->rules));
  if (facts == nullptr) return absl::OkStatus();
  WatchState was;
  if (const WatchState* told = steps_->memory_.Find(next.customer)) {
    was = *told;
  } else {
    was = facts->At(*place_->rules, next.at_us - 1);
  }
  const WatchState is = facts->Exactly(*place_->rules, next.at_us);
  steps_->Keep(*facts, is);
  const int64_t after_us = NextChangeOf(*is);
  if (!SaySame(was, is)) {
    RETURN_IF_ERROR(SendWaiting(/*is_last=*/false));
    waiting_ = ChangeBetween(next.customer, was, is);
    waiting_->set_cause(v1::RELATIONSHIP_CAUSE_TIME);
  }
  if (after_us <= to_us_ && after_us > next.at_us) {
    next.at_us = after_us;
    due_.push(std::move(next));
  }
  return absl::OkStatus();
}

absl::Status WatchSteps::TimeStep::SendWaiting(bool is_last) {
  if (!waiting_.has_value()) return absl::OkStatus();
  WatchPlace place = *place_;
  if (is_last) {
    place.told_to_us = moment_us_;
  } else {
    place.step = WatchedStep{WatchedStep::What::kTime, 0, moment_us_};
  }
  const bool goes_on = listener_->OnChange(*std::move(waiting_), place);
  waiting_.reset();
  return goes_on ? absl::OkStatus() : ListenerLeft();
}

absl::Status WatchSteps::TimeStep::EndMoment() {
  if (moment_us_ == place_->told_to_us) return absl::OkStatus();
  RETURN_IF_ERROR(SendWaiting(/*is_last=*/true));
  place_->told_to_us = moment_us_;
  return listener_->OnStep(*place_) ? absl::OkStatus() : ListenerLeft();
}

}  // namespace rapport::support
