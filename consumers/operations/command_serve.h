// `rapport serve`: the engine behind HTTP and gRPC until it is told to stop.
//
// Threads: one thread; SIGINT and SIGTERM end it within 10 s, all that is applied made durable.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "consumers/operations/server.h"

namespace rapport::operations {

// The data directory when nobody names one.
inline constexpr char kDataDefault[] = "rapport-data";

struct Serve {
  ServerOptions server;
  std::string grpc = "127.0.0.1:8471";
  // The authority is that of clients' certificates.
  TlsFiles tls;
  // `on`, `off`, or empty: on with the embedded log.
  std::string echo;
  // `off` = not at all.
  std::string http = "127.0.0.1:8470";
  // As Target has it.
  std::optional<int> partitions;
};
absl::Status RunServe(const Serve& options);

}  // namespace rapport::operations
