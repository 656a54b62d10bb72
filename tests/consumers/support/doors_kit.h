// Doors: one server asked through both of its doors, by names and JSON.
//
//   Doors doors(&world.server());
//   doors.OverGrpc("PublishService.Publish", R"({"item":{}})");
//   doors.OverHttp("POST /v1/events:publish", "{}");
//
// Threads: one. Ownership: borrows the server. Errors: what the doors answer.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "consumers/operations/server.h"
#include "tests/consumers/edge/raw_http.h"

namespace rapport {

class Doors {
 public:
  // Has it listen for HTTP on a free port.
  explicit Doors(operations::Server* server);

  // The answer in JSON; of a stream its first message.
  absl::StatusOr<std::string> OverGrpc(const std::string& method, const std::string& json,
                                       absl::Duration patience = absl::Seconds(20)) const;
  // `what` = verb and path.
  edge::RawHttp::Answer OverHttp(const std::string& what, const std::string& body,
                                 const std::string& headers = "") const;
  // Shows this token from now on.
  void Become(std::string token) { token_ = std::move(token); }

 private:
  operations::Server* const server_;
  std::string token_;
};

}  // namespace rapport
