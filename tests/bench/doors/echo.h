// Echo: a gRPC server that answers every call with the same bytes and does nothing else, over the
// same kind of queues as the door: what gRPC itself leaves of a rate.
//
//   ASSIGN_OR_RETURN(const auto echo, Echo::Start(3'200));
//   ASSIGN_OR_RETURN(const Load load, RunLoad(echo->Channel(), "/echo", requests, {}));
//
// Threads:   Start, Channel and the destructor by one; it has a thread for each core.
// Ownership: owns server and threads; channels must be gone before it.
// Errors:    UNAVAILABLE when no port can be had.
#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"

namespace rapport::bench {

class Echo {
 public:
  static absl::StatusOr<std::unique_ptr<Echo>> Start(int64_t answer_bytes);
  ~Echo();
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  std::shared_ptr<grpc::Channel> Channel() const;

 private:
  class Server;
  class Call;
  explicit Echo(std::unique_ptr<Server> server);

  const std::unique_ptr<Server> server_;
};

}  // namespace rapport::bench
