#include "consumers/operations/privacy_service.h"

#include "consumers/edge/reveal.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

absl::Status Erase(Engine& engine, const edge::Call& call, const v1::EraseCustomerRequest& request,
                   v1::EraseCustomerResponse& response) {
  ASSIGN_OR_RETURN(
      *response.mutable_receipt(),
      engine.eraser().Erase(request.customer_id(), edge::OpeningOf(call, request.purpose(), engine),
                            call.deadline()));
  return absl::OkStatus();
}

}  // namespace

void PrivacyService::Register(edge::MethodTable& table) {
  table.Add("rapport.v1.PrivacyService.EraseCustomer", this, &PrivacyService::EraseCustomer);
  table.Add("rapport.v1.PrivacyService.GetErasure", this, &PrivacyService::GetErasure);
}

absl::Status PrivacyService::EraseCustomer(const edge::Call& call,
                                           const v1::EraseCustomerRequest& request,
                                           v1::EraseCustomerResponse& response) {
  return Erase(*engine_, call, request, response);
}

absl::Status PrivacyService::GetErasure(const edge::Call&, const v1::GetErasureRequest& request,
                                        v1::GetErasureResponse& response) {
  ASSIGN_OR_RETURN(*response.mutable_receipt(), engine_->eraser().Find(request.customer_id()));
  return absl::OkStatus();
}

}  // namespace rapport::operations
