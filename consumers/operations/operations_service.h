// OperationsService: the door for operators.
//
// Threads: gRPC calls from any thread. Ownership: borrows the engine and its rules.
#pragma once

#include "consumers/operations/rule_book.h"
#include "engine/engine.h"
#include "rapport/v1/operations.grpc.pb.h"

namespace rapport::operations {

class OperationsService final : public v1::OperationsService::Service {
 public:
  OperationsService(Engine* engine, RuleBook* rules) : engine_(engine), rules_(rules) {}

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

  grpc::Status ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                         v1::ListRulesResponse* response) override;
  grpc::Status CheckRules(grpc::ServerContext* context, const v1::CheckRulesRequest* request,
                          v1::CheckRulesResponse* response) override;
  grpc::Status ActivateRules(grpc::ServerContext* context, const v1::ActivateRulesRequest* request,
                             v1::ActivateRulesResponse* response) override;
  grpc::Status RollbackRules(grpc::ServerContext* context, const v1::RollbackRulesRequest* request,
                             v1::RollbackRulesResponse* response) override;

 private:
  Engine* const engine_;
  RuleBook* const rules_;
};

}  // namespace rapport::operations
