// Reads through the door: Get, whole and masked, and BatchGet of a thousand over gRPC, beside GETs
// of a Redis on this machine, for the batches a hundred at once,
// and beside a gRPC server that answers with as many bytes and does nothing else. Then what a call
// costs without a door, what 64 publish at once, with and without one, beside a sync of the disk
// for each event, what reads and folding take from each other, how long a table of everybody takes
// as a file, and how soon a record that was produced to Kafka is answered with. `--only reads`,
// `calls`, `publishing`, `folding`, `exports` or `visible` leaves out the rest.
//
//   tools/dev bench doors [--customers 100000] [--rounds 5] [--only reads]
//
// A server folds a workload of purchases from its embedded log and answers on a loopback port; the
// load comes from this process. Redis holds as many keys with values as long as the answers.
// Rounds are interleaved; figures are medians.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "tests/bench/doors/echo.h"
#include "tests/bench/doors/exporting.h"
#include "tests/bench/doors/load.h"
#include "tests/bench/doors/redis.h"
#include "tests/bench/doors/served.h"
#include "tests/bench/doors/visible.h"
#include "tests/bench/doors/within.h"
#include "tests/bench/doors/work.h"
#include "tests/bench/rapport_bench/figures.h"

namespace rapport::bench {
namespace {

// Customers of a batch.
constexpr size_t kBatch = 1000;

struct Options {
  ServedOptions served;
  int rounds = 5;
  int64_t calls = 200'000;
  // Empty = all parts.
  std::string only;

  bool Wants(const char* part) const { return only.empty() || only == part; }
};

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

// What most callers look at.
void Mask(google::protobuf::FieldMask& mask) {
  mask.add_paths("standing.stage");
  mask.add_paths("standing.score");
}

std::vector<std::string> GetRequests(const std::vector<std::string>& customers, bool masked) {
  std::vector<std::string> requests;
  v1::GetRelationshipRequest request;
  if (masked) Mask(*request.mutable_read_mask());
  for (const std::string& customer : customers) {
    request.set_customer_id(customer);
    requests.push_back(request.SerializeAsString());
  }
  std::shuffle(requests.begin(), requests.end(), std::mt19937_64(1));
  return requests;
}

std::vector<std::string> BatchRequests(std::vector<std::string> customers) {
  std::shuffle(customers.begin(), customers.end(), std::mt19937_64(1));
  std::vector<std::string> requests;
  for (size_t begin = 0; begin < customers.size(); begin += kBatch) {
    v1::BatchGetRelationshipsRequest request;
    Mask(*request.mutable_read_mask());
    for (size_t i = 0; i < kBatch; ++i) {
      request.add_customer_ids(customers[(begin + i) % customers.size()]);
    }
    requests.push_back(request.SerializeAsString());
  }
  return requests;
}

// One way of reading, and Redis asked for as much in the same way.
struct Race {
  const char* method;
  std::vector<std::string> requests;
  LoadOptions load;
  RedisLoad bound;
  Figure ours;
  Figure theirs;
  // Customers that a call answers.
  double each = 1;
  Figure bare = {"gRPC alone, as many bytes"};
};

std::vector<Race> RacesOf(const Options& options, const std::vector<std::string>& customers) {
  const int64_t batches = std::max<int64_t>(20, options.calls / 100);
  std::vector<Race> races;
  races.push_back({"GetRelationship",
                   GetRequests(customers, false),
                   {.calls = options.calls},
                   {.calls = options.calls},
                   {"Get, 16 in flight"},
                   {"Redis GET, 16 clients"}});
  races.push_back({"GetRelationship",
                   GetRequests(customers, true),
                   {.calls = options.calls},
                   {.calls = options.calls},
                   {"Get of stage and score"},
                   {"Redis GET, 16 clients"}});
  races.push_back({"BatchGetRelationships",
                   BatchRequests(customers),
                   {.in_flight = 4, .calls = batches},
                   {.pipeline = 100, .calls = options.calls * 10},
                   {"BatchGet of 1000, customers"},
                   {"Redis GET, 100 at once"},
                   static_cast<double>(kBatch)});
  return races;
}

absl::Status RunRace(const Served& served, const Options& options, Redis& redis, Race& race) {
  const auto channel = served.Channel();
  const std::string path = absl::StrCat("/rapport.v1.RelationshipService/", race.method);
  LoadOptions warm = race.load;
  warm.calls = std::min<int64_t>(warm.calls, 20'000);
  ASSIGN_OR_RETURN(const Load first, RunLoad(channel, path, race.requests, warm));
  const auto bytes = static_cast<int64_t>(static_cast<double>(first.answer_bytes) / race.each);
  const auto customers = static_cast<int64_t>(served.customers().size());
  RETURN_IF_ERROR(redis.Fill(customers, bytes));
  ASSIGN_OR_RETURN(const auto echo, Echo::Start(first.answer_bytes));
  std::printf("%lld customers, %lld bytes of each\n", static_cast<long long>(customers),
              static_cast<long long>(bytes));
  for (int round = 0; round < options.rounds; ++round) {
    ASSIGN_OR_RETURN(const Load load, RunLoad(channel, path, race.requests, race.load));
    race.ours.Take(load.calls_per_s * race.each, load.p50, load.p99);
    ASSIGN_OR_RETURN(const Load bare, RunLoad(echo->Channel(), path, race.requests, race.load));
    race.bare.Take(bare.calls_per_s * race.each, bare.p50, bare.p99);
    ASSIGN_OR_RETURN(const RedisFigures bound, redis.Get(race.bound));
    race.theirs.Take(bound.calls_per_s, bound.p50, bound.p99);
  }
  race.ours.Print();
  race.bare.Print();
  race.theirs.Print();
  PrintRatio("of gRPC alone", race.ours, race.bare);
  PrintRatio("of Redis", race.ours, race.theirs);
  return absl::OkStatus();
}

absl::Status RunServed(const Options& options) {
  Served served;
  RETURN_IF_ERROR(served.Open(options.served));
  if (options.Wants("reads")) {
    ASSIGN_OR_RETURN(const auto redis, Redis::Start());
    for (Race& race : RacesOf(options, served.customers())) {
      RETURN_IF_ERROR(RunRace(served, options, *redis, race));
    }
  }
  if (options.Wants("publishing")) {
    RETURN_IF_ERROR(MeasurePublishing(served, options.rounds));
    RETURN_IF_ERROR(MeasurePublishingWithin(served, options.rounds));
  }
  if (options.Wants("exports")) RETURN_IF_ERROR(MeasureExports(served, options.rounds));
  if (!options.Wants("calls") && !options.Wants("folding")) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> busy, PublishBusy(served));
  if (options.Wants("calls")) RETURN_IF_ERROR(MeasureCalls(served, busy, options.rounds));
  if (!options.Wants("folding")) return absl::OkStatus();
  return MeasureReadsWhileFolding(served, options.served, busy, options.rounds);
}

absl::Status Run(const Options& options) {
  if (options.only != "visible") RETURN_IF_ERROR(RunServed(options));
  if (!options.Wants("visible")) return absl::OkStatus();
  return MeasureVisible({.rounds = options.rounds});
}

}  // namespace

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Reads through the door, beside Redis.");
  app.add_option("--events", options.served.events, "how many")->check(CLI::PositiveNumber);
  app.add_option("--customers", options.served.customers, "how many")->check(CLI::PositiveNumber);
  app.add_option("--rounds", options.rounds, "of which figures are the median")
      ->check(CLI::PositiveNumber);
  app.add_option("--calls", options.calls, "of a round")->check(CLI::PositiveNumber);
  app.add_option("--only", options.only, "one part")
      ->check(CLI::IsMember({"reads", "calls", "publishing", "folding", "exports", "visible"}));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return EXIT_SUCCESS;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return EXIT_FAILURE;
}

}  // namespace rapport::bench

int main(int argc, char** argv) { return rapport::bench::Main(argc, argv); }
