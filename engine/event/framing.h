// Framing: takes the event's bytes out of whatever a producer wrapped around them.
//
// The first byte decides, because a bare `Event` never starts below 08 nor with `{`:
//   08..   a bare Event, also with CloudEvents binary or `__value_schema_id` headers
//   00     Confluent: 4 bytes of schema id, message indexes that mean [0], Event
//   01     Confluent: 16 bytes of schema GUID, message indexes that mean [0], Event
//   {      CloudEvents structured JSON, for the process's StructuredReader; of batches ([) none
// The indexes [0] are written `00`, or in full `02 00` (zigzag) or `01 00` (older clients).
//
// Threads:  pure, but for SetStructuredReader.
// Lifetime: what comes out points into the record.
// Errors:   FRAME_UNKNOWN says which framings are read.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "engine/model/record.h"
#include "engine/model/rejection.h"
#include "rapport/v1/event.pb.h"

namespace rapport::event {

// What headers say of the event; the body beats them. Empty where there is no such header.
struct Hints {
  // `ce_id`, else Debezium's `id`.
  absl::string_view event_id;
  absl::string_view source;
  // RFC 3339.
  absl::string_view time;
  // `__value_schema_id`, in Confluent's binary form.
  absl::string_view schema_id;
};

Hints ReadHints(absl::Span<const HeaderView> headers);
// Whether a header of this name says something of the event.
bool IsHint(absl::string_view name);

// Whether the value is a CloudEvent in structured JSON.
bool IsStructured(absl::string_view value);

// Reads such a value, as far as it fills the event. No JSON is known here: whoever knows it
// (consumers/edge) hands its reader in before any log is read, and the process keeps it.
using StructuredReader = std::optional<Rejection> (*)(absl::string_view json, v1::Event& event);
// Null = such values are FRAME_UNKNOWN. Set before other threads read records; again only the same.
void SetStructuredReader(StructuredReader reader);
StructuredReader TheStructuredReader();

// Sets `event` to the bytes of the bare Event in the record's value; FRAME_UNKNOWN for JSON.
std::optional<Rejection> Unframe(absl::string_view value, const Hints& hints,
                                 absl::string_view& event);

}  // namespace rapport::event
