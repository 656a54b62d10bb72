#include "consumers/operations/command_background.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "consumers/operations/command_backtest.h"
#include "consumers/operations/command_compare.h"
#include "consumers/operations/command_export.h"
#include "consumers/operations/command_rebuild.h"
#include "consumers/operations/command_verify.h"
#include "consumers/operations/demo_progress.h"
#include "consumers/operations/interruption.h"
#include "consumers/operations/operation_book.h"
#include "consumers/operations/operation_runner.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

using Stub = v1::OperationsService::Stub;

constexpr absl::Duration kAskEvery = absl::Milliseconds(200);

absl::StatusOr<v1::Operation> Start(Client& client, const v1::OperationRequest& request,
                                    const BackgroundOrder& order) {
  v1::StartOperationRequest start;
  *start.mutable_request() = request;
  start.set_records_per_second_max(order.max_rate);
  v1::StartOperationResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::StartOperation, start, &answer));
  return std::move(*answer.mutable_operation());
}

struct Done {
  int64_t done = 0;
  int64_t total = 0;
  absl::Duration took;
};

Done DoneOf(const v1::Operation& operation) {
  if (ChangesState(operation)) {
    const v1::Rebuild& rebuild = operation.rebuild();
    return {rebuild.done(), rebuild.total(),
            absl::Microseconds(rebuild.ended_at_us() - rebuild.begun_at_us())};
  }
  const v1::Walk& walk = operation.walk();
  return {walk.done(), walk.total(), absl::Microseconds(walk.ended_at_us() - walk.begun_at_us())};
}

// Asks until it has ended. `may_go_on` ends the waiting.
template <typename MayGoOn>
absl::Status Await(Client& client, absl::string_view title, absl::string_view what, bool shows,
                   v1::Operation& operation, MayGoOn may_go_on) {
  DemoProgress bar(title, std::string(what));
  while (GoesOn(operation)) {
    const Done now = DoneOf(operation);
    if (shows) bar.Show(now.done, now.total);
    absl::SleepFor(kAskEvery);
    RETURN_IF_ERROR(may_go_on());
    ASSIGN_OR_RETURN(EndedOperation now_is, AskOperation(client, operation.id()));
    operation = std::move(now_is.operation);
  }
  const absl::Status outcome = OutcomeOf(operation);
  if (!shows || !outcome.ok()) return outcome;
  const Done all = DoneOf(operation);
  bar.Done(absl::StrCat(Thousands(all.done), " records"), RateText(all.done, all.took));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EndedOperation> AskOperation(Client& client, const std::string& id,
                                            bool with_result) {
  v1::GetOperationRequest request;
  request.set_id(id);
  request.set_with_result(with_result);
  v1::GetOperationResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::GetOperation, request, &answer));
  return EndedOperation{std::move(*answer.mutable_operation()),
                        std::move(*answer.mutable_result())};
}

absl::StatusOr<v1::Operation> AskToCancel(Client& client, const std::string& id) {
  v1::CancelOperationRequest request;
  request.set_id(id);
  v1::CancelOperationResponse answer;
  RETURN_IF_ERROR(client.Call(client.operations(), &Stub::CancelOperation, request, &answer));
  return std::move(*answer.mutable_operation());
}

absl::Status OutcomeOf(const v1::Operation& operation) {
  if (operation.state() == v1::OPERATION_STATE_DONE) return absl::OkStatus();
  const bool changes = ChangesState(operation);
  const std::string text =
      changes ? absl::StrCat(operation.rebuild().cause(), ": ", operation.rebuild().message())
              : absl::StrCat(operation.walk().cause(), ": ", operation.walk().message());
  if (!changes && operation.walk().code() != 0 &&
      operation.state() != v1::OPERATION_STATE_CANCELLED) {
    return absl::Status(static_cast<absl::StatusCode>(operation.walk().code()), text);
  }
  return absl::InternalError(text);
}

absl::Status CheckMayNotWait(Client& client, bool no_wait, absl::string_view flag) {
  if (!no_wait || client.store() == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "wrong usage: ", flag, " is for a server; with a stopped store this process does the work"));
}

absl::Status StartInBackground(Client& client, const v1::OperationRequest& request,
                               const BackgroundOrder& order, Format format,
                               absl::string_view flag) {
  RETURN_IF_ERROR(CheckMayNotWait(client, /*no_wait=*/true, flag));
  ASSIGN_OR_RETURN(const v1::Operation operation, Start(client, request, order));
  if (format != Format::kTable) {
    PrintJson(format, {&operation});
    return absl::OkStatus();
  }
  std::printf("%s begun, %s; rapport operations wait %s --result tells what comes of it\n",
              std::string(KindWord(operation.kind())).c_str(), operation.id().c_str(),
              operation.id().c_str());
  return absl::OkStatus();
}

absl::Status AwaitOperation(Client& client, absl::string_view title, absl::string_view what,
                            bool shows, v1::Operation& operation) {
  const Interruption interruption;
  return Await(client, title, what, shows, operation, [&]() -> absl::Status {
    if (interruption.Check().ok()) return absl::OkStatus();
    return absl::CancelledError(absl::StrCat(
        "interrupted; ", operation.id(),
        client.store() == nullptr ? " goes on, give it up: rapport operations cancel "
                                  : " goes on once this store is served, or give it up: rapport "
                                    "operations cancel ",
        operation.id()));
  });
}

absl::StatusOr<EndedOperation> FollowToEnd(Client& client, const v1::OperationRequest& request,
                                           const BackgroundOrder& order, absl::string_view title,
                                           bool shows) {
  const Interruption interruption;
  EndedOperation ended;
  ASSIGN_OR_RETURN(ended.operation, Start(client, request, order));
  const std::string id = ended.operation.id();
  const absl::Status awaited = Await(client, title, "reads the whole base; answers go on", shows,
                                     ended.operation, [&] { return interruption.Check(); });
  if (!awaited.ok()) {
    if (!GoesOn(ended.operation) || !absl::IsCancelled(awaited)) return awaited;
    RETURN_IF_ERROR(AskToCancel(client, id).status());
    return absl::CancelledError(absl::StrCat("interrupted; ", id, " is cancelled"));
  }
  return AskOperation(client, id, /*with_result=*/true);
}

std::string WalkLine(const v1::Operation& operation) {
  const v1::Walk& walk = operation.walk();
  const std::string records =
      absl::StrCat(Thousands(walk.done()), " of ", Thousands(walk.total()), " records");
  switch (operation.state()) {
    case v1::OPERATION_STATE_QUEUED:
      return "waits for its turn";
    case v1::OPERATION_STATE_RUNNING:
      return absl::StrCat(100 * walk.done() / std::max<int64_t>(walk.total(), 1), " %, ", records,
                          walk.seconds_left() > 0
                              ? absl::StrCat(", ", Thousands(walk.seconds_left()), " s left")
                              : "");
    case v1::OPERATION_STATE_DONE:
      return absl::StrFormat("done, %s in %.1f s", records,
                             static_cast<double>(walk.ended_at_us() - walk.begun_at_us()) / 1e6);
    case v1::OPERATION_STATE_CANCELLED:
      if (walk.begun_at_us() == 0) return "cancelled before it began";
      return absl::StrCat("cancelled at ", records);
    default:
      return absl::StrCat("given up at ", records, ": ", walk.cause(), ": ", walk.message());
  }
}

absl::StatusOr<int> PrintResult(const EndedOperation& ended, Format format) {
  const v1::OperationResult& result = ended.result;
  const absl::Duration took = DoneOf(ended.operation).took;
  switch (result.came_case()) {
    case v1::OperationResult::kVerify:
      return PrintVerified(result.verify(), format, took);
    case v1::OperationResult::kFile:
      PrintExported(result.file(), format, took);
      return 0;
    case v1::OperationResult::kDiff:
      PrintDiff(result.diff(), format, took);
      return 0;
    case v1::OperationResult::kWhatIf:
      PrintWhatIf(result.what_if(), format, took);
      return 0;
    case v1::OperationResult::kBacktest:
      PrintBacktest(result.backtest(), format);
      return 0;
    case v1::OperationResult::kReport:
      PrintReport(result.report(), format);
      return 0;
    case v1::OperationResult::CAME_NOT_SET:
      break;
  }
  if (!GoesOn(ended.operation)) RETURN_IF_ERROR(OutcomeOf(ended.operation));
  return absl::NotFoundError(absl::StrCat(
      "RESULT_NONE: ", ended.operation.id(),
      ChangesState(ended.operation) ? " leaves no result but the state that serves"
                                    : " has not ended; wait for it: rapport operations wait"));
}

}  // namespace rapport::operations
