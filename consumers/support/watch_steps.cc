#include "consumers/support/watch_steps.h"

#include <algorithm>
#include <utility>

#include "consumers/edge/viewpoint.h"
#include "consumers/support/watch_change.h"
#include "consumers/support/watch_steps_parts.h"
#include "engine/base/status_macros.h"
#include "engine/event/erasure.h"
#include "engine/event/validator.h"

namespace rapport::support {
namespace {

// Where the step at `next` ends.
Offset EndOfStep(Offset next, Offset to) {
  constexpr Offset kJoined = WatchSteps::kJoinedRecords;
  return to - next > kJoined ? (next / kJoined + 1) * kJoined : next + 1;
}

bool Erases(const v1::Event& event) {
  return event::IsErasureRequest(event) ||
         (event.kind() == v1::KIND_ERASURE_COMPLETED && event.source() == event::kErasureSource &&
          event.event_id() == event::kCompletedId);
}

}  // namespace

absl::Status ListenerLeft() { return absl::CancelledError("the caller has left"); }

absl::StatusOr<WatchState> WatchSteps::StateAt(const Group& group, const WatchPlace& place) {
  if (!group.is_merged()) {
    if (const WatchState* state = memory_.Find(group.survivor)) return *state;
  }
  ASSIGN_OR_RETURN(const auto facts, reader_.FactsAt(group, place.position, place.rules));
  if (facts == nullptr) return nullptr;
  return facts->At(*place.rules, place.told_to_us);
}

void WatchSteps::Keep(const WatchedFacts& facts, const WatchState& state) {
  // What was remembered of him is not so any more in either case.
  if (facts.is_alone()) {
    memory_.Put(facts.group().survivor, state);
  } else {
    memory_.Drop(facts.group().survivor);
  }
}

absl::Status WatchSteps::TellStep(WatchPlace& place, std::shared_ptr<const fold::Projection> rules,
                                  WatchListener& listener) {
  if (!place.step.has_value()) return absl::OkStatus();
  const WatchedStep step = *place.step;
  switch (step.what) {
    case WatchedStep::What::kEvents:
      RETURN_IF_ERROR(TellPartition(place, step.partition, step.end, listener));
      break;
    case WatchedStep::What::kTime:
      place.step.reset();
      return TellTime(place, step.end, listener);
    case WatchedStep::What::kRules:
      place.step.reset();
      return TellRules(place, std::move(rules), listener);
  }
  place.step.reset();
  return absl::OkStatus();
}

absl::Status WatchSteps::TellEvents(WatchPlace& place, const Position& to,
                                    WatchListener& listener) {
  for (const auto& [partition, next] : to.next) {
    RETURN_IF_ERROR(TellPartition(place, partition, next, listener));
  }
  return absl::OkStatus();
}

absl::Status WatchSteps::TellPartition(WatchPlace& place, Partition partition, Offset to,
                                       WatchListener& listener) {
  // What ends the process when it is looked at is not looked at.
  const auto crashed = engine_->pipeline().progress(partition).crashed;
  event::Validator validator(event::ValidatorOptions{});
  const auto next = [&] { return place.position.next[partition]; };
  const auto cursor = engine_->archive().Scan(partition, next(), std::max(to, next()));
  std::vector<Record> records;
  bool has_record = cursor->Next();
  while (next() < to) {
    const Offset end = place.step.has_value() ? place.step->end : EndOfStep(next(), to);
    records.clear();
    reader_.ForgetAppended();
    for (; has_record && cursor->record().offset < end; has_record = cursor->Next()) {
      const RecordView& record = cursor->record();
      if (crashed.contains(record.offset) || validator.CheckEnvelope(record).has_value()) continue;
      const ValidEvent& event = validator.event();
      if (event.customer_id.empty()) continue;
      records.push_back(
          {std::string(event.customer_id), event.id.Hex(), record.offset, Erases(*event.envelope)});
      reader_.NoteAppended(partition, record.offset, record.append_time_us);
    }
    RETURN_IF_ERROR(cursor->status());
    EventStep step(this, place, {WatchedStep::What::kEvents, partition, end});
    RETURN_IF_ERROR(step.Tell(records, listener));
    place = step.after();
    if (!listener.OnStep(place)) return ListenerLeft();
  }
  return absl::OkStatus();
}

absl::Status WatchSteps::TellRules(WatchPlace& place, std::shared_ptr<const fold::Projection> rules,
                                   WatchListener& listener) {
  memory_.DropAll();
  ASSIGN_OR_RETURN(std::vector<std::string> customers, engine_->pipeline().CustomerIds());
  std::sort(customers.begin(), customers.end());
  WatchPlace after = place;
  after.rules = std::move(rules);
  WatchPlace within = place;
  within.step = WatchedStep{WatchedStep::What::kRules, 0, 0, edge::RulesDigestOf(*after.rules)};
  const bool alike = fold::FoldAlike(*place.rules, *after.rules);
  std::optional<v1::RelationshipChange> waiting;
  for (size_t i = 0; i < customers.size(); ++i) {
    if (!listener.GoOn()) return ListenerLeft();
    if (i % WatchReader::kNotedMax == 0) {
      const auto next = absl::MakeConstSpan(customers).subspan(i, WatchReader::kNotedMax);
      RETURN_IF_ERROR(reader_.NoteAppendedOf(next, place.position));
    }
    const std::string& customer = customers[i];
    ASSIGN_OR_RETURN(const Group group, reader_.GroupAt(customer, place.position));
    if (group.survivor != customer) continue;
    ASSIGN_OR_RETURN(const auto facts, reader_.FactsAt(group, place.position, place.rules));
    if (facts == nullptr) continue;
    const WatchState was = facts->At(*place.rules, place.told_to_us);
    WatchState is;
    if (alike) {
      is = facts->At(*after.rules, place.told_to_us);
    } else {
      ASSIGN_OR_RETURN(const auto anew, reader_.FactsAt(group, place.position, after.rules));
      // Nobody any more, since a record was judged again.
      if (anew == nullptr) continue;
      is = anew->At(*after.rules, place.told_to_us);
    }
    if (SaySame(was, is)) continue;
    if (waiting.has_value() && !listener.OnChange(*std::move(waiting), within)) {
      return ListenerLeft();
    }
    waiting = ChangeBetween(customer, was, is);
    waiting->set_cause(v1::RELATIONSHIP_CAUSE_RULES);
    waiting->set_at_us(place.told_to_us);
  }
  if (waiting.has_value() && !listener.OnChange(*std::move(waiting), after)) return ListenerLeft();
  place = after;
  return listener.OnStep(place) ? absl::OkStatus() : ListenerLeft();
}

}  // namespace rapport::support
