#include "consumers/operations/server.h"

#include <grpcpp/server_builder.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/operations/exit_code.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

// A request of 1 MiB and what frames it.
constexpr int kMessageBytesMax = (1 << 20) + 4096;
// An answer may hold a page of timeline entries.
constexpr int kAnswerBytesMax = 64 << 20;

bool IsLoopback(const std::string& address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:") || absl::StartsWith(address, "unix:");
}

[[noreturn]] void EndProcess(const absl::Status& status) {
  std::fprintf(stderr,
               "rapport: %s. What was not durable is folded again at the next start; check the "
               "disk, then start again\n",
               std::string(status.message()).c_str());
  std::_Exit(kDiskFailed);
}

void SayAlarm(const std::string& what) { std::fprintf(stderr, "rapport: %s\n", what.c_str()); }

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Open(const ServerOptions& options) {
  std::unique_ptr<Server> server(new Server);
  EngineOptions engine_options = options.engine;
  if (!engine_options.fatal) engine_options.fatal = EndProcess;
  if (!engine_options.alarm) engine_options.alarm = SayAlarm;
  ASSIGN_OR_RETURN(server->rules_, RuleBook::Open(&SystemFiles(), engine_options.data_directory,
                                                  options.rules_file, engine_options.alarm));
  ASSIGN_OR_RETURN(server->engine_,
                   Engine::Open(engine_options, server->rules_->projection(), &SystemClock()));
  server->rules_->Serve(server->engine_.get());
  Engine* engine = server->engine_.get();
  server->publish_ = std::make_unique<transactions::PublishService>(engine);
  server->relationships_ = std::make_unique<support::RelationshipService>(engine);
  server->history_ = std::make_unique<analytics::HistoryService>(engine);
  server->operations_ = std::make_unique<OperationsService>(engine, server->rules_.get());
  server->privacy_ = std::make_unique<PrivacyService>(engine);
  return server;
}

Server::~Server() { Shutdown(); }

absl::Status Server::Start(const std::string& address) {
  grpc::ServerBuilder builder;
  if (!address.empty()) {
    builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port_);
    // Two servers on one port would each get a share of the calls.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  }
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.SetMaxSendMessageSize(kAnswerBytesMax);
  builder.RegisterService(publish_.get());
  builder.RegisterService(relationships_.get());
  builder.RegisterService(history_.get());
  builder.RegisterService(operations_.get());
  builder.RegisterService(privacy_.get());
  server_ = builder.BuildAndStart();
  if (server_ != nullptr && (address.empty() || port_ != 0)) return absl::OkStatus();
  server_.reset();
  return absl::UnavailableError(
      absl::StrCat("PORT_IN_USE: cannot listen on ", address,
                   "; another program listens there. Stop it or name another address with --grpc"));
}

absl::Status Server::Listen(const std::string& address) {
  if (!IsLoopback(address)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "refuses to listen on ", address,
        ": only this machine may connect as long as there is no TLS. Use 127.0.0.1:PORT"));
  }
  return Start(address);
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  if (server_ == nullptr && !Start("").ok()) return nullptr;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  return server_->InProcessChannel(arguments);
}

void Server::Shutdown() {
  if (server_ == nullptr) return;
  server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(2)));
  server_->Wait();
}

}  // namespace rapport::operations
