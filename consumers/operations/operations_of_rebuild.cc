// What OperationsService does about rebuilds, and about operations that go on.
#include <algorithm>
#include <utility>

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

}  // namespace

absl::Status OperationsService::StartRebuild(const edge::Call& call,
                                             const v1::StartRebuildRequest& request,
                                             v1::StartRebuildResponse& response) {
  RETURN_IF_ERROR(CheckPace(request.records_per_second_max()));
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

absl::StatusOr<v1::Operation> OperationsService::AsItIs(const std::string& id) const {
  ASSIGN_OR_RETURN(v1::Operation operation, operations_->Find(id));
  TellProgress(operation);
  return operation;
}

// One that runs is what the engine folds anew, if it does.
void OperationsService::TellProgress(v1::Operation& operation) const {
  if (!operations_->IsUnderWay(operation.id())) return;
  const pipeline::RebuildStatus status = engine_->pipeline().rebuild();
  if (!status.IsUnderWay()) return;
  FillRebuild(status, engine_->clock().NowMicros(), *operation.mutable_rebuild());
}

absl::Status OperationsService::ListOperations(const edge::Call&, const v1::ListOperationsRequest&,
                                               v1::ListOperationsResponse& response) {
  response = operations_->List();
  for (v1::Operation& operation : *response.mutable_operations()) TellProgress(operation);
  return absl::OkStatus();
}

absl::Status OperationsService::GetOperation(const edge::Call&,
                                             const v1::GetOperationRequest& request,
                                             v1::GetOperationResponse& response) {
  ASSIGN_OR_RETURN(*response.mutable_operation(), AsItIs(request.id()));
  return absl::OkStatus();
}

absl::Status OperationsService::WaitOperation(const edge::Call& call,
                                              const v1::WaitOperationRequest& request,
                                              v1::WaitOperationResponse& response) {
  operations_->AwaitEnd(request.id(), call.deadline());
  ASSIGN_OR_RETURN(*response.mutable_operation(), AsItIs(request.id()));
  return absl::OkStatus();
}

absl::Status OperationsService::CancelOperation(const edge::Call& call,
                                                const v1::CancelOperationRequest& request,
                                                v1::CancelOperationResponse& response) {
  ASSIGN_OR_RETURN(const v1::Operation operation, operations_->Find(request.id()));
  if (operation.state() == v1::OPERATION_STATE_RUNNING) {
    RETURN_IF_ERROR(edge::WriteDown(call, "cancel-operation", "", "", *engine_));
    if (operations_->IsUnderWay(request.id())) {
      engine_->pipeline().CancelRebuild();
    } else {
      // It waited for the next server.
      operations_->Cancel(request.id(), engine_->clock().NowMicros());
    }
    operations_->AwaitEnd(request.id(), call.deadline());
  }
  ASSIGN_OR_RETURN(*response.mutable_operation(), AsItIs(request.id()));
  return absl::OkStatus();
}

}  // namespace rapport::operations
