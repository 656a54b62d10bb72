// Simulation: one seed, one life of an engine: publishers, readers, crashes and faults in virtual
// time on one thread, the oracle beside it.
//
//   const auto rules = RulesOfSimulation();
//   const Result result = Simulate(seed, rules.get(), /*trace=*/nullptr);
//   if (!result.failure.empty()) ...
//
// The same seed gives the same steps, and the same trace.
//
// Threads: any number of simulations side by side, each on one.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "engine/fold/projection.h"

namespace rapport::simulation {

struct Result {
  uint64_t seed = 0;
  // Empty when all was as it must be; else what was not: first differing customer and field.
  std::string failure;
  // Step at which it failed, or the number of steps.
  int64_t steps = 0;
  // A running hash over all steps.
  uint64_t trace = 0;
  int64_t records = 0;
  int64_t power_cuts = 0;
  int64_t failed_writes = 0;
  // Partitions that stopped because the log had lost records, as they must.
  int64_t named_stops = 0;
  // Customers forgotten, as far as it was answered; deaths of the process of a record.
  int64_t erasures = 0;
  int64_t deaths = 0;
  // Answers about customers that were one with others.
  int64_t merged_reads = 0;
  // What the engine told second customers, and what of it had to be there in the end.
  int64_t echoes = 0;
  int64_t twins = 0;
};

// The standard rules, and one for the business's own kind `visit`.
std::unique_ptr<fold::Projection> RulesOfSimulation();

// Lives through `seed`. Writes each step to `trace` unless it is null.
Result Simulate(uint64_t seed, const fold::Projection* projection, std::FILE* trace);

}  // namespace rapport::simulation
