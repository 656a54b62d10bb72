#include "consumers/transactions/publish_service.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/rpc_status.h"
#include "engine/base/status_macros.h"
#include "engine/event/touchpoint.h"

namespace rapport::transactions {
namespace {

constexpr int kBatchItemsMax = 500;

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

void PublishService::Register(edge::MethodTable& table) {
  table.Add("rapport.v1.PublishService.Publish", this, &PublishService::Publish);
  table.Add("rapport.v1.PublishService.BatchPublish", this, &PublishService::BatchPublish);
}

absl::Status PublishService::Publish(const edge::Call& call, const v1::PublishRequest& request,
                                     v1::PublishResponse& response) {
  v1::BatchPublishRequest batch;
  *batch.add_items() = request.item();
  batch.set_validate_only(request.validate_only());
  v1::BatchPublishResponse results;
  RETURN_IF_ERROR(BatchPublish(call, batch, results));
  *response.mutable_result() = std::move(*results.mutable_results(0));
  return absl::OkStatus();
}

absl::Status PublishService::BatchPublish(const edge::Call& call,
                                          const v1::BatchPublishRequest& request,
                                          v1::BatchPublishResponse& response) {
  if (request.items_size() > kBatchItemsMax) {
    return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: items: ", request.items_size(),
                                                   " items; send at most ", kBatchItemsMax,
                                                   " at once"));
  }
  RETURN_IF_ERROR(call.TakePublishes(request.items_size()));
  RETURN_IF_ERROR(engine_->MayWrite());
  std::vector<v1::Event> events;
  std::vector<absl::Status> unreadable;
  for (const v1::PublishItem& item : request.items()) {
    absl::StatusOr<v1::Event> event = EventOf(item);
    if (event.ok()) event = Stamped(call.caller(), *std::move(event));
    unreadable.push_back(event.status());
    if (event.ok()) events.push_back(*std::move(event));
  }
  pipeline::PublishOptions options;
  options.validate_only = request.validate_only();
  options.deadline = call.deadline();
  const auto outcomes = engine_->publisher().Publish(events, options);
  size_t next = 0;
  for (const absl::Status& status : unreadable) {
    v1::PublishResult* result = response.add_results();
    if (status.ok()) {
      *result =
          ResultOf(events[next], outcomes[next], request.validate_only(), engine_->publisher());
      ++next;
    } else {
      result->set_status(v1::PublishResult::STATUS_REJECTED);
      *result->mutable_error() = edge::ToErrorStatus(status);
    }
  }
  if (!request.validate_only()) {
    response.set_position(engine_->publisher().PositionOf(outcomes).ToString());
  }
  return absl::OkStatus();
}

}  // namespace rapport::transactions
