#include "consumers/transactions/item_publisher.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/rpc_status.h"
#include "engine/event/touchpoint.h"

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

// Who proved his name is its publisher, and speaks for his own sources only.
absl::StatusOr<v1::Event> Stamped(const edge::Caller& caller, v1::Event event) {
  if (!caller.MayPublishAs(event.source())) {
    return absl::PermissionDeniedError(
        absl::StrCat("SOURCE_NOT_PERMITTED: ", caller.name,
                     " may not publish in the name of this source; its token names those it may"));
  }
  event.clear_publisher();
  if (caller.is_authenticated) event.set_publisher(caller.name);
  return event;
}

v1::PublishResult ResultOf(const v1::Event& event, const pipeline::PublishOutcome& outcome,
                           bool validate_only, const pipeline::Publisher& publisher) {
  v1::PublishResult result;
  result.set_event_id(event.event_id());
  if (!outcome.status.ok()) {
    result.set_status(v1::PublishResult::STATUS_REJECTED);
    *result.mutable_error() = edge::ToErrorStatus(outcome.status);
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
    if (event.ok()) event = Stamped(caller, *std::move(event));
    if (event.ok() && !may_write.ok()) event = may_write;
    unreadable.push_back(event.status());
    if (event.ok()) events.push_back(*std::move(event));
  }
  const auto outcomes = engine_->publisher().Publish(events, options);
  size_t next = 0;
  for (const absl::Status& status : unreadable) {
    v1::PublishResult& result = *results.Add();
    if (status.ok()) {
      result = ResultOf(events[next], outcomes[next], options.validate_only, engine_->publisher());
      ++next;
    } else {
      result.set_status(v1::PublishResult::STATUS_REJECTED);
      *result.mutable_error() = edge::ToErrorStatus(status);
    }
  }
  return options.validate_only ? Position() : engine_->publisher().PositionOf(outcomes);
}

}  // namespace rapport::transactions
