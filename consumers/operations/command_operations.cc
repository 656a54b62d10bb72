#include "consumers/operations/command_operations.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/operations/command_rebuild.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

using Stub = v1::OperationsService::Stub;

// `op-3  refold to r-3b19c07de2aa  rebuild 63 %, 6,300,000 of 10,000,000 records, 4 s left`.
void PrintLine(const v1::Operation& operation) {
  const v1::Rebuild& rebuild = operation.rebuild();
  const std::string what = operation.kind() == v1::OPERATION_KIND_REFOLD
                               ? absl::StrCat("refold by ", rebuild.rules_digest())
                               : "rebuild by the same rules";
  const bool waits = operation.state() == v1::OPERATION_STATE_RUNNING && rebuild.phase() == 0;
  std::string again;
  if (operation.restarts() == 1) again = ", begun again once";
  if (operation.restarts() > 1)
    again = absl::StrCat(", begun again ", operation.restarts(), " times");
  std::printf("%s  %s  %s%s%s\n", Pad(operation.id(), 7).c_str(), Pad(what, 26).c_str(),
              waits ? "goes on once this store is served"
                    : std::string(absl::StripPrefix(RebuildLine(rebuild), "rebuild ")).c_str(),
              operation.caller().empty() ? "" : absl::StrCat(", by ", operation.caller()).c_str(),
              again.c_str());
}

void Print(const v1::Operation& operation, Format format) {
  if (format != Format::kTable) return PrintJson(format, {&operation});
  PrintLine(operation);
  for (const v1::PartitionProgress& one : operation.rebuild().partitions()) {
    std::printf("  partition %d: %s of %s records\n", one.partition(),
                Thousands(one.done()).c_str(), Thousands(one.total()).c_str());
  }
}

}  // namespace

absl::Status ListOperations(Client& client, Format format) {
  v1::ListOperationsResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::ListOperations,
                              v1::ListOperationsRequest(), &answer));
  if (format != Format::kTable) {
    PrintJson(format, PointersTo(answer.operations()));
    return absl::OkStatus();
  }
  for (const v1::Operation& operation : answer.operations()) PrintLine(operation);
  if (answer.operations().empty()) std::printf("none yet\n");
  return absl::OkStatus();
}

absl::Status ShowOperation(Client& client, const OperationChoice& choice, Format format) {
  v1::GetOperationRequest request;
  request.set_id(choice.id);
  v1::GetOperationResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::GetOperation, request, &answer));
  Print(answer.operation(), format);
  return absl::OkStatus();
}

absl::Status WaitForOperation(Client& client, const OperationChoice& choice, Format format) {
  v1::WaitOperationRequest request;
  request.set_id(choice.id);
  v1::WaitOperationResponse answer;
  do {
    RETURN_IF_ERROR(client.Call(client.operations(), &Stub::WaitOperation, request, &answer));
  } while (answer.operation().state() == v1::OPERATION_STATE_RUNNING);
  Print(answer.operation(), format);
  if (answer.operation().state() == v1::OPERATION_STATE_DONE) return absl::OkStatus();
  const v1::Rebuild& rebuild = answer.operation().rebuild();
  return absl::InternalError(absl::StrCat(rebuild.cause(), ": ", rebuild.message()));
}

absl::Status CancelOperation(Client& client, const OperationChoice& choice, Format format) {
  v1::GetOperationRequest ask;
  ask.set_id(choice.id);
  v1::GetOperationResponse before;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::GetOperation, ask, &before));
  if (before.operation().state() != v1::OPERATION_STATE_RUNNING) {
    Talk(absl::StrCat(choice.id, " had ended already, and stays as it is"));
  }
  v1::CancelOperationRequest request;
  request.set_id(choice.id);
  v1::CancelOperationResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::CancelOperation, request, &answer));
  Print(answer.operation(), format);
  return absl::OkStatus();
}

}  // namespace rapport::operations
