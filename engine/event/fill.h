// Fills what an event leaves empty from its record's headers and key. The body beats a header.
//
// event_id from `ce_id` or Debezium's `id`, source from `ce_source`, time from `ce_time`,
// customer_id from the key, unless that is the event id: then the event is anonymous.
//
// Threads: pure.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "engine/event/framing.h"
#include "engine/model/rejection.h"
#include "rapport/v1/event.pb.h"

namespace rapport::event {

// Refuses a header or key that is no text, and a `ce_time` that is no moment.
std::optional<Rejection> Fill(absl::string_view key, const Hints& hints, v1::Event& event);

// Keeps of an event that could not be read what is sound of event id, customer and source, for the
// quarantine; the rest is cleared.
void Salvage(absl::string_view key, const Hints& hints, v1::Event& event);

}  // namespace rapport::event
