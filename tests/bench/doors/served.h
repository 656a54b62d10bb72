// Served: a server over a data directory that is gone afterwards, filled with a workload of
// purchases, and reached over a loopback port.
//
//   Served served;
//   RETURN_IF_ERROR(served.Open({.events = 500'000, .customers = 100'000}));
//   ... served.Channel() ...
//
// Threads: Open by one thread, the rest by any. Errors: those of Server and the log.
#pragma once

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "consumers/operations/server.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct ServedOptions {
  int64_t events = 500'000;
  int64_t customers = 100'000;
};

class Served {
 public:
  Served();
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  absl::Status Open(const ServedOptions& options);

  std::shared_ptr<grpc::Channel> Channel() const;
  const std::vector<std::string>& customers() const { return customers_; }
  const std::string& folder() const { return folder_; }
  Engine& engine() const { return server_->engine(); }

  // Puts the workload of that seed into the log until `stop` says so or it ends, and waits until it
  // is folded; how many events that were. `seen` may be null.
  absl::StatusOr<int64_t> Fold(uint64_t seed, const ServedOptions& options,
                               const std::function<bool()>& stop,
                               std::set<std::string>* seen = nullptr) const;

 private:
  absl::Status Append(std::vector<NewRecord> records) const;

  const std::string folder_;
  std::unique_ptr<operations::Server> server_;
  std::vector<std::string> customers_;
};

}  // namespace rapport::bench
