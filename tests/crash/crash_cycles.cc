// crash_cycles cuts the power of real RocksDB tables, again and again, and says how often what came
// back was wrong.
//
//   crash_cycles --cycles 2000 --seed 1                 the product's tables: must say 0
//   crash_cycles --table engine                         the whole engine, and its embedded log
//   crash_cycles --table state --variant unflushed      what happens without a rule of ours
//
// Options: --cycles N, --seconds T (whichever comes first), --seed S, --table
// state|log|both|engine|embedded,
// --variant NAME (state only), --damage (unsynced bytes may come back as zeros or flipped).
// Exit code: 0 when nothing was wrong, 1 when something was, 2 for a wrong command line.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/crash/embedded_cycles.h"
#include "tests/crash/engine_cycles.h"
#include "tests/crash/log_cycles.h"
#include "tests/crash/state_cycles.h"

namespace rapport::crash {
namespace {

constexpr int kLives = 4;

struct CommandLine {
  int64_t cycles = 400;
  double seconds = 1e9;
  uint64_t seed = 1;
  std::string table = "both";
  StateVariant variant;
  bool damage = false;
};

bool Parse(int argc, char** argv, CommandLine& line) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--damage") {
      line.damage = true;
      continue;
    }
    if (++i == argc) return false;
    const std::string value = argv[i];
    if (name == "--cycles") {
      line.cycles = std::atoll(value.c_str());
    } else if (name == "--seconds") {
      line.seconds = std::atof(value.c_str());
    } else if (name == "--seed") {
      line.seed = static_cast<uint64_t>(std::atoll(value.c_str()));
    } else if (name == "--table") {
      line.table = value;
    } else if (name == "--variant") {
      bool found = false;
      for (const StateVariant& variant : StateVariants()) {
        if (value != variant.name) continue;
        line.variant = variant;
        found = true;
      }
      if (!found) return false;
    } else {
      return false;
    }
  }
  for (const char* table : {"state", "log", "both", "engine", "embedded"}) {
    if (line.table == table) return true;
  }
  return false;
}

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void Print(const char* table, const char* variant, const Tally& tally, double seconds) {
  const kit::CrashStory& story = tally.story;
  std::printf(
      "%s (%s): %lld cycles in %.1f s, %.1f /s; %lld ended by a cut (%lld while opening)\n"
      "  %lld commits tried, %lld of them ingested; %lld consistent reads beside them\n"
      "  %lld tables of rows made by flush or compaction, %lld replaced\n"
      "  cuts took: %lld files' tails (in %lld cuts one file kept what another lost), %lld "
      "damaged;\n"
      "  %lld folder entries and %lld deletions undone; %lld damaged states refused and rebuilt\n"
      "  violations: %lld; disorders between partitions: %lld\n",
      table, variant, static_cast<long long>(tally.cycles), seconds,
      static_cast<double>(tally.cycles) / seconds, static_cast<long long>(tally.cut),
      static_cast<long long>(tally.cut_at_open), static_cast<long long>(tally.commits),
      static_cast<long long>(tally.ingests), static_cast<long long>(tally.reads),
      static_cast<long long>(story.tables_made), static_cast<long long>(story.tables_deleted),
      static_cast<long long>(story.files_torn), static_cast<long long>(story.independent),
      static_cast<long long>(story.files_damaged), static_cast<long long>(story.entries_undone),
      static_cast<long long>(story.deletions_undone), static_cast<long long>(tally.refused),
      static_cast<long long>(tally.violations), static_cast<long long>(tally.disorders));
  for (const std::string& example : tally.examples) std::printf("    %s\n", example.c_str());
}

// Cycles until enough are done or the time is over; how many were wrong.
template <typename Cycles, typename Options>
int64_t Repeat(const CommandLine& line, Options options, const char* table, const char* variant) {
  Tally tally;
  const double begin = Now();
  options.damage = line.damage;
  for (uint64_t seed = line.seed; tally.cycles < line.cycles && Now() < begin + line.seconds;
       ++seed) {
    options.seed = seed;
    Cycles cycles(options);
    const absl::Status status = cycles.Run(kLives, tally);
    if (!status.ok()) tally.Broken(seed, status);
  }
  Print(table, variant, tally, Now() - begin);
  return tally.violations + tally.disorders;
}

int Main(int argc, char** argv) {
  CommandLine line;
  if (!Parse(argc, argv, line)) {
    std::fprintf(stderr,
                 "crash_cycles [--cycles N] [--seconds T] [--seed S] [--table "
                 "state|log|both|engine|embedded]\n"
                 "             [--damage] [--variant NAME], NAME one of:\n");
    for (const StateVariant& variant : StateVariants()) {
      std::fprintf(stderr, "  %s\n", variant.name);
    }
    return 2;
  }
  int64_t violations = 0;
  if (line.table == "state" || line.table == "both") {
    StateCyclesOptions options;
    options.variant = line.variant;
    violations += Repeat<StateCycles>(line, options, "state", line.variant.name);
  }
  if (line.table == "log" || line.table == "both") {
    violations += Repeat<LogCycles>(line, LogCyclesOptions(), "log", "ours");
  }
  if (line.table == "engine") {
    violations += Repeat<EngineCycles>(line, EngineCyclesOptions(), "engine", "ours");
  }
  if (line.table == "engine" || line.table == "embedded") {
    violations += Repeat<EmbeddedCycles>(line, EmbeddedCyclesOptions(), "embedded log", "ours");
  }
  return violations == 0 ? 0 : 1;
}

}  // namespace
}  // namespace rapport::crash

int main(int argc, char** argv) { return rapport::crash::Main(argc, argv); }
