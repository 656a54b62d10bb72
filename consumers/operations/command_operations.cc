#include "consumers/operations/command_operations.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/command_rebuild.h"
#include "consumers/operations/operation_book.h"
#include "consumers/operations/operation_runner.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

using Stub = v1::OperationsService::Stub;

std::string WhatOf(const v1::Operation& operation) {
  if (operation.kind() == v1::OPERATION_KIND_REFOLD) {
    return absl::StrCat("refold by ", operation.rebuild().rules_digest());
  }
  if (operation.kind() == v1::OPERATION_KIND_REBUILD) return "rebuild by the same rules";
  return std::string(KindWord(operation.kind()));
}

std::string StateOf(const v1::Operation& operation) {
  const bool changes = ChangesState(operation);
  const bool begun =
      changes ? operation.rebuild().phase() != 0 : operation.walk().begun_at_us() != 0;
  if (operation.state() == v1::OPERATION_STATE_RUNNING && !begun) {
    return "goes on once this store is served";
  }
  if (!changes) return WalkLine(operation);
  return RebuildLine(operation.rebuild());
}

// `op-3  refold by r-3b19c07de2aa  63 %, 6,300,000 of 10,000,000 records, 4 s left`.
void PrintLine(const v1::Operation& operation) {
  std::string again;
  if (operation.restarts() == 1) again = ", begun again once";
  if (operation.restarts() > 1)
    again = absl::StrCat(", begun again ", operation.restarts(), " times");
  std::printf("%s  %s  %s%s%s\n", Pad(operation.id(), 7).c_str(),
              Pad(WhatOf(operation), 26).c_str(), StateOf(operation).c_str(),
              operation.caller().empty() ? "" : absl::StrCat(", by ", operation.caller()).c_str(),
              again.c_str());
}

void Print(const v1::Operation& operation, Format format) {
  if (format != Format::kTable) return PrintJson(format, {&operation});
  PrintLine(operation);
  const auto& partitions =
      ChangesState(operation) ? operation.rebuild().partitions() : operation.walk().partitions();
  for (const v1::PartitionProgress& one : partitions) {
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

absl::StatusOr<int> ShowOperation(Client& client, const OperationChoice& choice, Format format) {
  ASSIGN_OR_RETURN(const EndedOperation got, AskOperation(client, choice.id, choice.result));
  if (choice.result) return PrintResult(got, format);
  Print(got.operation, format);
  return 0;
}

absl::StatusOr<int> WaitForOperation(Client& client, const OperationChoice& choice, Format format) {
  ASSIGN_OR_RETURN(EndedOperation got, AskOperation(client, choice.id));
  const absl::Status outcome = AwaitOperation(client, "", "", /*shows=*/false, got.operation);
  if (GoesOn(got.operation)) return outcome;
  if (choice.result && outcome.ok()) return ShowOperation(client, choice, format);
  Print(got.operation, format);
  RETURN_IF_ERROR(outcome);
  return 0;
}

absl::StatusOr<int> CancelOperation(Client& client, const OperationChoice& choice, Format format) {
  ASSIGN_OR_RETURN(const EndedOperation before, AskOperation(client, choice.id));
  if (!GoesOn(before.operation)) {
    Talk(absl::StrCat(choice.id, " had ended already, and stays as it is"));
  }
  ASSIGN_OR_RETURN(const v1::Operation operation, AskToCancel(client, choice.id));
  Print(operation, format);
  return 0;
}

}  // namespace rapport::operations
