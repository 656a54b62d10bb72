// What OperationsService does about rules.
#include "consumers/operations/operations_service.h"

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

absl::Status OperationsService::ActivateRules(const edge::Call&,
                                              const v1::ActivateRulesRequest& request,
                                              v1::ActivateRulesResponse& response) {
  return rules_->Activate(request, response);
}

absl::Status OperationsService::RollbackRules(const edge::Call&,
                                              const v1::RollbackRulesRequest& request,
                                              v1::RollbackRulesResponse& response) {
  return rules_->Rollback(request, response);
}

}  // namespace rapport::operations
