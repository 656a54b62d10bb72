// OperationsService: the door for operators.
//
// Threads: calls from any thread. Ownership: borrows all that it is made of.
#pragma once

#include "consumers/edge/method_table.h"
#include "consumers/edge/page.h"
#include "consumers/edge/turns.h"
#include "consumers/operations/operation_book.h"
#include "consumers/operations/operation_runner.h"
#include "consumers/operations/rule_book.h"
#include "engine/engine.h"
#include "rapport/v1/operations.pb.h"

namespace rapport::operations {

class OperationsService final {
 public:
  // Verify takes a turn of those who walk the whole base.
  OperationsService(Engine* engine, RuleBook* rules, OperationBook* operations,
                    OperationRunner* runner, edge::Turns* walks)
      : engine_(engine),
        rules_(rules),
        operations_(operations),
        runner_(runner),
        walks_(walks),
        page_tokens_(&engine->clock()) {}

  // Adds its methods to the table.
  void Register(edge::MethodTable& table);

  absl::Status ListPartitions(const edge::Call& call, const v1::ListPartitionsRequest& request,
                              v1::ListPartitionsResponse& response);
  absl::Status GetStatus(const edge::Call& call, const v1::GetStatusRequest& request,
                         v1::GetStatusResponse& response);
  absl::Status ListQuarantine(const edge::Call& call, const v1::ListQuarantineRequest& request,
                              v1::ListQuarantineResponse& response);
  absl::Status RetryQuarantine(const edge::Call& call, const v1::RetryQuarantineRequest& request,
                               v1::RetryQuarantineResponse& response);
  absl::Status StartRebuild(const edge::Call& call, const v1::StartRebuildRequest& request,
                            v1::StartRebuildResponse& response);
  absl::Status StartOperation(const edge::Call& call, const v1::StartOperationRequest& request,
                              v1::StartOperationResponse& response);
  absl::Status ListOperations(const edge::Call& call, const v1::ListOperationsRequest& request,
                              v1::ListOperationsResponse& response);
  absl::Status GetOperation(const edge::Call& call, const v1::GetOperationRequest& request,
                            v1::GetOperationResponse& response);
  absl::Status WaitOperation(const edge::Call& call, const v1::WaitOperationRequest& request,
                             v1::WaitOperationResponse& response);
  absl::Status CancelOperation(const edge::Call& call, const v1::CancelOperationRequest& request,
                               v1::CancelOperationResponse& response);
  absl::Status Verify(const edge::Call& call, const v1::VerifyRequest& request,
                      v1::VerifyResponse& response);
  absl::Status AcceptLoss(const edge::Call& call, const v1::AcceptLossRequest& request,
                          v1::AcceptLossResponse& response);

  absl::Status ListRules(const edge::Call& call, const v1::ListRulesRequest& request,
                         v1::ListRulesResponse& response);
  absl::Status CheckRules(const edge::Call& call, const v1::CheckRulesRequest& request,
                          v1::CheckRulesResponse& response);
  absl::Status ActivateRules(const edge::Call& call, const v1::ActivateRulesRequest& request,
                             v1::ActivateRulesResponse& response);
  absl::Status RollbackRules(const edge::Call& call, const v1::RollbackRulesRequest& request,
                             v1::RollbackRulesResponse& response);

 private:
  // With how far it is, for who may know of it.
  absl::StatusOr<v1::Operation> AsItIs(const edge::Call& call, const std::string& id) const;
  void TellProgress(v1::Operation& operation) const;

  Engine* const engine_;
  RuleBook* const rules_;
  OperationBook* const operations_;
  OperationRunner* const runner_;
  edge::Turns* const walks_;
  const edge::PageTokens page_tokens_;
};

}  // namespace rapport::operations
