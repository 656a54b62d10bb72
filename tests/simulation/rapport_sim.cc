// rapport_sim: lives through many seeds, or through one with all its steps.
//
//   rapport_sim --seeds 8000             seeds 1 to 8000, on all cores
//   rapport_sim --seed 4711 --trace      one seed, each step on stdout
//   rapport_sim --file seeds.txt         the seeds that once found a bug
//
// Exit code 0 when all went well, 1 when a seed failed (each is printed with the command that
// repeats it), 2 for wrong usage.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/simulation/simulation.h"

namespace {

using rapport::simulation::Result;
using Clock = std::chrono::steady_clock;

struct Arguments {
  std::vector<uint64_t> seeds;
  uint64_t first = 1;
  uint64_t count = 1000;
  bool trace = false;
  // No new seed is begun after so many seconds; 0 = no limit.
  double seconds_max = 0;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
};

// What all seeds came to.
struct Totals {
  std::mutex mutex;
  uint64_t seeds = 0, failures = 0;
  int64_t steps = 0, records = 0, power_cuts = 0, failed_writes = 0, named_stops = 0;
  int64_t erasures = 0, deaths = 0, merged_reads = 0, echoes = 0, twins = 0;
};

int Usage(const std::string& what) {
  std::fprintf(stderr,
               "rapport_sim: %s\nusage: rapport_sim [--seeds N] [--first S] [--seconds T] "
               "[--jobs J] [--file FILE] [--seed S] [--trace]\n",
               what.c_str());
  return 2;
}

void ReadSeeds(const char* path, std::vector<uint64_t>& seeds) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') seeds.push_back(std::strtoull(line.c_str(), nullptr, 10));
  }
}

bool Parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--trace") {
      arguments.trace = true;
      continue;
    }
    if (++i == argc) return false;
    if (word == "--seed") {
      arguments.seeds.push_back(std::strtoull(argv[i], nullptr, 10));
    } else if (word == "--seeds") {
      arguments.count = std::strtoull(argv[i], nullptr, 10);
    } else if (word == "--first") {
      arguments.first = std::strtoull(argv[i], nullptr, 10);
    } else if (word == "--seconds") {
      arguments.seconds_max = std::strtod(argv[i], nullptr);
    } else if (word == "--jobs") {
      arguments.jobs = static_cast<unsigned>(std::strtoul(argv[i], nullptr, 10));
    } else if (word == "--file") {
      ReadSeeds(argv[i], arguments.seeds);
    } else {
      return false;
    }
  }
  return arguments.jobs > 0;
}

void Add(const Result& result, Totals& totals) {
  std::lock_guard lock(totals.mutex);
  ++totals.seeds;
  totals.steps += result.steps;
  totals.records += result.records;
  totals.power_cuts += result.power_cuts;
  totals.failed_writes += result.failed_writes;
  totals.named_stops += result.named_stops;
  totals.erasures += result.erasures;
  totals.merged_reads += result.merged_reads;
  totals.deaths += result.deaths;
  totals.echoes += result.echoes;
  totals.twins += result.twins;
  if (result.failure.empty()) return;
  ++totals.failures;
  std::printf("seed %lu FAILED at %s\n  again: rapport_sim --seed %lu --trace\n", result.seed,
              result.failure.c_str(), result.seed);
  std::fflush(stdout);
}

void Run(const Arguments& arguments, const rapport::fold::Projection& projection, Totals& totals) {
  const auto begun = Clock::now();
  const uint64_t count =
      arguments.seeds.empty() ? arguments.count : static_cast<uint64_t>(arguments.seeds.size());
  std::atomic<uint64_t> next{0};
  const auto work = [&] {
    for (uint64_t i = next++; i < count; i = next++) {
      const std::chrono::duration<double> passed = Clock::now() - begun;
      if (arguments.seconds_max > 0 && passed.count() > arguments.seconds_max) return;
      const uint64_t seed =
          arguments.seeds.empty() ? arguments.first + i : arguments.seeds[static_cast<size_t>(i)];
      std::FILE* trace = arguments.trace ? stdout : nullptr;
      Add(rapport::simulation::Simulate(seed, &projection, trace), totals);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < arguments.jobs; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, arguments)) return Usage("cannot read these words");
  if (arguments.trace) arguments.jobs = 1;
  const auto projection = rapport::simulation::RulesOfSimulation();
  Totals totals;
  const auto begun = Clock::now();
  Run(arguments, *projection, totals);
  const std::chrono::duration<double> passed = Clock::now() - begun;
  std::printf(
      "%lu seeds, %lu failed, %.1f s, %.0f seeds a second: %ld steps, %ld records, %ld power cuts, "
      "%ld failed writes, %ld named stops, %ld erasures, %ld deaths of a record, "
      "%ld answers about merged customers, %ld echoes, %ld twins that had to be there\n",
      totals.seeds, totals.failures, passed.count(),
      static_cast<double>(totals.seeds) / passed.count(), totals.steps, totals.records,
      totals.power_cuts, totals.failed_writes, totals.named_stops, totals.erasures, totals.deaths,
      totals.merged_reads, totals.echoes, totals.twins);
  return totals.failures == 0 ? 0 : 1;
}
