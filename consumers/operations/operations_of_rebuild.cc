// What OperationsService does about rebuilds and other operations.
#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "consumers/analytics/export_on_server.h"
#include "consumers/edge/pace.h"
#include "consumers/edge/reveal.h"
#include "consumers/operations/fill_rebuild.h"
#include "consumers/operations/operations_service.h"
#include "engine/base/disk.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

absl::Status Estimate(const Engine& engine, const OperationBook& operations,
                      v1::RebuildEstimate& estimate) {
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    estimate.set_records(estimate.records() + engine.pipeline().progress(partition).applied);
  }
  estimate.set_disk_bytes(static_cast<int64_t>(engine.pipeline().StateBytes()));
  ASSIGN_OR_RETURN(const DiskSpace space, DiskSpaceOf(engine.options().data_directory));
  estimate.set_free_bytes(static_cast<int64_t>(space.free_bytes));
  const int64_t pace = operations.LastPace();
  if (pace > 0) estimate.set_seconds(estimate.records() / pace);
  return absl::OkStatus();
}

// As long as the caller waits and the server goes on.
void AwaitEnd(const edge::Call& call, const std::string& id, const OperationBook& operations) {
  constexpr absl::Duration kAskEvery = absl::Milliseconds(100);
  while (!call.cancelled() && absl::Now() < call.deadline() &&
         !operations.AwaitEnd(id, std::min(call.deadline(), absl::Now() + kAskEvery))) {
  }
}

// Who is no operator knows of his own.
bool MaySee(const edge::Caller& caller, const v1::Operation& operation) {
  return caller.roles.Cover(edge::Role::kOperator) || operation.caller() == caller.name;
}

}  // namespace

absl::Status OperationsService::StartRebuild(const edge::Call& call,
                                             const v1::StartRebuildRequest& request,
                                             v1::StartRebuildResponse& response) {
  RETURN_IF_ERROR(edge::CheckPace(request.records_per_second_max()));
  if (request.dry_run()) return Estimate(*engine_, *operations_, *response.mutable_estimate());
  RETURN_IF_ERROR(edge::WriteDown(call, "rebuild", "", "", *engine_));
  v1::Operation operation;
  operation.set_kind(v1::OPERATION_KIND_REBUILD);
  operation.set_caller(call.caller().name);
  operation.set_records_per_second_max(request.records_per_second_max());
  RETURN_IF_ERROR(BeginOperation(*operations_, operation, [&](const v1::Operation& begun) {
    return engine_->StartRebuild(
        {request.records_per_second_max(), operations_->WhenEnded(begun.id())});
  }));
  FillRebuild(engine_->pipeline().rebuild(), engine_->clock().NowMicros(),
              *response.mutable_rebuild());
  *response.mutable_operation() = std::move(operation);
  *response.mutable_operation()->mutable_rebuild() = response.rebuild();
  return absl::OkStatus();
}

absl::Status OperationsService::StartOperation(const edge::Call& call,
                                               const v1::StartOperationRequest& request,
                                               v1::StartOperationResponse& response) {
  RETURN_IF_ERROR(edge::CheckPace(request.records_per_second_max()));
  const v1::OperationRequest& asked = request.request();
  if (KindOf(asked) == v1::OPERATION_KIND_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        "FIELD_INVALID: request: say what is to be done, such as verify or file");
  }
  RETURN_IF_ERROR(edge::CheckRole(call.caller(), RoleFor(KindOf(asked)),
                                  absl::StrCat("to begin ", KindWord(KindOf(asked)))));
  if (asked.has_file()) RETURN_IF_ERROR(analytics::CheckExport(asked.file()));
  RETURN_IF_ERROR(engine_->MayWrite());
  RETURN_IF_ERROR(edge::WriteDown(call, absl::StrCat("start-", KindWord(KindOf(asked))),
                                  asked.file().events().customer_id(), "", *engine_));
  ASSIGN_OR_RETURN(*response.mutable_operation(), runner_->Start(call.caller(), request));
  return absl::OkStatus();
}

absl::StatusOr<v1::Operation> OperationsService::AsItIs(const edge::Call& call,
                                                        const std::string& id) const {
  ASSIGN_OR_RETURN(v1::Operation operation, operations_->Find(id));
  if (!MaySee(call.caller(), operation)) return OperationBook::Unknown(id);
  TellProgress(operation);
  return operation;
}

// One that runs is what the engine folds anew or the runner reads, if either does.
void OperationsService::TellProgress(v1::Operation& operation) const {
  runner_->TellProgress(operation);
  if (!operations_->IsUnderWay(operation.id())) return;
  const pipeline::RebuildStatus status = engine_->pipeline().rebuild();
  if (!status.IsUnderWay()) return;
  FillRebuild(status, engine_->clock().NowMicros(), *operation.mutable_rebuild());
}

absl::Status OperationsService::ListOperations(const edge::Call& call,
                                               const v1::ListOperationsRequest&,
                                               v1::ListOperationsResponse& response) {
  v1::ListOperationsResponse all = operations_->List();
  for (v1::Operation& operation : *all.mutable_operations()) {
    if (!MaySee(call.caller(), operation)) continue;
    TellProgress(operation);
    *response.add_operations() = std::move(operation);
  }
  return absl::OkStatus();
}

absl::Status OperationsService::GetOperation(const edge::Call& call,
                                             const v1::GetOperationRequest& request,
                                             v1::GetOperationResponse& response) {
  ASSIGN_OR_RETURN(*response.mutable_operation(), AsItIs(call, request.id()));
  const bool is_done = response.operation().state() == v1::OPERATION_STATE_DONE;
  if (!request.with_result() || !is_done || ChangesState(response.operation())) {
    return absl::OkStatus();
  }
  if (response.operation().caller() != call.caller().name) {
    RETURN_IF_ERROR(edge::CheckRole(
        call.caller(), RoleFor(response.operation().kind()),
        absl::StrCat("the result of ", request.id(), ", a ", KindWord(response.operation().kind()),
                     " that somebody else began,")));
  }
  ASSIGN_OR_RETURN(*response.mutable_result(), operations_->ResultOf(request.id()));
  return absl::OkStatus();
}

absl::Status OperationsService::WaitOperation(const edge::Call& call,
                                              const v1::WaitOperationRequest& request,
                                              v1::WaitOperationResponse& response) {
  RETURN_IF_ERROR(AsItIs(call, request.id()).status());
  AwaitEnd(call, request.id(), *operations_);
  ASSIGN_OR_RETURN(*response.mutable_operation(), AsItIs(call, request.id()));
  return absl::OkStatus();
}

absl::Status OperationsService::CancelOperation(const edge::Call& call,
                                                const v1::CancelOperationRequest& request,
                                                v1::CancelOperationResponse& response) {
  ASSIGN_OR_RETURN(const v1::Operation operation, AsItIs(call, request.id()));
  if (GoesOn(operation)) {
    RETURN_IF_ERROR(edge::WriteDown(call, "cancel-operation", "", "", *engine_));
    if (operations_->IsUnderWay(request.id())) {
      engine_->pipeline().CancelRebuild();
    } else if (!runner_->Cancel(request.id())) {
      // It waited for the next server.
      operations_->Cancel(request.id(), engine_->clock().NowMicros());
    }
    AwaitEnd(call, request.id(), *operations_);
  }
  ASSIGN_OR_RETURN(*response.mutable_operation(), AsItIs(call, request.id()));
  return absl::OkStatus();
}

}  // namespace rapport::operations
