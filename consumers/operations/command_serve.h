// `rapport serve`: the engine behind gRPC until it is told to stop.
//
// Threads: one thread; SIGINT and SIGTERM end it within 10 s, all that is applied made durable.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/server.h"

namespace rapport::operations {

struct Serve {
  ServerOptions server;
  std::string grpc = "127.0.0.1:8471";
};
absl::Status RunServe(const Serve& options);

// Waits for SIGINT or SIGTERM. The signals must have been blocked by BlockSignals before any other
// thread began.
int AwaitSignal();
void BlockSignals();

}  // namespace rapport::operations
