// Server: an engine behind gRPC and HTTP, or in the same process only.
//
//   ASSIGN_OR_RETURN(auto server, Server::Open(options));   // in process
//   RETURN_IF_ERROR(server->Listen("127.0.0.1:8471"));       // and over the network
//   RETURN_IF_ERROR(server->ListenHttp("127.0.0.1:8470"));
//
// Threads:   all methods from any thread.
// Ownership: owns engine, rules and services.
// Errors:    those of Engine::Open, TokenFile and ServerTls; UNAVAILABLE (PORT_IN_USE) from Listen;
//            INVALID_ARGUMENT for an address that others than this machine reach, unless clients
//            must show certificates and there are tokens.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "consumers/analytics/history_service.h"
#include "consumers/edge/dispatcher.h"
#include "consumers/edge/gate.h"
#include "consumers/edge/grpc_door.h"
#include "consumers/edge/http_door.h"
#include "consumers/edge/method_table.h"
#include "consumers/edge/token_follower.h"
#include "consumers/edge/turns.h"
#include "consumers/operations/metrics.h"
#include "consumers/operations/operation_runner.h"
#include "consumers/operations/operations_service.h"
#include "consumers/operations/privacy_service.h"
#include "consumers/operations/rule_book.h"
#include "consumers/operations/tls.h"
#include "consumers/support/relationship_service.h"
#include "consumers/transactions/publish_service.h"
#include "engine/engine.h"

namespace rapport::operations {

struct ServerOptions {
  EngineOptions engine;
  // File with the rules, or the name of a set of the program; empty = those that were activated
  // last in this directory, else the standard rules.
  std::string rules_file;
  // Who may call and do what, followed while it changes; empty = everybody everything, as long as
  // only this machine reaches the server. With it, who calls within this process must show a token
  // too.
  std::string tokens_file;
  edge::CallerLimitOptions limits;
  // Walks of the whole base at once; 0 = one for each two cores, at least one.
  int base_walks = 0;
};

class Server {
 public:
  static absl::StatusOr<std::unique_ptr<Server>> Open(const ServerOptions& options);
  ~Server();

  // Serves gRPC on `address`, such as `127.0.0.1:8471`; port 0 takes a free one. Without files of
  // `tls` in clear.
  absl::Status Listen(const std::string& address, const TlsFiles& tls = {});
  // The port that Listen took.
  int port() const { return door_ == nullptr ? 0 : door_->port(); }

  // Serves HTTP as well; see http_pages.h for what there is besides the methods.
  absl::Status ListenHttp(const std::string& address, const TlsFiles& tls = {});
  int http_port() const { return http_ == nullptr ? 0 : http_->port(); }

  // Begins once more what the end of the process before has interrupted. For who goes on serving.
  void ResumeOperations();

  // A channel to the services without a network.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Ends streams and takes no new calls.
  void Shutdown();

  Engine& engine() { return *engine_; }
  const edge::MethodTable& methods() const { return methods_; }
  // Of all that walks the whole base.
  edge::Turns& base_walks() { return *base_walks_; }

 private:
  Server() = default;
  // Where exports on the server are written, each into a folder of its own.
  std::string ExportsFolder() const;
  // What the runner is asked.
  absl::Status RunOperation(const edge::Call& call, const std::string& id,
                            const v1::OperationRequest& request, v1::OperationResult& result);
  absl::Status OpenGate(const ServerOptions& options, const edge::TokenFollower::Alarm& alarm);

  std::unique_ptr<OperationBook> operation_book_;
  std::unique_ptr<RuleBook> rules_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<edge::Turns> base_walks_;
  std::unique_ptr<transactions::PublishService> publish_;
  std::unique_ptr<support::RelationshipService> relationships_;
  std::unique_ptr<analytics::HistoryService> history_;
  std::unique_ptr<OperationRunner> operation_runner_;
  std::unique_ptr<OperationsService> operations_;
  std::unique_ptr<PrivacyService> privacy_;
  edge::MethodTable methods_;
  std::string tokens_file_;
  std::unique_ptr<edge::Gate> gate_;
  std::unique_ptr<edge::TokenFollower> token_follower_;
  Metrics metrics_;
  std::unique_ptr<edge::Dispatcher> dispatcher_;
  std::unique_ptr<edge::GrpcDoor> door_;
  std::unique_ptr<edge::HttpDoor> http_;
};

}  // namespace rapport::operations
