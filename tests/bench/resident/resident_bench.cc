// What customers take in memory, part by part: of the real logs that are there, and of workloads.
//
//   tools/dev bench resident [--events 1000000] [--customers 200000] [--workload mixed-uuid7]
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "engine/base/status_macros.h"
#include "projections/catalog.h"
#include "tests/bench/rapport_bench/resident.h"

namespace rapport::bench {
namespace {

constexpr int kPartitions = 4;

void Print(const std::string& name, const ResidentBytes& bytes) {
  std::printf("%s, %ld events, %ld customers\n", name.c_str(), static_cast<long>(bytes.events),
              static_cast<long>(bytes.customers));
  std::printf("%-34s %8s %8s %8s\n", "bytes a customer", "median", "in use", "mean");
  std::printf("%-34s %8.0f %8s %8.0f\n", "all", bytes.median, "", bytes.mean);
  for (const ResidentPart& part : bytes.parts) {
    std::printf("  %-32s %8.1f %8.1f %8.1f\n", part.name.c_str(), part.median, part.median_used,
                part.mean);
  }
}

absl::Status Run(const Amounts& amounts, const std::string& only) {
  ASSIGN_OR_RETURN(const auto projection, projections::StandardCatalog());
  for (const RealLog& log : RealLogs()) {
    ASSIGN_OR_RETURN(const ResidentBytes bytes, MeasureResident(log, *projection));
    Print(log.name, bytes);
  }
  for (const Shape& shape : AllShapes()) {
    if (shape.name != only) continue;
    ASSIGN_OR_RETURN(const ResidentBytes bytes,
                     MeasureResident(shape, Scaled(amounts, shape), kPartitions, *projection));
    Print(shape.name, bytes);
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Amounts amounts{1'000'000, 200'000, 1};
  std::string workload = "mixed-uuid7";
  CLI::App app{"Bytes of resident customers, part by part."};
  app.add_option("--events", amounts.events)
      ->check(CLI::Range(int64_t{1000}, int64_t{100'000'000}));
  app.add_option("--customers", amounts.customers)
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}));
  app.add_option("--workload", workload, "one of tools/dev bench; default mixed-uuid7");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(amounts, workload);
  if (status.ok()) return 0;
  std::fprintf(stderr, "resident_bench: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace rapport::bench

int main(int argc, char** argv) { return rapport::bench::Main(argc, argv); }
