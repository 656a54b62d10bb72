// PublishService: the door for transaction systems.
//
// Threads: calls from any thread. Ownership: borrows the engine.
#pragma once

#include "consumers/edge/method_table.h"
#include "consumers/transactions/item_publisher.h"
#include "engine/engine.h"
#include "rapport/v1/publish.pb.h"

namespace rapport::transactions {

class PublishService final {
 public:
  explicit PublishService(const Engine* engine) : engine_(engine), items_(engine) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status Publish(const edge::Call& call, const v1::PublishRequest& request,
                       v1::PublishResponse& response);
  absl::Status BatchPublish(const edge::Call& call, const v1::BatchPublishRequest& request,
                            v1::BatchPublishResponse& response);
  absl::Status StreamPublish(const edge::Call& call, edge::Source<v1::StreamPublishRequest>& source,
                             edge::Sink<v1::StreamPublishResponse>& sink);
  absl::Status ListKinds(const edge::Call& call, const v1::ListKindsRequest& request,
                         v1::ListKindsResponse& response);

 private:
  absl::Status PublishAll(const edge::Call& call, const v1::BatchPublishRequest& request,
                          v1::BatchPublishResponse& response);

  const Engine* const engine_;
  const ItemPublisher items_;
};

}  // namespace rapport::transactions
