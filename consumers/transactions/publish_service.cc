#include "consumers/transactions/publish_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/field_path.h"
#include "consumers/transactions/kind_list.h"
#include "consumers/transactions/publish_stream.h"
#include "engine/base/status_macros.h"

namespace rapport::transactions {

void PublishService::Register(edge::MethodTable& table) {
  table.Add("rapport.v1.PublishService.Publish", this, &PublishService::Publish);
  table.Add("rapport.v1.PublishService.BatchPublish", this, &PublishService::BatchPublish);
  table.Add("rapport.v1.PublishService.StreamPublish", this, &PublishService::StreamPublish);
  table.Add("rapport.v1.PublishService.ListKinds", this, &PublishService::ListKinds).is_quick =
      [](const google::protobuf::Message&) { return true; };
}

absl::Status PublishService::Publish(const edge::Call& call, const v1::PublishRequest& request,
                                     v1::PublishResponse& response) {
  v1::BatchPublishRequest batch;
  *batch.add_items() = request.item();
  batch.set_validate_only(request.validate_only());
  v1::BatchPublishResponse results;
  RETURN_IF_ERROR(PublishAll(call, batch, results));
  *response.mutable_result() = std::move(*results.mutable_results(0));
  return absl::OkStatus();
}

absl::Status PublishService::BatchPublish(const edge::Call& call,
                                          const v1::BatchPublishRequest& request,
                                          v1::BatchPublishResponse& response) {
  RETURN_IF_ERROR(PublishAll(call, request, response));
  for (int i = 0; i < response.results_size(); ++i) {
    v1::PublishResult& result = *response.mutable_results(i);
    if (result.has_error()) edge::NameItem(i, *result.mutable_error());
  }
  return absl::OkStatus();
}

absl::Status PublishService::PublishAll(const edge::Call& call,
                                        const v1::BatchPublishRequest& request,
                                        v1::BatchPublishResponse& response) {
  if (request.items_size() > PublishStream::kItemsMax) {
    return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: items: ", request.items_size(),
                                                   " items; send at most ",
                                                   PublishStream::kItemsMax, " at once"));
  }
  RETURN_IF_ERROR(call.TakePublishes(request.items_size()));
  RETURN_IF_ERROR(engine_->MayWrite());
  pipeline::PublishOptions options;
  options.validate_only = request.validate_only();
  options.deadline = call.deadline();
  const absl::Span<const v1::PublishItem* const> items(request.items().data(),
                                                       static_cast<size_t>(request.items_size()));
  const Position position =
      items_.Publish(call.caller(), items, options, *response.mutable_results());
  response.set_position(position.ToString());
  return absl::OkStatus();
}

absl::Status PublishService::StreamPublish(const edge::Call& call,
                                           edge::Source<v1::StreamPublishRequest>& source,
                                           edge::Sink<v1::StreamPublishResponse>& sink) {
  return PublishStream(&items_, &call, &source, &sink).Run();
}

absl::Status PublishService::ListKinds(const edge::Call&, const v1::ListKindsRequest&,
                                       v1::ListKindsResponse& response) {
  response = KindList();
  return absl::OkStatus();
}

}  // namespace rapport::transactions
