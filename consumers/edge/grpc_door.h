// GrpcDoor: serves the methods of a table over gRPC, through completion queues.
//
//   ASSIGN_OR_RETURN(auto door, GrpcDoor::Open(options, &dispatcher));
//   ... door->port(), door->InProcessChannel() ...
//
// One thread for each core takes calls in; what answers from memory is answered there, the rest by
// the dispatcher. Reflection lists the services, grpc.health.v1 answers for all of them and for
// each. Messages are never compressed.
//
// Threads:   all methods from any thread.
// Ownership: borrows the dispatcher, which must outlive it.
// Errors:    UNAVAILABLE (PORT_IN_USE) from Open; to callers UNIMPLEMENTED for an unknown method,
//            INVALID_ARGUMENT (PAYLOAD_MALFORMED) for bytes that are not the method's request,
//            DEADLINE_EXCEEDED (DEADLINE_PASSED) for a stream whose request does not come.
// Limits:    requests of 1 MiB, answers of 64 MiB, headers of 16 KiB, 256 calls at once on a
//            connection, pings at most every ten seconds.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "consumers/edge/dispatcher.h"

namespace rapport::edge {

struct GrpcOptions {
  // Such as `127.0.0.1:8471`, port 0 takes a free one; empty = only within this process.
  std::string address;
  // Null = in clear.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  // How long the request of a method that answers with a stream is waited for.
  absl::Duration first_request = absl::Seconds(10);
};

class GrpcDoor {
 public:
  static absl::StatusOr<std::unique_ptr<GrpcDoor>> Open(const GrpcOptions& options,
                                                        Dispatcher* dispatcher);
  ~GrpcDoor();

  // The port that was taken; 0 when there is no address.
  int port() const;
  // A channel to the services without a network.
  std::shared_ptr<grpc::Channel> InProcessChannel();
  // What grpc.health.v1 says.
  void SetHealthy(bool healthy);
  // Takes no new calls, gives those that run two seconds, then cancels them and waits.
  void Close();

 private:
  class Calls;

  GrpcDoor();

  std::unique_ptr<Calls> calls_;
};

}  // namespace rapport::edge
