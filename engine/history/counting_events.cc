#include "engine/history/counting_events.h"

#include "engine/base/check.h"
#include "engine/event/link.h"
#include "engine/event/revision.h"
#include "engine/event/validator.h"
#include "engine/history/history.h"

namespace rapport::history {

CountingEvents::CountingEvents(absl::Span<const PastEvent> events) {
  event::Validator validator(event::ValidatorOptions{});
  for (const PastEvent& past : events) {
    const v1::Kind kind = past.counting().kind();
    if (!past.retracted_by.empty() || event::IsRevision(kind) || event::IsLink(kind)) continue;
    const auto rejection =
        validator.Adopt(past.counting(), past.partition, past.offset, past.append_time_us);
    RAPPORT_CHECK(!rejection.has_value())
        << past.partition << "@" << past.offset << " was checked before: " << rejection->message;
    ValidEvent event = validator.event();
    envelopes_.push_back(std::make_unique<v1::Event>(*event.envelope));
    payloads_.emplace_back(event.payload->New());
    payloads_.back()->CopyFrom(*event.payload);
    event.envelope = envelopes_.back().get();
    event.payload = payloads_.back().get();
    event.customer_id = event.envelope->customer_id();
    events_.push_back(std::move(event));
  }
}

}  // namespace rapport::history
