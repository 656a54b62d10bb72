// Some seeds of the simulation, and that a seed is a whole story: the same steps every time.
#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/numbers.h"

namespace rapport::simulation {
namespace {

const fold::Projection& Standard() {
  static const auto* const projection = RulesOfSimulation().release();
  return *projection;
}

TEST(SimulationTest, OneSeedIsOneTrace) {
  for (const uint64_t seed : {3u, 4u, 5u, 6u}) {
    const Result first = Simulate(seed, &Standard(), nullptr);
    const Result second = Simulate(seed, &Standard(), nullptr);
    EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
    EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
    EXPECT_NE(first.trace, Simulate(seed + 100, &Standard(), nullptr).trace);
  }
}

TEST(SimulationTest, LivesEndAsTheOracleSays) {
  int64_t power_cuts = 0, failed_writes = 0, merged_reads = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Result result = Simulate(seed, &Standard(), nullptr);
    EXPECT_EQ(result.failure, "") << "again: rapport_sim --seed " << seed << " --trace";
    power_cuts += result.power_cuts;
    failed_writes += result.failed_writes;
    merged_reads += result.merged_reads;
  }
  EXPECT_GT(power_cuts, 50);
  EXPECT_GT(failed_writes, 10);
  EXPECT_GT(merged_reads, 100);
}

TEST(SimulationTest, SeedsThatOnceFoundABugFindNone) {
  std::ifstream file(RAPPORT_SOURCE_DIR "/tests/simulation/seeds.txt");
  int seeds = 0;
  for (std::string line; std::getline(file, line);) {
    uint64_t seed = 0;
    if (!absl::SimpleAtoi(line.substr(0, line.find(' ')), &seed)) continue;
    ++seeds;
    EXPECT_EQ(Simulate(seed, &Standard(), nullptr).failure, "") << line;
  }
  EXPECT_GT(seeds, 0);
}

}  // namespace
}  // namespace rapport::simulation
