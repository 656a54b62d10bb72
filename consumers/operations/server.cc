#include "consumers/operations/server.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/analytics/export_on_server.h"
#include "consumers/edge/cloud_event.h"
#include "consumers/operations/address.h"
#include "consumers/operations/exit_code.h"
#include "consumers/operations/http_pages.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

[[noreturn]] void EndProcess(const absl::Status& status) {
  std::fprintf(stderr,
               "rapport: %s. What was not durable is folded again at the next start; check the "
               "disk, then start again\n",
               std::string(status.message()).c_str());
  std::_Exit(kDiskFailed);
}

// Each waits on a worker.
constexpr int kWalksWaiting = 8;

// One folds partitions on every core while it does not wait for a disk.
int WalksAtOnce(int asked) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return asked > 0 ? asked : std::max(1, cores / 2);
}

// What ends the process each time is not begun for ever.
constexpr int kRestartsMax = 3;

void SayAlarm(const std::string& what) { std::fprintf(stderr, "rapport: %s\n", what.c_str()); }

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Open(const ServerOptions& options) {
  std::unique_ptr<Server> server(new Server);
  EngineOptions engine_options = options.engine;
  if (!engine_options.fatal) engine_options.fatal = EndProcess;
  engine_options.read_structured = edge::ReadStructuredEvent;
  if (!engine_options.alarm) engine_options.alarm = SayAlarm;
  ASSIGN_OR_RETURN(server->rules_, RuleBook::Open(&SystemFiles(), engine_options.data_directory,
                                                  options.rules_file, engine_options.alarm));
  ASSIGN_OR_RETURN(server->engine_,
                   Engine::Open(engine_options, server->rules_->projection(), &SystemClock()));
  ASSIGN_OR_RETURN(
      server->operation_book_,
      OperationBook::Open(&SystemFiles(), engine_options.data_directory, engine_options.alarm));
  server->rules_->Serve(server->engine_.get(), server->operation_book_.get());
  Engine* engine = server->engine_.get();
  server->publish_ = std::make_unique<transactions::PublishService>(engine);
  server->base_walks_ = std::make_unique<edge::Turns>(
      "walks of the whole base", WalksAtOnce(options.base_walks), kWalksWaiting);
  server->relationships_ =
      std::make_unique<support::RelationshipService>(engine, server->base_walks_.get());
  server->history_ = std::make_unique<analytics::HistoryService>(
      engine,
      [rules = server->rules_.get()](const v1::WhatIfRequest& request) {
        return rules->FindToCompare(request);
      },
      [rules = server->rules_.get()](const std::string& digest) {
        return rules->WholeTextOf(digest);
      },
      server->base_walks_.get());
  server->operation_runner_ = std::make_unique<OperationRunner>(
      server->operation_book_.get(), &engine->clock(),
      [own = server.get()](const edge::Call& call, const std::string& id,
                           const v1::OperationRequest& request, v1::OperationResult& result) {
        return own->RunOperation(call, id, request, result);
      },
      [own = server.get()](const std::string& id) {
        std::error_code ignored;
        std::filesystem::remove_all(own->ExportsFolder() + id, ignored);
      });
  server->operations_ = std::make_unique<OperationsService>(
      engine, server->rules_.get(), server->operation_book_.get(), server->operation_runner_.get(),
      server->base_walks_.get());
  server->privacy_ = std::make_unique<PrivacyService>(engine);
  server->publish_->Register(server->methods_);
  server->relationships_->Register(server->methods_);
  server->history_->Register(server->methods_);
  server->operations_->Register(server->methods_);
  server->privacy_->Register(server->methods_);
  RETURN_IF_ERROR(server->methods_.CheckComplete());
  RETURN_IF_ERROR(server->OpenGate(options, engine_options.alarm));
  server->metrics_.Watch(engine, [relationships = server->relationships_.get()] {
    return relationships->watch_streams();
  });
  server->dispatcher_ = std::make_unique<edge::Dispatcher>(&server->methods_, server->gate_.get(),
                                                           server->metrics_.observer());
  return server;
}

absl::Status Server::OpenGate(const ServerOptions& options,
                              const edge::TokenFollower::Alarm& alarm) {
  tokens_file_ = options.tokens_file;
  if (tokens_file_.empty()) {
    gate_ = std::make_unique<edge::OpenGate>(options.limits);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(edge::TokenFile tokens, edge::TokenFile::Read(tokens_file_));
  auto gate = std::make_unique<edge::TokenGate>(std::move(tokens), options.limits);
  token_follower_ = std::make_unique<edge::TokenFollower>(tokens_file_, gate.get(), alarm);
  gate_ = std::move(gate);
  return absl::OkStatus();
}

Server::~Server() { Shutdown(); }

std::string Server::ExportsFolder() const {
  return engine_->options().data_directory + "/exports/";
}

absl::Status Server::RunOperation(const edge::Call& call, const std::string& id,
                                  const v1::OperationRequest& request,
                                  v1::OperationResult& result) {
  switch (request.asks_case()) {
    case v1::OperationRequest::kVerify:
      return operations_->Verify(call, request.verify(), *result.mutable_verify());
    case v1::OperationRequest::kDiff:
      return history_->Diff(call, request.diff(), *result.mutable_diff());
    case v1::OperationRequest::kWhatIf:
      return history_->WhatIf(call, request.what_if(), *result.mutable_what_if());
    case v1::OperationRequest::kBacktest:
      return history_->Backtest(call, request.backtest(), *result.mutable_backtest());
    case v1::OperationRequest::kReport:
      return history_->Report(call, request.report(), *result.mutable_report());
    case v1::OperationRequest::kFile: {
      const std::string exports = ExportsFolder();
      v1::ExportedFile& file = *result.mutable_file();
      RETURN_IF_ERROR(analytics::ExportOnServer(*engine_, call, *base_walks_, request.file(),
                                                exports + id, file));
      file.set_path(file.path().substr(exports.size()));
      return absl::OkStatus();
    }
    case v1::OperationRequest::ASKS_NOT_SET:
      break;
  }
  return absl::DataLossError("REQUEST_LOST: it asks for nothing; begin it anew");
}

void Server::ResumeOperations() {
  operation_runner_->Resume(kRestartsMax);
  const std::optional<v1::Operation> operation = operation_book_->Interrupted();
  if (!operation.has_value()) return;
  const std::string& id = operation->id();
  if (operation->restarts() >= kRestartsMax) {
    return operation_book_->Fail(
        id,
        absl::AbortedError(absl::StrCat("INTERRUPTED: the process ended ", kRestartsMax + 1,
                                        " times while it went on; find out why, then begin it "
                                        "again")),
        engine_->clock().NowMicros());
  }
  operation_book_->NoteRestart(id);
  absl::StatusOr<bool> is_done = false;
  if (operation->kind() == v1::OPERATION_KIND_REFOLD) {
    is_done = rules_->GoOn(*operation);
  } else if (const absl::Status begun = engine_->StartRebuild(
                 {operation->records_per_second_max(), operation_book_->WhenEnded(id)});
             !begun.ok()) {
    is_done = begun;
  }
  const int64_t now_us = engine_->clock().NowMicros();
  if (!is_done.ok()) return operation_book_->Fail(id, is_done.status(), now_us);
  if (*is_done) operation_book_->NoteDone(id, now_us);
}

absl::Status Server::Listen(const std::string& address, const TlsFiles& tls) {
  RETURN_IF_ERROR(CheckReach(address, IsGuarded(tls, tokens_file_)));
  ASSIGN_OR_RETURN(auto credentials, ServerTls(tls));
  ASSIGN_OR_RETURN(door_,
                   edge::GrpcDoor::Open({.address = address, .credentials = std::move(credentials)},
                                        dispatcher_.get()));
  return absl::OkStatus();
}

absl::Status Server::ListenHttp(const std::string& address, const TlsFiles& tls) {
  RETURN_IF_ERROR(CheckReach(address, IsGuarded(tls, tokens_file_)));
  edge::HttpOptions options;
  options.address = address;
  ASSIGN_OR_RETURN(options.tls, ServerHttpTls(tls));
  ASSIGN_OR_RETURN(http_, edge::HttpDoor::Open(options, dispatcher_.get(),
                                               HttpPages(engine_.get(), &methods_, &metrics_)));
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  if (door_ == nullptr) {
    absl::StatusOr<std::unique_ptr<edge::GrpcDoor>> door =
        edge::GrpcDoor::Open({}, dispatcher_.get());
    if (!door.ok()) return nullptr;
    door_ = *std::move(door);
  }
  return door_->InProcessChannel();
}

void Server::Shutdown() {
  if (operation_runner_ != nullptr) operation_runner_->Stop();
  if (http_ != nullptr) http_->Close();
  if (door_ != nullptr) door_->Close();
}

}  // namespace rapport::operations
