#include "consumers/support/simulation.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/field_path.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/link.h"
#include "engine/event/revision.h"
#include "engine/event/touchpoint.h"
#include "engine/event/validator.h"

namespace rapport::support {
namespace {

constexpr int kTouchpointsMax = 20;

// Its message tells in which touchpoint, and names fields as that has them.
absl::Status In(int number, const v1::Touchpoint& touchpoint, const absl::Status& status) {
  const absl::Status told = edge::AsTouchpoint(status, touchpoint);
  const std::string text = edge::TextOf(told);
  // `FIELD_INVALID: source: ...` is about `touchpoints[3].source`.
  const bool has_field = text.find(": ") < text.find(' ');
  return absl::Status(told.code(), absl::StrCat(edge::ReasonOf(told), ": touchpoints[", number,
                                                has_field ? "]." : "]: ", text));
}

absl::Status Invalid(int number, absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("FIELD_INVALID: touchpoints[", number, "].", field, ": ", what));
}

// The event as somebody would have published it.
v1::Event Completed(v1::Event event, int number, const std::string& customer, int64_t as_of_us) {
  // Facts count each id once; nobody has published this one.
  event.set_event_id(absl::StrCat("rapport-imagined-", number));
  if (event.source().empty()) event.set_source("imagined");
  if (event.customer_id().empty()) event.set_customer_id(customer);
  if (event.occurred_at_us() == 0) event.set_occurred_at_us(as_of_us);
  return event;
}

// The imagined event, good to be folded behind all that the log holds.
absl::StatusOr<history::PastEvent> ImaginedEvent(const v1::Touchpoint& touchpoint, int number,
                                                 const Group& group, const std::string& customer,
                                                 int64_t as_of_us) {
  v1::Event event = Completed(event::TouchpointToEvent(touchpoint), number, customer, as_of_us);
  if (event.customer_id() != customer && event.customer_id() != group.survivor) {
    return Invalid(number, "customer_id", "is another customer's; leave it out");
  }
  if (event.occurred_at_us() > as_of_us) {
    return Invalid(number, "occurred_at",
                   absl::StrCat("is after the date that is asked about, ", FormatTime(as_of_us)));
  }
  if (event::IsRevision(event.kind()) || event::IsLink(event.kind())) {
    return Invalid(number, "kind",
                   "retractions, corrections, merges and splits act on events that are logged; "
                   "imagine what would count instead");
  }
  if (const auto rejection = event::CheckPublished(event); rejection.has_value()) {
    return In(number, touchpoint, rejection->ToStatus());
  }
  const std::string value = event.SerializeAsString();
  RecordView record;
  record.append_time_us = as_of_us;
  record.key = event.customer_id();
  record.value = value;
  event::Validator validator(event::ValidatorOptions{});
  auto rejection = validator.CheckEnvelope(record);
  if (!rejection.has_value()) rejection = validator.CheckPayload();
  if (rejection.has_value()) return In(number, touchpoint, rejection->ToStatus());
  history::PastEvent imagined;
  imagined.moment = validator.event().moment();
  imagined.envelope = *validator.event().envelope;
  imagined.offset = std::numeric_limits<Offset>::max() - kTouchpointsMax + number;
  imagined.append_time_us = as_of_us;
  return imagined;
}

// Adds what all members together are at the viewpoint.
absl::Status AddFacts(const Engine& engine, const Group& group, const history::Viewpoint& viewpoint,
                      history::PastFacts& facts) {
  for (const std::string& member : group.members) {
    ASSIGN_OR_RETURN(const auto events, engine.history().Events(member, viewpoint));
    for (const history::PastEvent& event : events) {
      RETURN_IF_ERROR(history::CheckInTime(viewpoint));
      facts.Fold(event);
    }
  }
  return absl::OkStatus();
}

// What is amiss with the members' events.
absl::Status AddAmiss(const Engine& engine, const Group& group, fold::EvaluateOptions& options,
                      uint32_t& quarantined) {
  for (const std::string& member : group.members) {
    RETURN_IF_ERROR(engine.pipeline().Read(
        member, [&](const store::CustomerView& view) { quarantined += view.quarantined; }));
  }
  options.quarantined = quarantined > 0;
  options.lost = !engine.CompleteFrom(group).next.empty();
  return absl::OkStatus();
}

}  // namespace

absl::Status Simulate(const Engine& engine, const edge::Call& call,
                      const v1::SimulateRelationshipRequest& request,
                      v1::SimulateRelationshipResponse& response) {
  if (request.touchpoints_size() > kTouchpointsMax) {
    return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: touchpoints: has ",
                                                   request.touchpoints_size(), "; imagine at most ",
                                                   kTouchpointsMax, " at once"));
  }
  RETURN_IF_ERROR(edge::AwaitPosition(request.min_position(), call.deadline(), engine.pipeline()));
  ASSIGN_OR_RETURN(const history::Viewpoint viewpoint,
                   edge::ViewpointOf(request.viewpoint(), call.deadline(), engine));
  *response.mutable_info() = edge::AnswerInfoOf(engine, viewpoint);
  ASSIGN_OR_RETURN(const Group group, engine.history().GroupOf(request.customer_id(), viewpoint));
  response.set_customer_id(request.customer_id());
  edge::TellGroup(engine, request.customer_id(), group, response);
  std::vector<history::PastEvent> imagined;
  for (int i = 0; i < request.touchpoints_size(); ++i) {
    ASSIGN_OR_RETURN(
        history::PastEvent event,
        ImaginedEvent(request.touchpoints(i), i, group, request.customer_id(), viewpoint.as_of_us));
    imagined.push_back(std::move(event));
  }
  fold::EvaluateOptions options;
  options.metrics = true;
  uint32_t quarantined = 0;
  RETURN_IF_ERROR(AddAmiss(engine, group, options, quarantined));
  response.set_quarantined(quarantined);
  const fold::Projection& rules = *viewpoint.rules;
  history::PastFacts facts(&rules);
  RETURN_IF_ERROR(AddFacts(engine, group, viewpoint, facts));
  rules.Evaluate(group.survivor, facts.get(), viewpoint.as_of_us, options,
                 *response.mutable_before());
  for (const history::PastEvent& event : imagined) facts.Fold(event);
  rules.Evaluate(group.survivor, facts.get(), viewpoint.as_of_us, options,
                 *response.mutable_after());
  return absl::OkStatus();
}

}  // namespace rapport::support
