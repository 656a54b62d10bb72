// Redis: a redis-server of its own on a free port of this machine, as the bound of reads by key.
//
//   ASSIGN_OR_RETURN(const auto redis, Redis::Start());
//   RETURN_IF_ERROR(redis->Fill(100'000, 3'000));
//   ASSIGN_OR_RETURN(const RedisFigures figures, redis->Get({.calls = 500'000}));
//
// Threads:   one.
// Ownership: owns the process: destroying ends it.
// Errors:    NOT_FOUND when redis-server or redis-benchmark is not installed, INTERNAL when one of
//            them fails.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rapport::bench {

struct RedisFigures {
  double calls_per_s = 0;
  absl::Duration p50;
  absl::Duration p99;
};

struct RedisLoad {
  int clients = 16;
  // Commands sent at once by each.
  int pipeline = 1;
  int64_t calls = 500'000;
};

class Redis {
 public:
  static absl::StatusOr<std::unique_ptr<Redis>> Start();
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // Writes so many keys with values of so many bytes.
  absl::Status Fill(int64_t keys, int64_t value_bytes);
  // GETs of keys drawn evenly from those that were filled.
  absl::StatusOr<RedisFigures> Get(const RedisLoad& load);

 private:
  Redis(pid_t process, int port) : process_(process), port_(port) {}
  absl::StatusOr<RedisFigures> Run(const std::string& arguments);

  const pid_t process_;
  const int port_;
  int64_t keys_ = 0;
};

}  // namespace rapport::bench
