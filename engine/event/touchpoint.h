// Touchpoint <-> Event: the same event with its payload opened, or closed as the log keeps it.
//
//   v1::Event event = TouchpointToEvent(touchpoint);            // to be published
//   absl::StatusOr<v1::Touchpoint> shown = EventToTouchpoint(event);
//
// Both ways keep everything, fields included that neither type knows. Fields other than time and
// payload have the same number and type in both, so they are carried over as bytes.
//
// Threads: pure.
#pragma once

#include "absl/status/statusor.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::event {

// Total: what a touchpoint lacks is lacking in the event, and the Validator says so. Parts of a
// microsecond are cut off; a time that does not fit stays at the end of the range.
v1::Event TouchpointToEvent(const v1::Touchpoint& touchpoint);

// INVALID_ARGUMENT (KIND_UNKNOWN, PAYLOAD_MALFORMED, TEXT_NOT_UTF8) when the payload cannot be
// opened, TIME_OUT_OF_RANGE for a time outside the years 1 to 9999. No validated event is refused.
absl::StatusOr<v1::Touchpoint> EventToTouchpoint(const v1::Event& event);

}  // namespace rapport::event
