// What every program of Google Benchmark does: 15 interleaved repetitions, of which it prints the
// aggregates. What the caller says on the command line wins.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace rapport::bench {

// The exit code.
inline int RunMicrobenches(int argc, char** argv) {
  std::string name = argv[0];
  std::string repetitions = "--benchmark_repetitions=15";
  std::string interleaved = "--benchmark_enable_random_interleaving=true";
  std::string aggregates = "--benchmark_report_aggregates_only=true";
  // Ours first: what the caller says later wins.
  std::vector<char*> arguments = {name.data(), repetitions.data(), interleaved.data(),
                                  aggregates.data()};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return EXIT_FAILURE;
  benchmark::RunSpecifiedBenchmarks();
  return EXIT_SUCCESS;
}

}  // namespace rapport::bench
