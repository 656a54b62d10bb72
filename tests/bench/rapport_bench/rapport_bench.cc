// How fast is the engine, and how large, against bounds taken in the same run?
//
//   tools/dev bench [--rounds 5] [--events 1000000] [--customers 200000] [--workload zipf-text]
//
// What is measured, and the figures of one run: docs/performance.md. Exit codes: 0 done, 1 failed,
// 75 no verdict: the bound itself moved by more than a quarter between rounds; try on a machine
// that does nothing else.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "projections/catalog.h"
#include "tests/bench/rapport_bench/budget.h"
#include "tests/bench/rapport_bench/machine.h"
#include "tests/bench/rapport_bench/profiled.h"
#include "tests/bench/rapport_bench/report.h"
#include "tests/bench/rapport_bench/resident.h"
#include "tests/bench/rapport_bench/restart.h"
#include "tests/bench/rapport_bench/rounds.h"
#include "tests/kit/kafka_broker.h"

namespace rapport::bench {
namespace {

constexpr int kNoVerdict = 75;

struct Arguments {
  int rounds = 5;
  int64_t events = 0;
  int64_t customers = 200'000;
  uint64_t seed = 1;
  bool short_form = false;
  bool peers = true;
  std::string workload;
  std::string json;
  // `live` or `rebuild`; empty = the figures.
  std::string profile;
  bool embedded = false;
  std::string control;
  std::string ack;
  // Directory to live in until killed; empty = not.
  std::string live_in;
  // A site that is folded within a budget; no directory = not.
  SiteOptions fold_in;
};

// Adds what the customers of the real logs take.
absl::Status AddRealLogs(const fold::Projection& projection, Figures& figures) {
  for (const RealLog& log : RealLogs()) {
    ASSIGN_OR_RETURN(const ResidentBytes bytes, MeasureResident(log, projection));
    figures.Add(log.name, "events", "events", static_cast<double>(bytes.events));
    figures.Add(log.name, "customers", "customers", static_cast<double>(bytes.customers));
    figures.Add(log.name, "memory a customer, median", "bytes", bytes.median);
    figures.Add(log.name, "memory a customer", "bytes", bytes.mean);
  }
  return absl::OkStatus();
}

RoundOptions OptionsOf(const Arguments& arguments) {
  RoundOptions options;
  options.rounds = arguments.short_form ? 2 : arguments.rounds;
  options.measure.amounts = {arguments.events, arguments.customers, arguments.seed};
  if (options.measure.amounts.events == 0) options.measure.amounts.events = 1'000'000;
  if (arguments.short_form) {
    options.measure.amounts.events = arguments.events == 0 ? 20'000 : arguments.events;
    options.measure.amounts.customers = std::min<int64_t>(arguments.customers, 2'000);
  }
  for (Shape shape : AllShapes()) {
    if (!arguments.workload.empty() && arguments.workload != shape.name) continue;
    // Without sizes and broker these would be others once more.
    const bool doubled =
        !shape.rebuild_only && !shape.restart_only && (shape.event_scale > 1 || shape.embedded);
    if (arguments.short_form && doubled && arguments.workload.empty()) continue;
    if (arguments.short_form) shape.event_scale = shape.customer_scale = 1;
    options.shapes.push_back(shape);
  }
  return options;
}

Facts DescribeRun(const RoundOptions& options) {
  Facts run = DescribeMachine();
  run.emplace_back(
      "log", options.measure.brokers.empty() ? "embedded" : "Kafka, one broker, 4 partitions");
  run.emplace_back("events", absl::StrCat(options.measure.amounts.events));
  run.emplace_back("customers", absl::StrCat(options.measure.amounts.customers));
  run.emplace_back("rounds", absl::StrCat(options.rounds));
  run.emplace_back("seed", absl::StrCat(options.measure.amounts.seed));
  return run;
}

absl::Status WriteReport(const std::string& path, const std::string& json) {
  std::ofstream file(path);
  file << json << "\n";
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot write ", path, "; name another with --json"));
}

absl::StatusOr<std::unique_ptr<kit::KafkaBroker>> StartBroker() {
  // More than tests need, unless somebody knows better.
  setenv("RAPPORT_KAFKA_JAVA_OPTIONS", "-Xms512m -Xmx1g", /*overwrite=*/0);
  return kit::KafkaBroker::Start();
}

// One line for tests/bench/profile.py.
absl::StatusOr<int> Profile(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const auto projection, projections::StandardCatalog());
  const RoundOptions sizes = OptionsOf(arguments);
  ProfileOptions options;
  options.rebuild = arguments.profile == "rebuild";
  options.rounds = sizes.rounds;
  options.shape = sizes.shapes.front();
  options.amounts = Scaled(sizes.measure.amounts, options.shape);
  options.control = arguments.control;
  options.ack = arguments.ack;
  std::unique_ptr<kit::KafkaBroker> broker;
  if (!arguments.embedded) {
    ASSIGN_OR_RETURN(broker, StartBroker());
    options.brokers = broker->bootstrap();
  }
  ASSIGN_OR_RETURN(const ProfiledRun run, RunProfiled(options, *projection));
  std::printf("pid=%d workload=%s events=%ld cpu_ns=%.0f seconds=%.3f\n", getpid(),
              options.shape.name.c_str(), static_cast<long>(run.events), run.cpu_ns, run.seconds);
  return 0;
}

absl::StatusOr<int> Live(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const auto projection, projections::StandardCatalog());
  RETURN_IF_ERROR(
      LiveUntilKilled(arguments.live_in, OptionsOf(arguments).measure.amounts, *projection));
  return 0;
}

absl::StatusOr<int> FoldIn(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const auto projection, projections::StandardCatalog());
  RETURN_IF_ERROR(FoldWithinBudget(arguments.fold_in, arguments.events, *projection));
  return 0;
}

// The exit code.
absl::StatusOr<int> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const auto projection, projections::StandardCatalog());
  RoundOptions options = OptionsOf(arguments);
  std::unique_ptr<kit::KafkaBroker> broker;
  if (!arguments.short_form) {
    ASSIGN_OR_RETURN(broker, StartBroker());
    options.measure.brokers = broker->bootstrap();
    options.measure.peers = arguments.peers;
  }
  Facts run = DescribeRun(options);
  Rounds rounds(options, projection.get());
  RETURN_IF_ERROR(rounds.Run());
  Figures figures = rounds.figures();
  if (!arguments.short_form) RETURN_IF_ERROR(AddRealLogs(*projection, figures));
  for (const auto& [name, text] : run) std::printf("%-12s %s\n", name.c_str(), text.c_str());
  std::printf("\n%s\n", figures.Table().c_str());
  if (!arguments.json.empty()) {
    RETURN_IF_ERROR(WriteReport(arguments.json, ReportJson(run, figures)));
  }
  const std::vector<std::string> unsteady = figures.Unsteady();
  for (const std::string& line : unsteady) std::printf("%s\n", line.c_str());
  return unsteady.empty() || arguments.short_form ? 0 : kNoVerdict;
}

int Main(int argc, char** argv) {
  Arguments arguments;
  std::vector<std::string> names;
  for (const Shape& shape : AllShapes()) names.push_back(shape.name);
  CLI::App app{"Measures the engine against bounds taken in the same run."};
  app.add_option("--rounds", arguments.rounds, "how often everything is measured; default 5")
      ->check(CLI::Range(1, 100));
  app.add_option("--events", arguments.events, "events of a workload; default 1,000,000")
      ->check(CLI::Range(int64_t{1000}, int64_t{100'000'000}));
  app.add_option("--customers", arguments.customers, "customers to draw from; default 200,000")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}));
  app.add_option("--seed", arguments.seed, "of the workloads; default 1");
  app.add_option("--workload", arguments.workload, "one of them; default all")
      ->check(CLI::IsMember(names));
  app.add_option("--json", arguments.json, "where the report goes; default build/bench.json");
  app.add_flag("--short", arguments.short_form,
               "two small rounds on the embedded log, without a verdict, to see that it runs");
  app.add_flag("--peers,!--no-peers", arguments.peers, "Kafka Streams too; default, not if short");
  app.add_option("--profile", arguments.profile, "fold alone, `live` or `rebuild`, for a profiler")
      ->check(CLI::IsMember({"live", "rebuild"}));
  app.add_flag("--embedded", arguments.embedded, "with --profile: the embedded log, no broker");
  app.add_option("--control", arguments.control, "pipe that the profiler listens to");
  app.add_option("--ack", arguments.ack, "pipe that the profiler answers on");
  app.add_option("--live-in", arguments.live_in, "fold in a directory, and wait to be killed");
  app.add_option("--fold-in", arguments.fold_in.directory,
                 "fold a topic in a directory, within a budget");
  app.add_option("--brokers", arguments.fold_in.brokers, "with --fold-in: the broker");
  app.add_option("--topic", arguments.fold_in.topic, "with --fold-in: the topic");
  app.add_option("--memory", arguments.fold_in.partition.memory_bytes,
                 "with --fold-in: bytes of customers that may be resident");
  CLI11_PARSE(app, argc, argv);
  if (arguments.json.empty() && !arguments.short_form) {
    arguments.json = RAPPORT_SOURCE_DIR "/build/bench.json";
  }
  const absl::StatusOr<int> code = !arguments.live_in.empty()             ? Live(arguments)
                                   : !arguments.fold_in.directory.empty() ? FoldIn(arguments)
                                   : arguments.profile.empty()            ? Run(arguments)
                                                                          : Profile(arguments);
  if (code.ok()) return *code;
  std::fprintf(stderr, "rapport_bench: %s\n", std::string(code.status().message()).c_str());
  return 1;
}

}  // namespace
}  // namespace rapport::bench

int main(int argc, char** argv) { return rapport::bench::Main(argc, argv); }
