#include "engine/event/erasure.h"

namespace rapport::event {

v1::Event ErasureEvent(v1::Kind kind, const std::string& customer_id, int64_t now_us) {
  v1::Event event;
  event.set_event_id(kind == v1::KIND_ERASURE_REQUESTED ? kRequestedId : kCompletedId);
  event.set_customer_id(customer_id);
  event.set_occurred_at_us(now_us);
  event.set_kind(kind);
  event.set_source(kErasureSource);
  return event;
}

bool IsErasureRequest(const v1::Event& event) {
  return event.kind() == v1::KIND_ERASURE_REQUESTED && event.source() == kErasureSource &&
         event.event_id() == kRequestedId && !event.customer_id().empty();
}

}  // namespace rapport::event
