// Publisher: the ingress. Checks an event with the pipeline's own code, seals its sensitive texts
// under its customer's key, then appends it.
//
//   std::vector<PublishOutcome> outcomes = publisher.Publish(events, {});
//
// The answer ACCEPTED comes when the log has the event durably. The same id and content again gives
// the first answer; where that cannot be known yet the event is appended again and folded once.
//
// Threads:   Publish and Submit from any thread.
// Ownership: borrows log, pipeline, clock and keys; without keys it takes no sensitive texts.
// Errors:    per event, in its outcome: a Rejection's status, or what the log said. One event's
//            error never fails its neighbours. CUSTOMER_ERASED for a text of an erased customer,
//            KEY_STORE_UNAVAILABLE while texts cannot be sealed.
// Never:     logs a text that is marked as sensitive in clear.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/base/clock.h"
#include "engine/event/key_store.h"
#include "engine/log/log.h"
#include "engine/pipeline/pipeline.h"
#include "rapport/v1/event.pb.h"

namespace rapport::pipeline {

// What became of one event.
struct PublishOutcome {
  // OK = accepted or duplicate.
  absl::Status status;
  bool duplicate = false;
  log::Appended appended;
};

struct PublishOptions {
  // Check only, append nothing.
  bool validate_only = false;
  // How long a full queue is waited for.
  absl::Time deadline = absl::InfiniteFuture();
  // The engine speaks: kinds that publishers may not send are taken.
  bool from_engine = false;
};

// CloudEvents headers, for consumers of the topic that do not know our envelope.
std::vector<std::pair<std::string, std::string>> CloudEventHeaders(const v1::Event& event);

class Publisher {
 public:
  Publisher(log::Log* log, const Pipeline* pipeline, const Clock* clock,
            event::KeyStore* keys = nullptr)
      : log_(log), pipeline_(pipeline), clock_(clock), keys_(keys) {}

  // One outcome per event, in order; returns when all are known.
  std::vector<PublishOutcome> Publish(absl::Span<const v1::Event> events,
                                      const PublishOptions& options) const;

  // Begins to publish one event and returns at once. `done` is called once, from any thread, with
  // what became of it; a full queue is not waited for.
  using Done = std::function<void(PublishOutcome)>;
  void Submit(const v1::Event& event, Done done) const;

  // The position that covers `outcomes`.
  Position PositionOf(absl::Span<const PublishOutcome> outcomes) const;

 private:
  log::Log* const log_;
  const Pipeline* const pipeline_;
  const Clock* const clock_;
  event::KeyStore* const keys_;
};

}  // namespace rapport::pipeline
