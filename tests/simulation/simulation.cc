#include "tests/simulation/simulation.h"

#include "tests/simulation/life.h"

namespace rapport::simulation {

Result Simulate(uint64_t seed, const fold::Projection* projection, std::FILE* trace) {
  return Life(seed, projection, trace).Live();
}

}  // namespace rapport::simulation
