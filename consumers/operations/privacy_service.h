// PrivacyService: the door for who answers for personal data.
//
// Threads: gRPC calls from any thread. Ownership: borrows the engine.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/privacy.grpc.pb.h"

namespace rapport::operations {

class PrivacyService final : public v1::PrivacyService::Service {
 public:
  explicit PrivacyService(Engine* engine) : engine_(engine) {}

  grpc::Status EraseCustomer(grpc::ServerContext* context, const v1::EraseCustomerRequest* request,
                             v1::EraseCustomerResponse* response) override;
  grpc::Status GetErasure(grpc::ServerContext* context, const v1::GetErasureRequest* request,
                          v1::GetErasureResponse* response) override;

 private:
  Engine* const engine_;
};

}  // namespace rapport::operations
