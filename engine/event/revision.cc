#include "engine/event/revision.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {
namespace {

const Revision* Find(const std::map<EventId, const Revision*>& revisions, const EventId& id) {
  const auto found = revisions.find(id);
  return found == revisions.end() ? nullptr : found->second;
}

}  // namespace

bool IsRevision(v1::Kind kind) {
  return kind == v1::KIND_EVENT_RETRACTED || kind == v1::KIND_EVENT_CORRECTED;
}

Revision RevisionOf(const ValidEvent& event) {
  RAPPORT_CHECK(IsRevision(event.kind) && event.payload != nullptr) << event.kind;
  const std::string& target =
      event.kind == v1::KIND_EVENT_RETRACTED
          ? static_cast<const v1::EventRetracted&>(*event.payload).target_event_id()
          : static_cast<const v1::EventCorrected&>(*event.payload).target_event_id();
  return {event.moment(), event.kind, event.offset, EventId::FromText(target)};
}

Revisions::Revisions(std::vector<Revision> all) : all_(std::move(all)) {
  std::sort(all_.begin(), all_.end(),
            [](const Revision& a, const Revision& b) { return a.moment > b.moment; });
  for (const Revision& revision : all_) {
    if (revision.kind == v1::KIND_EVENT_RETRACTED) {
      retractions_.try_emplace(revision.target, &revision);
    } else {
      own_.try_emplace(revision.moment.id, &revision);
    }
  }
  // The greatest moment first: what may undo a correction has been judged before it.
  for (const Revision& revision : all_) {
    if (revision.kind == v1::KIND_EVENT_RETRACTED) continue;
    const EventId& id = revision.moment.id;
    if (retractions_.contains(id) || corrections_.contains(id)) continue;
    corrections_.try_emplace(revision.target, &revision);
  }
}

Ruling Revisions::RulingOn(const EventId& id, const Moment& moment, v1::Kind kind) const {
  if (kind == v1::KIND_EVENT_RETRACTED) return {};
  if (const Revision* by = Find(retractions_, id)) return {Ruling::Fate::kRetracted, by};
  if (kind == v1::KIND_EVENT_CORRECTED) return RulingOnCorrection(id, moment);
  if (const Revision* by = Find(corrections_, id)) return {Ruling::Fate::kCorrected, by};
  return {};
}

Ruling Revisions::RulingOnCorrection(const EventId& id, const Moment& moment) const {
  const Revision* by = Find(corrections_, id);
  if (by == nullptr || by->moment < moment) {
    const Revision* own = Find(own_, id);
    by = own == nullptr ? nullptr : Find(corrections_, own->target);
  }
  if (by == nullptr || by->moment <= moment) return {};
  return {Ruling::Fate::kCorrected, by};
}

v1::Event InPlaceOf(const v1::Event& target, const v1::Event& correction) {
  v1::EventCorrected content;
  RAPPORT_CHECK(correction.kind() == v1::KIND_EVENT_CORRECTED &&
                content.ParseFromString(correction.payload()))
      << "no correction";
  v1::Event event = correction;
  event.set_event_id(target.event_id());
  event.set_kind(content.kind());
  event.set_payload(content.payload());
  const int64_t at_us = content.occurred_at_us();
  event.set_occurred_at_us(at_us != 0 ? at_us : target.occurred_at_us());
  event.clear_sealed();
  event.clear_content_tag();
  event.clear_note();
  return event;
}

}  // namespace rapport::event
