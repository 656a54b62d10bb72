#include "tests/bench/doors/load.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rapport::bench {
namespace {

// One call in flight.
struct Flight {
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
  int64_t begun_ns = 0;
};

class Generator {
 public:
  Generator(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
            const std::vector<std::string>& requests)
      : stub_(channel), path_(path) {
    for (const std::string& request : requests) {
      const grpc::Slice slice(request);
      requests_.emplace_back(&slice, 1);
    }
  }

  void Send(Flight& flight) {
    flight.context = std::make_unique<grpc::ClientContext>();
    flight.answer.Clear();
    flight.begun_ns = absl::GetCurrentTimeNanos();
    flight.reader = stub_.PrepareUnaryCall(flight.context.get(), path_,
                                           requests_[next_++ % requests_.size()], &queue_);
    flight.reader->StartCall();
    flight.reader->Finish(&flight.answer, &flight.status, &flight);
  }

  Flight* Next() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    return static_cast<Flight*>(tag);
  }

 private:
  grpc::GenericStub stub_;
  const std::string path_;
  std::vector<grpc::ByteBuffer> requests_;
  size_t next_ = 0;
  grpc::CompletionQueue queue_;
};

}  // namespace

absl::StatusOr<Load> RunLoad(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                             const std::vector<std::string>& requests, const LoadOptions& options) {
  Generator generator(channel, path, requests);
  std::vector<Flight> flights(static_cast<size_t>(options.in_flight));
  std::vector<int64_t> took;
  took.reserve(static_cast<size_t>(options.calls));
  int64_t bytes = 0, running = 0;
  absl::Status failed;
  const int64_t begun = absl::GetCurrentTimeNanos();
  for (Flight& flight : flights) {
    generator.Send(flight);
    ++running;
  }
  while (running > 0) {
    Flight& flight = *generator.Next();
    --running;
    took.push_back(absl::GetCurrentTimeNanos() - flight.begun_ns);
    bytes += static_cast<int64_t>(flight.answer.Length());
    if (!flight.status.ok()) failed = absl::InternalError(flight.status.error_message());
    const auto started = static_cast<int64_t>(took.size()) + running;
    if (!failed.ok() || started >= options.calls) continue;
    generator.Send(flight);
    ++running;
  }
  if (!failed.ok()) return failed;
  const double seconds = static_cast<double>(absl::GetCurrentTimeNanos() - begun) / 1e9;
  std::sort(took.begin(), took.end());
  Load load;
  load.calls_per_s = static_cast<double>(took.size()) / seconds;
  load.p50 = absl::Nanoseconds(took[took.size() / 2]);
  load.p99 = absl::Nanoseconds(took[took.size() * 99 / 100]);
  load.answer_bytes = bytes / static_cast<int64_t>(took.size());
  return load;
}

}  // namespace rapport::bench
