// Client: what the commands talk to: a server, or a stopped store opened in this process.
//
//   ASSIGN_OR_RETURN(Client client, Client::Connect(target));
//   RETURN_IF_ERROR(client.Call(&v1::RelationshipService::Stub::GetRelationship, request, &reply));
//
// Threads: one thread. Ownership: owns channel, stubs, and the opened store if there is one.
// Errors:  UNAVAILABLE (SERVER_UNAVAILABLE) names the address and says how to start one; NOT_FOUND
//          (STORE_MISSING) when the directory holds no store and none may be made.
// A server of this machine that is just coming up is waited for, a few seconds. A store is asked
// once it has folded what its log holds; partitions that stand still hold nothing up.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/operations/server.h"
#include "rapport/v1/history.grpc.pb.h"
#include "rapport/v1/operations.grpc.pb.h"
#include "rapport/v1/privacy.grpc.pb.h"
#include "rapport/v1/publish.grpc.pb.h"
#include "rapport/v1/relationships.grpc.pb.h"

namespace rapport::operations {

inline constexpr char kServerDefault[] = "127.0.0.1:8471";

// How long a call is waited for that may read the whole base: one of a hundred million events is
// folded anew twice in that time.
inline constexpr absl::Duration kWholeBasePatience = absl::Hours(1);

struct Target {
  // Address of a server.
  std::string server = kServerDefault;
  // The file of the token to show, empty = none; the authority is that of the server's certificate.
  std::string token_file;
  TlsFiles tls;
  // Or the store itself; empty = ask the server.
  ServerOptions store;
  // Makes the store if there is none, as who publishes may want.
  bool may_create = false;
  // Partitions wished for a new store, if any were; of one that is there they cannot change.
  std::optional<int> partitions;
};

// Says so when the store has another number of partitions than was wished for.
void WarnOfPartitions(const std::optional<int>& wished, const Engine& engine);

class Client {
 public:
  static absl::StatusOr<std::unique_ptr<Client>> Connect(const Target& target);

  // One call of `method` on `stub`, with a deadline; one that is refused because this caller asks
  // too much at once is sent again until then.
  template <typename Stub, typename Method, typename Request, typename Response>
  absl::Status Call(Stub& stub, Method method, const Request& request, Response* response,
                    absl::Duration timeout = absl::Seconds(30)) {
    const absl::Time deadline = absl::Now() + timeout;
    for (;;) {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(deadline));
      absl::Status status = Explain((stub.*method)(&context, request, response));
      if (!AwaitsTurn(status, deadline)) return status;
    }
  }

  // What a call was told; says how to start a server when none answered.
  absl::Status Explain(const grpc::Status& told) const;

  v1::PublishService::Stub& publish() { return *publish_; }
  v1::RelationshipService::Stub& relationships() { return *relationships_; }
  v1::HistoryService::Stub& history() { return *history_; }
  v1::OperationsService::Stub& operations() { return *operations_; }
  v1::PrivacyService::Stub& privacy() { return *privacy_; }
  // Null when a server is asked.
  Server* store() { return store_.get(); }

 private:
  Client() = default;
  absl::Status ConnectTo(const Target& target);
  // Whether the call is to be sent again, after a pause.
  static bool AwaitsTurn(const absl::Status& status, absl::Time deadline);

  std::string address_;
  bool is_encrypted_ = false;
  bool shows_token_ = false;
  std::unique_ptr<Server> store_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PublishService::Stub> publish_;
  std::unique_ptr<v1::RelationshipService::Stub> relationships_;
  std::unique_ptr<v1::HistoryService::Stub> history_;
  std::unique_ptr<v1::OperationsService::Stub> operations_;
  std::unique_ptr<v1::PrivacyService::Stub> privacy_;
};

}  // namespace rapport::operations
