#include "projections/explain/effects.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "projections/facts/reading.h"
#include "projections/stage/course.h"
#include "projections/standpoint.h"

namespace rapport::explain {

using follow_up::FollowUps;

bool StandardEffects::Precedes(const Owed& a, const Owed& b) {
  const auto rank = [](const Owed& one) {
    return std::tie(one.policy, one.anchor.kind, one.anchor.event, one.anchor.number,
                    one.anchor.times, one.anchor.key);
  };
  return rank(a) < rank(b);
}

// Facts change with the next event, and with them the keys that anchors borrow.
void StandardEffects::Keep(const std::vector<FollowUps::Mark>& marks, Glimpse& glimpse) {
  glimpse.owed.clear();
  glimpse.keys.clear();
  size_t bytes = 0;
  for (const FollowUps::Mark& mark : marks) bytes += mark.anchor.key.size();
  // From here on they stay where they are.
  glimpse.keys.reserve(bytes);
  for (const FollowUps::Mark& mark : marks) {
    Owed& owed = glimpse.owed.emplace_back();
    owed.policy = mark.policy;
    owed.anchor = mark.anchor;
    owed.is_closed =
        mark.status == v1::FOLLOW_UP_STATUS_DONE || mark.status == v1::FOLLOW_UP_STATUS_EXPIRED;
    const size_t begin = glimpse.keys.size();
    glimpse.keys.append(mark.anchor.key.data(), mark.anchor.key.size());
    owed.anchor.key = absl::string_view(glimpse.keys).substr(begin);
  }
  std::sort(glimpse.owed.begin(), glimpse.owed.end(), &Precedes);
}

void StandardEffects::Take(const facts::Facts& facts, int64_t at_us, Glimpse& glimpse) const {
  const facts::Reading reading = facts::Read(facts, at_us, *fold_, *rules_);
  glimpse.at_us = at_us;
  glimpse.score = loyalty::Score(reading, *rules_);
  const stage::Course course(facts, reading, *rules_);
  glimpse.stage = course.At(reading.day).stage;
  const projections::Standpoint standpoint(facts, course, *fold_, *rules_);
  Keep(FollowUps(customer_id_, facts, *policies_, standpoint, at_us).Marks(), glimpse);
}

void StandardEffects::Before(const void* facts, int64_t at_us) {
  // Nothing happened since.
  if (after_->at_us == at_us) {
    std::swap(before_, after_);
  } else {
    Take(*static_cast<const facts::Facts*>(facts), at_us, *before_);
  }
}

void StandardEffects::After(const void* facts, int64_t at_us, v1::TimelineEntry& entry) {
  Take(*static_cast<const facts::Facts*>(facts), at_us, *after_);
  for (int i = 0; i < loyalty::kLines; ++i) {
    const int64_t moved = after_->score.milli[i] - before_->score.milli[i];
    if (moved == 0) continue;
    v1::LineEffect* effect = entry.add_effects();
    effect->set_line(static_cast<v1::ScoreLine>(i + 1));
    effect->set_milli_points(moved);
  }
  entry.set_stage_before(before_->stage);
  entry.set_stage_after(after_->stage);
  std::vector<const Owed*> opened, closed;
  auto then = before_->owed.begin();
  for (const Owed& now : after_->owed) {
    while (then != before_->owed.end() && Precedes(*then, now)) ++then;
    const bool was_there = then != before_->owed.end() && !Precedes(now, *then);
    if (now.is_closed && !(was_there && then->is_closed)) closed.push_back(&now);
    if (!now.is_closed && !was_there) opened.push_back(&now);
  }
  Tell(std::move(opened), *entry.mutable_opened());
  Tell(std::move(closed), *entry.mutable_closed());
}

void StandardEffects::Tell(std::vector<const Owed*> follow_ups,
                           google::protobuf::RepeatedPtrField<std::string>& policies) const {
  if (follow_ups.empty()) return;
  std::vector<std::pair<std::string, const Owed*>> by_id;
  for (const Owed* one : follow_ups) {
    const Hash128 id = follow_up::FollowUpId(customer_id_, one->policy->id, one->anchor.ToString());
    by_id.emplace_back(Hex(id), one);
  }
  std::sort(by_id.begin(), by_id.end());
  for (const auto& [id, one] : by_id) *policies.Add() = one->policy->id;
}

}  // namespace rapport::explain
