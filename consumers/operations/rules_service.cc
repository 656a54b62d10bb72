// What OperationsService does about rules.
#include "consumers/edge/reveal.h"
#include "consumers/operations/operations_service.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {

absl::Status OperationsService::ListRules(const edge::Call&, const v1::ListRulesRequest& request,
                                          v1::ListRulesResponse& response) {
  return rules_->List(request, response);
}

absl::Status OperationsService::CheckRules(const edge::Call&, const v1::CheckRulesRequest& request,
                                           v1::CheckRulesResponse& response) {
  rules_->Check(request, response);
  return absl::OkStatus();
}

absl::Status OperationsService::ActivateRules(const edge::Call& call,
                                              const v1::ActivateRulesRequest& request,
                                              v1::ActivateRulesResponse& response) {
  RETURN_IF_ERROR(edge::WriteDown(call, "activate-rules", "", "", *engine_));
  return rules_->Activate(request, call.caller().name, response);
}

absl::Status OperationsService::RollbackRules(const edge::Call& call,
                                              const v1::RollbackRulesRequest& request,
                                              v1::RollbackRulesResponse& response) {
  RETURN_IF_ERROR(edge::WriteDown(call, "rollback-rules", "", "", *engine_));
  return rules_->Rollback(request, call.caller().name, response);
}

}  // namespace rapport::operations
