#include "tests/simulation/simulation.h"

#include <string>

#include "projections/catalog.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {

std::unique_ptr<fold::Projection> RulesOfSimulation() {
  std::string text(projections::StandardRulesText());
  const std::string fold = "\nfold {";
  text.insert(text.find(fold) + fold.size(),
              " custom_kind { name: \"visit\" by: CUSTOM_KIND_BY_CUSTOMER list: \"moments\" "
              "weight { ring: \"dialogue\" add: 400 } }");
  return projections::Catalog(text, "simulation").value();
}

Result Simulate(uint64_t seed, const fold::Projection* projection, std::FILE* trace) {
  return Life(seed, projection, trace).Live();
}

}  // namespace rapport::simulation
