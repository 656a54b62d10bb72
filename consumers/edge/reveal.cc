#include "consumers/edge/reveal.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/event/seal.h"
#include "engine/event/touchpoint.h"

namespace rapport::edge {
namespace {

// Leaves in masked_fields what is not in `opened`.
void KeepMasked(const std::set<std::string>& opened, v1::TimelineEntry& entry) {
  google::protobuf::RepeatedPtrField<std::string> left;
  for (const std::string& path : entry.masked_fields()) {
    if (!opened.contains(path)) *left.Add() = path;
  }
  entry.mutable_masked_fields()->Swap(&left);
}

// Takes away the hash of an alias, also of one that a correction puts in place.
void DropLookup(v1::Touchpoint& touchpoint) {
  if (touchpoint.has_alias_linked()) touchpoint.mutable_alias_linked()->clear_lookup();
  if (touchpoint.event_corrected().kind() != v1::KIND_ALIAS_LINKED) return;
  v1::EventCorrected& correction = *touchpoint.mutable_event_corrected();
  v1::AliasLinked alias;
  if (!alias.ParseFromString(correction.payload())) return;
  alias.clear_lookup();
  correction.set_payload(alias.SerializeAsString());
}

}  // namespace

absl::Status CheckReveal(const Call& call, const std::string& purpose) {
  RETURN_IF_ERROR(CheckRole(call.caller(), Role::kRevealer, "reveal"));
  return event::CheckPurpose(purpose);
}

event::Opening OpeningOf(const Call& call, const std::string& purpose, const Engine& engine) {
  return {call.caller().name, purpose, engine.clock().NowMicros(), call.deadline()};
}

std::string DoneBy(const Call& call, const std::string& given) {
  return call.caller().is_authenticated ? call.caller().name : given;
}

absl::Status WriteDown(const Call& call, const std::string& action, const std::string& customer_id,
                       const std::string& purpose, const Engine& engine) {
  return engine.audit()
      .Append({engine.clock().NowMicros(), call.caller().name, action, customer_id, {}, purpose})
      .status();
}

void MaskEntries(absl::Span<v1::TimelineEntry* const> entries) {
  for (v1::TimelineEntry* entry : entries) {
    v1::Touchpoint& touchpoint = *entry->mutable_touchpoint();
    touchpoint.clear_sealed();
    touchpoint.clear_content_tag();
    DropLookup(touchpoint);
    if (entry->has_counts_as()) DropLookup(*entry->mutable_counts_as());
  }
}

absl::Status RevealEntries(const Engine& engine, const std::string& customer_id,
                           const event::Opening& opening,
                           absl::Span<v1::TimelineEntry* const> entries) {
  std::vector<v1::Event> events;
  for (const v1::TimelineEntry* entry : entries) {
    events.push_back(event::TouchpointToEvent(entry->touchpoint()));
  }
  std::vector<v1::Event*> places;
  for (v1::Event& event : events) places.push_back(&event);
  RETURN_IF_ERROR(engine.revealer().Open(customer_id, opening, places));
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i]->touchpoint().sealed().empty()) continue;
    std::set<std::string> opened;
    for (const v1::SealedField& sealed : entries[i]->touchpoint().sealed()) {
      opened.insert(sealed.field());
    }
    for (const std::string& path : event::SealedPaths(events[i])) opened.erase(path);
    KeepMasked(opened, *entries[i]);
    ASSIGN_OR_RETURN(*entries[i]->mutable_touchpoint(), event::EventToTouchpoint(events[i]));
  }
  MaskEntries(entries);
  return absl::OkStatus();
}

}  // namespace rapport::edge
