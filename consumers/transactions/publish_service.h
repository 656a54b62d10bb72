// PublishService: the door for transaction systems.
//
// Threads: calls from any thread. Ownership: borrows the engine.
#pragma once

#include "consumers/edge/method_table.h"
#include "engine/engine.h"
#include "rapport/v1/publish.pb.h"

namespace rapport::transactions {

class PublishService final {
 public:
  explicit PublishService(const Engine* engine) : engine_(engine) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status Publish(const edge::Call& call, const v1::PublishRequest& request,
                       v1::PublishResponse& response);
  absl::Status BatchPublish(const edge::Call& call, const v1::BatchPublishRequest& request,
                            v1::BatchPublishResponse& response);

 private:
  const Engine* const engine_;
};

}  // namespace rapport::transactions
