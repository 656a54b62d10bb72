// Touchpoints as JSON: what publishers send and readers see.
//
//   ASSIGN_OR_RETURN(v1::Touchpoint touchpoint, JsonToTouchpoint(line));
//   v1::Event event = event::TouchpointToEvent(touchpoint);      // engine/event/touchpoint.h
//   std::string shown = EventToJson(event);
//
// Strict as json_reader.h says. Limits and required fields are the Validator's affair.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT with reason and path.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/edge/json_reader.h"
#include "consumers/edge/json_writer.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::edge {

// `origin` is where the text stands, for messages.
absl::StatusOr<v1::Touchpoint> JsonToTouchpoint(absl::string_view json,
                                                const JsonOrigin& origin = {});

// JsonToTouchpoint, then closed to an Event.
absl::StatusOr<v1::Event> JsonToEvent(absl::string_view json);

// The touchpoint in one line. An event that cannot be opened (unknown kind, broken payload) is
// shown as it stands on the log: with `kind` and base64 `payload`.
std::string EventToJson(const v1::Event& event);

}  // namespace rapport::edge
