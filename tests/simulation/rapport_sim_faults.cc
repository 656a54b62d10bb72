// rapport_sim_faults: the simulation with one deliberate fault in it; see faults.tsv.
//
//   rapport_sim_faults --fault=7 --seeds 300     seeds 1 to 300, until one fails
//   rapport_sim_faults --fault=0 --seeds 300     without a fault; all must be well
//
// Says `caught by seed S: why`, or `not caught by N seeds`. A broken invariant ends the process, as
// it would end the product, and is said the same way. Exit code 1 when caught, 0 when not, 2 for
// wrong usage.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/simulation/fault.h"
#include "tests/simulation/simulation.h"

namespace rapport::simulation {

int fault_number = 0;

namespace {

// A seed takes some milliseconds; one that takes so long goes round in a circle.
constexpr unsigned kSecondsMax = 20;

volatile uint64_t seed_now = 0;

// The process ends in the midst of a seed.
void OnEnd(int signal) {
  char text[120];
  const char* why = signal == SIGALRM ? "it never ends" : "the process ends by itself";
  const int size = std::snprintf(text, sizeof(text), "caught by seed %lu: %s\n", seed_now, why);
  const ssize_t written = write(STDOUT_FILENO, text, static_cast<size_t>(size));
  _exit(written == size ? 1 : 2);
}

int Run(uint64_t first, uint64_t seeds, const fold::Projection& projection) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGALRM}) std::signal(signal, OnEnd);
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    seed_now = seed;
    alarm(kSecondsMax);
    const Result result = Simulate(seed, &projection, nullptr);
    if (result.failure.empty()) continue;
    std::printf("caught by seed %lu: %s\n", seed, result.failure.c_str());
    return 1;
  }
  std::printf("not caught by %lu seeds\n", seeds);
  return 0;
}

int Usage(const std::string& what) {
  std::fprintf(stderr,
               "rapport_sim_faults: %s\nusage: rapport_sim_faults --fault=N [--seeds N] "
               "[--first S]\n",
               what.c_str());
  return 2;
}

}  // namespace
}  // namespace rapport::simulation

int main(int argc, char** argv) {
  uint64_t first = 1, seeds = 300;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--fault=", 0) == 0) {
      rapport::simulation::fault_number = std::atoi(word.c_str() + 8);
    } else if (word == "--seeds" && i + 1 < argc) {
      seeds = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--first" && i + 1 < argc) {
      first = std::strtoull(argv[++i], nullptr, 10);
    } else {
      return rapport::simulation::Usage("cannot read " + word);
    }
  }
  return rapport::simulation::Run(first, seeds, *rapport::simulation::RulesOfSimulation());
}
