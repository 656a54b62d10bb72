// PublishService: the door for transaction systems.
//
// Threads: gRPC calls from any thread. Ownership: borrows the engine.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/publish.grpc.pb.h"

namespace rapport::transactions {

class PublishService final : public v1::PublishService::Service {
 public:
  explicit PublishService(const Engine* engine) : engine_(engine) {}

  grpc::Status Publish(grpc::ServerContext* context, const v1::PublishRequest* request,
                       v1::PublishResponse* response) override;
  grpc::Status BatchPublish(grpc::ServerContext* context, const v1::BatchPublishRequest* request,
                            v1::BatchPublishResponse* response) override;

 private:
  const Engine* const engine_;
};

}  // namespace rapport::transactions
