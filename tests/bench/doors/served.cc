#include "tests/bench/doors/served.h"

#include <grpcpp/create_channel.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace rapport::bench {
namespace {

// Records that are on their way into the log at once.
constexpr size_t kWindow = 4096;

}  // namespace

Served::Served() : folder_(absl::StrCat("/tmp/doors_bench.", ::getpid())) {}

Served::~Served() {
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::Status Served::Open(const ServedOptions& options) {
  operations::ServerOptions server;
  server.engine.data_directory = folder_;
  server.engine.partitions = 4;
  // One caller measures what the server can.
  server.limits.in_flight = 1024;
  server.limits.publishes_per_second = 10'000'000;
  ASSIGN_OR_RETURN(server_, operations::Server::Open(server));
  std::set<std::string> seen;
  RETURN_IF_ERROR(Fold(
                      1, options, [] { return false; }, &seen)
                      .status());
  customers_.assign(seen.begin(), seen.end());
  return server_->Listen("127.0.0.1:0");
}

std::shared_ptr<grpc::Channel> Served::Channel() const {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                   grpc::InsecureChannelCredentials(), arguments);
}

absl::StatusOr<int64_t> Served::Fold(uint64_t seed, const ServedOptions& options,
                                     const std::function<bool()>& stop,
                                     std::set<std::string>* seen) const {
  Workload workload(AllShapes().front(), {options.events, options.customers, seed});
  int64_t events = 0;
  for (bool more = true; more && !stop();) {
    std::vector<NewRecord> window(kWindow);
    size_t count = 0;
    while (count < kWindow && (more = workload.Next(window[count]))) ++count;
    window.resize(count);
    events += static_cast<int64_t>(count);
    if (seen != nullptr) {
      for (const NewRecord& record : window) seen->insert(record.key);
    }
    RETURN_IF_ERROR(Append(std::move(window)));
  }
  Position end;
  for (Partition partition = 0; partition < engine().log().partitions(); ++partition) {
    ASSIGN_OR_RETURN(const log::OffsetRange range, engine().log().Range(partition));
    end.next[partition] = range.end;
  }
  RETURN_IF_ERROR(engine().pipeline().WaitFor(end, absl::Now() + absl::Minutes(2)));
  return events;
}

// Waits until the log has all of them.
absl::Status Served::Append(std::vector<NewRecord> records) const {
  absl::BlockingCounter waiting(static_cast<int>(records.size()));
  std::atomic<bool> failed = false;
  for (NewRecord& record : records) {
    engine().log().Append(std::move(record), [&](const auto& appended) {
      if (!appended.ok()) failed = true;
      waiting.DecrementCount();
    });
  }
  waiting.Wait();
  return failed ? absl::InternalError("the log did not take an event") : absl::OkStatus();
}

}  // namespace rapport::bench
