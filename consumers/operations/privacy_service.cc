#include "consumers/operations/privacy_service.h"

#include "consumers/edge/page.h"
#include "consumers/edge/reveal.h"
#include "consumers/edge/rpc_status.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

absl::Status Erase(Engine& engine, const grpc::ServerContext& context,
                   const v1::EraseCustomerRequest& request, v1::EraseCustomerResponse& response) {
  ASSIGN_OR_RETURN(*response.mutable_receipt(),
                   engine.eraser().Erase(request.customer_id(),
                                         edge::OpeningOf(context, request.purpose(), engine),
                                         edge::DeadlineOf(context)));
  return absl::OkStatus();
}

}  // namespace

grpc::Status PrivacyService::EraseCustomer(grpc::ServerContext* context,
                                           const v1::EraseCustomerRequest* request,
                                           v1::EraseCustomerResponse* response) {
  return edge::ToRpcStatus(Erase(*engine_, *context, *request, *response));
}

grpc::Status PrivacyService::GetErasure(grpc::ServerContext*, const v1::GetErasureRequest* request,
                                        v1::GetErasureResponse* response) {
  auto receipt = engine_->eraser().Find(request->customer_id());
  if (receipt.ok()) *response->mutable_receipt() = *std::move(receipt);
  return edge::ToRpcStatus(receipt.status());
}

}  // namespace rapport::operations
