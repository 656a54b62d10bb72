#include "consumers/edge/touchpoint_json.h"

#include "engine/base/status_macros.h"
#include "engine/event/touchpoint.h"

namespace rapport::edge {

absl::StatusOr<v1::Touchpoint> JsonToTouchpoint(absl::string_view json, const JsonOrigin& origin) {
  v1::Touchpoint touchpoint;
  RETURN_IF_ERROR(JsonToMessage(json, touchpoint, origin));
  return touchpoint;
}

absl::StatusOr<v1::Event> JsonToEvent(absl::string_view json) {
  ASSIGN_OR_RETURN(const v1::Touchpoint touchpoint, JsonToTouchpoint(json));
  return event::TouchpointToEvent(touchpoint);
}

std::string EventToJson(const v1::Event& event) {
  const absl::StatusOr<v1::Touchpoint> touchpoint = event::EventToTouchpoint(event);
  return touchpoint.ok() ? MessageToJson(*touchpoint) : MessageToJson(event);
}

}  // namespace rapport::edge
