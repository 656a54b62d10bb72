// Reads through the door: unary Get and BatchGet over gRPC, beside GETs of a Redis on this machine.
//
//   tools/dev bench doors [--customers 100000] [--rounds 5]
//
// A server folds a workload of purchases from its embedded log and answers on a loopback port; the
// load comes from this process. Redis holds as many keys with values as long as the answers.
// Rounds are interleaved; figures are medians.
#include <grpcpp/create_channel.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "consumers/operations/server.h"
#include "engine/base/status_macros.h"
#include "tests/bench/doors/load.h"
#include "tests/bench/doors/redis.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {
namespace {

// Records that are on their way into the log at once.
constexpr size_t kWindow = 4096;

struct Options {
  int64_t events = 500'000;
  int64_t customers = 100'000;
  int rounds = 5;
  int64_t calls = 200'000;
};

// A server over a data directory that is gone afterwards.
class Served {
 public:
  Served() : folder_(absl::StrCat("/tmp/doors_bench.", ::getpid())) {}
  ~Served() {
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  absl::Status Open(const Options& options) {
    operations::ServerOptions server;
    server.engine.data_directory = folder_;
    server.engine.partitions = 4;
    ASSIGN_OR_RETURN(server_, operations::Server::Open(server));
    RETURN_IF_ERROR(Fill(options));
    return server_->Listen("127.0.0.1:0");
  }

  std::shared_ptr<grpc::Channel> Channel() const {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(64 << 20);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                     grpc::InsecureChannelCredentials(), arguments);
  }
  const std::vector<std::string>& customers() const { return customers_; }

 private:
  absl::Status Fill(const Options& options) {
    Workload workload(AllShapes().front(), {options.events, options.customers, 1});
    std::set<std::string> seen;
    for (bool more = true; more;) {
      std::vector<NewRecord> window(kWindow);
      size_t count = 0;
      while (count < kWindow && (more = workload.Next(window[count]))) ++count;
      window.resize(count);
      for (const NewRecord& record : window) seen.insert(record.key);
      RETURN_IF_ERROR(Append(std::move(window)));
    }
    customers_.assign(seen.begin(), seen.end());
    Engine& engine = server_->engine();
    Position end;
    for (Partition partition = 0; partition < engine.log().partitions(); ++partition) {
      ASSIGN_OR_RETURN(const log::OffsetRange range, engine.log().Range(partition));
      end.next[partition] = range.end;
    }
    return engine.pipeline().WaitFor(end, absl::Now() + absl::Minutes(2));
  }

  // Waits until the log has all of them.
  absl::Status Append(std::vector<NewRecord> records) {
    absl::BlockingCounter waiting(static_cast<int>(records.size()));
    std::atomic<bool> failed = false;
    for (NewRecord& record : records) {
      server_->engine().log().Append(std::move(record), [&](const auto& appended) {
        if (!appended.ok()) failed = true;
        waiting.DecrementCount();
      });
    }
    waiting.Wait();
    return failed ? absl::InternalError("the log did not take an event") : absl::OkStatus();
  }

  const std::string folder_;
  std::unique_ptr<operations::Server> server_;
  std::vector<std::string> customers_;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// What is read in each round, and what the rounds gave.
struct Figure {
  const char* name;
  std::vector<double> per_s;
  std::vector<double> p50_us;
  std::vector<double> p99_us;

  void Take(double rate, absl::Duration p50, absl::Duration p99) {
    per_s.push_back(rate);
    p50_us.push_back(absl::ToDoubleMicroseconds(p50));
    p99_us.push_back(absl::ToDoubleMicroseconds(p99));
  }
  void Print() const {
    const auto [least, greatest] = std::minmax_element(per_s.begin(), per_s.end());
    std::printf("%-34s %9.0f /s (%.0f to %.0f)  p50 %6.0f us  p99 %6.0f us\n", name, Median(per_s),
                *least, *greatest, Median(p50_us), Median(p99_us));
  }
};

void PrintRatio(const char* what, const Figure& figure, const Figure& bound) {
  std::vector<double> rates, tails;
  for (size_t round = 0; round < figure.per_s.size(); ++round) {
    rates.push_back(figure.per_s[round] / bound.per_s[round]);
    tails.push_back(figure.p99_us[round] / bound.p99_us[round]);
  }
  std::printf("%-34s %9.2f of the rate, %.2f times the p99\n", what, Median(rates), Median(tails));
}

std::vector<std::string> GetRequests(const std::vector<std::string>& customers) {
  std::vector<std::string> requests;
  v1::GetRelationshipRequest request;
  for (const std::string& customer : customers) {
    request.set_customer_id(customer);
    requests.push_back(request.SerializeAsString());
  }
  std::shuffle(requests.begin(), requests.end(), std::mt19937_64(1));
  return requests;
}

absl::Status Run(const Options& options) {
  Served served;
  RETURN_IF_ERROR(served.Open(options));
  const auto channel = served.Channel();
  const std::string get = "/rapport.v1.RelationshipService/GetRelationship";
  const std::vector<std::string> requests = GetRequests(served.customers());
  ASSIGN_OR_RETURN(const Load warm, RunLoad(channel, get, requests, {.calls = 20'000}));
  ASSIGN_OR_RETURN(const auto redis, Redis::Start());
  const auto customers = static_cast<int64_t>(served.customers().size());
  RETURN_IF_ERROR(redis->Fill(customers, warm.answer_bytes));
  std::printf("%lld customers, answers of %lld bytes\n", static_cast<long long>(customers),
              static_cast<long long>(warm.answer_bytes));
  Figure ours{"Get, 16 in flight"}, theirs{"Redis GET, 16 clients"};
  for (int round = 0; round < options.rounds; ++round) {
    ASSIGN_OR_RETURN(const Load load, RunLoad(channel, get, requests, {.calls = options.calls}));
    ours.Take(load.calls_per_s, load.p50, load.p99);
    ASSIGN_OR_RETURN(const RedisFigures bound, redis->Get({.calls = options.calls}));
    theirs.Take(bound.calls_per_s, bound.p50, bound.p99);
  }
  ours.Print();
  theirs.Print();
  PrintRatio("Get, of Redis GET", ours, theirs);
  return absl::OkStatus();
}

}  // namespace

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Reads through the door, beside Redis.");
  app.add_option("--events", options.events, "how many")->check(CLI::PositiveNumber);
  app.add_option("--customers", options.customers, "how many")->check(CLI::PositiveNumber);
  app.add_option("--rounds", options.rounds, "of which figures are the median")
      ->check(CLI::PositiveNumber);
  app.add_option("--calls", options.calls, "of a round")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return EXIT_SUCCESS;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return EXIT_FAILURE;
}

}  // namespace rapport::bench

int main(int argc, char** argv) { return rapport::bench::Main(argc, argv); }
