#include "consumers/transactions/item_publisher.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/field_path.h"
#include "consumers/edge/rpc_status.h"
#include "engine/base/status_macros.h"
#include "engine/event/link.h"
#include "engine/event/touchpoint.h"
#include "rapport/v1/work.pb.h"

namespace rapport::transactions {
namespace {

absl::StatusOr<v1::Event> EventOf(const v1::PublishItem& item) {
  switch (item.item_case()) {
    case v1::PublishItem::kEvent:
      return item.event();
    case v1::PublishItem::kTouchpoint:
      return event::TouchpointToEvent(item.touchpoint());
    default:
      return absl::InvalidArgumentError(
          "FIELD_INVALID: item: is empty; give an event or a touchpoint");
  }
}

std::string IdOf(const v1::PublishItem& item) {
  return item.has_event() ? item.event().event_id() : item.touchpoint().event_id();
}

// The event that `event` takes back or puts right; empty = none.
std::string TargetOf(const v1::Event& event) {
  v1::EventRetracted retraction;
  v1::EventCorrected correction;
  if (event.kind() == v1::KIND_EVENT_RETRACTED && retraction.ParseFromString(event.payload())) {
    return retraction.target_event_id();
  }
  if (event.kind() == v1::KIND_EVENT_CORRECTED && correction.ParseFromString(event.payload())) {
    return correction.target_event_id();
  }
  return "";
}

// Nobody takes back or puts right what another source said. What is not there yet cannot be looked
// at; then the first to come is believed.
absl::Status CheckTarget(const Engine& engine, const edge::Caller& caller, const v1::Event& event) {
  const std::string target = TargetOf(event);
  if (target.empty() || !caller.is_authenticated) return absl::OkStatus();
  const auto found = engine.pipeline().FindEvent(event.customer_id(), EventId::FromText(target));
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  RETURN_IF_ERROR(found.status());
  return edge::CheckSource(caller, found->event.source());
}

// Who proved his name is its publisher, and speaks for his own sources only; who is one with whom
// is the operator's to say.
absl::StatusOr<v1::Event> Stamped(const Engine& engine, const edge::Caller& caller,
                                  v1::Event event) {
  RETURN_IF_ERROR(edge::CheckSource(caller, event.source()));
  if (event::IsLink(event.kind())) {
    RETURN_IF_ERROR(edge::CheckRole(caller, edge::Role::kOperator, "merging and splitting"));
  }
  RETURN_IF_ERROR(CheckTarget(engine, caller, event));
  event.clear_publisher();
  if (caller.is_authenticated) event.set_publisher(caller.name);
  return event;
}

// Names fields as the item has them.
v1::ErrorStatus ErrorOf(const absl::Status& status, const v1::PublishItem& item) {
  return edge::ToErrorStatus(item.has_touchpoint() ? edge::AsTouchpoint(status, item.touchpoint())
                                                   : status);
}

v1::PublishResult ResultOf(const v1::PublishItem& item, const v1::Event& event,
                           const pipeline::PublishOutcome& outcome, bool validate_only,
                           const pipeline::Publisher& publisher) {
  v1::PublishResult result;
  result.set_event_id(event.event_id());
  if (!outcome.status.ok()) {
    result.set_status(v1::PublishResult::STATUS_REJECTED);
    *result.mutable_error() = ErrorOf(outcome.status, item);
    return result;
  }
  result.set_status(outcome.duplicate ? v1::PublishResult::STATUS_DUPLICATE
                                      : v1::PublishResult::STATUS_ACCEPTED);
  // What was only checked stands nowhere yet.
  if (validate_only && !outcome.duplicate) return result;
  result.set_partition(outcome.appended.partition);
  result.set_offset(outcome.appended.offset);
  result.set_appended_at_us(outcome.appended.append_time_us);
  result.set_position(publisher.PositionOf(absl::MakeConstSpan(&outcome, 1)).ToString());
  return result;
}

}  // namespace

Position ItemPublisher::Publish(
    const edge::Caller& caller, absl::Span<const v1::PublishItem* const> items,
    const pipeline::PublishOptions& options,
    google::protobuf::RepeatedPtrField<v1::PublishResult>& results) const {
  std::vector<v1::Event> events;
  std::vector<absl::Status> unreadable;
  const absl::Status may_write = engine_->MayWrite();
  for (const v1::PublishItem* item : items) {
    absl::StatusOr<v1::Event> event = EventOf(*item);
    if (event.ok()) event = Stamped(*engine_, caller, *std::move(event));
    if (event.ok() && !may_write.ok()) event = may_write;
    unreadable.push_back(event.status());
    if (event.ok()) events.push_back(*std::move(event));
  }
  const auto outcomes = engine_->publisher().Publish(events, options);
  size_t next = 0;
  for (size_t place = 0; place < unreadable.size(); ++place) {
    const absl::Status& status = unreadable[place];
    v1::PublishResult& result = *results.Add();
    if (status.ok()) {
      result = ResultOf(*items[place], events[next], outcomes[next], options.validate_only,
                        engine_->publisher());
      ++next;
    } else {
      result.set_event_id(IdOf(*items[place]));
      result.set_status(v1::PublishResult::STATUS_REJECTED);
      *result.mutable_error() = ErrorOf(status, *items[place]);
    }
  }
  return options.validate_only ? Position() : engine_->publisher().PositionOf(outcomes);
}

}  // namespace rapport::transactions
