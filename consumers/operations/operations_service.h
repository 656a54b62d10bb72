// OperationsService: the door for operators.
//
// Threads: gRPC calls from any thread. Ownership: borrows the engine.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/operations.grpc.pb.h"

namespace rapport::operations {

class OperationsService final : public v1::OperationsService::Service {
 public:
  explicit OperationsService(Engine* engine) : engine_(engine) {}

  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;
  grpc::Status ListQuarantine(grpc::ServerContext* context,
                              const v1::ListQuarantineRequest* request,
                              v1::ListQuarantineResponse* response) override;
  grpc::Status RetryQuarantine(grpc::ServerContext* context,
                               const v1::RetryQuarantineRequest* request,
                               v1::RetryQuarantineResponse* response) override;
  grpc::Status StartRebuild(grpc::ServerContext* context, const v1::StartRebuildRequest* request,
                            v1::StartRebuildResponse* response) override;
  grpc::Status AcceptLoss(grpc::ServerContext* context, const v1::AcceptLossRequest* request,
                          v1::AcceptLossResponse* response) override;

 private:
  Engine* const engine_;
};

}  // namespace rapport::operations
