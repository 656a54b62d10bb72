// CountingEvents: events of the past as a fold or a report takes them: opened, and only what
// counts.
//
//   ASSIGN_OR_RETURN(auto events, history.CountingEventsOf(group, viewpoint));
//   run->AddCustomer(group.survivor, events.get());
//
// A retracted event is not there, a corrected one is what stands in its place, under the old id;
// retractions, corrections and links themselves are not there either.
//
// Threads:   plain values once made. Ownership: owns the messages that its events point into.
// Lifetime:  get() is good while the object lives; it may be moved.
#pragma once

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "engine/model/valid_event.h"

namespace rapport::history {

struct PastEvent;

class CountingEvents {
 public:
  // REQUIRES: the events are good, as those of History are.
  explicit CountingEvents(absl::Span<const PastEvent> events);

  // In the order they were given.
  absl::Span<const ValidEvent> get() const { return events_; }

 private:
  std::vector<std::unique_ptr<v1::Event>> envelopes_;
  std::vector<std::unique_ptr<google::protobuf::Message>> payloads_;
  std::vector<ValidEvent> events_;
};

}  // namespace rapport::history
