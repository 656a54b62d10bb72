// Load: calls of one method over gRPC, so many in flight at any time, and how long each took.
//
//   ASSIGN_OR_RETURN(const Load load, RunLoad(channel, path, requests, {.in_flight = 16}));
//
// Requests are encoded beforehand and answers are not decoded, as a cache's own load generator
// does neither.
//
// Threads: one. Errors: the first status that is not OK.
#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rapport::bench {

struct LoadOptions {
  int in_flight = 16;
  int64_t calls = 100'000;
};

struct Load {
  double calls_per_s = 0;
  absl::Duration p50;
  absl::Duration p99;
  // Of an answer, mean.
  int64_t answer_bytes = 0;
};

// Takes `requests` in turn.
absl::StatusOr<Load> RunLoad(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                             const std::vector<std::string>& requests, const LoadOptions& options);

}  // namespace rapport::bench
