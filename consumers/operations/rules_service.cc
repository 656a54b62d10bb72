// What OperationsService does about rules.
#include "consumers/edge/rpc_status.h"
#include "consumers/operations/operations_service.h"

namespace rapport::operations {

grpc::Status OperationsService::ListRules(grpc::ServerContext*, const v1::ListRulesRequest* request,
                                          v1::ListRulesResponse* response) {
  return edge::ToRpcStatus(rules_->List(*request, *response));
}

grpc::Status OperationsService::CheckRules(grpc::ServerContext*,
                                           const v1::CheckRulesRequest* request,
                                           v1::CheckRulesResponse* response) {
  rules_->Check(*request, *response);
  return grpc::Status::OK;
}

grpc::Status OperationsService::ActivateRules(grpc::ServerContext*,
                                              const v1::ActivateRulesRequest* request,
                                              v1::ActivateRulesResponse* response) {
  return edge::ToRpcStatus(rules_->Activate(*request, *response));
}

grpc::Status OperationsService::RollbackRules(grpc::ServerContext*,
                                              const v1::RollbackRulesRequest* request,
                                              v1::RollbackRulesResponse* response) {
  return edge::ToRpcStatus(rules_->Rollback(*request, *response));
}

}  // namespace rapport::operations
