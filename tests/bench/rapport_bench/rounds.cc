#include "tests/bench/rapport_bench/rounds.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::bench {

Rounds::Rounds(const RoundOptions& options, const fold::Projection* projection)
    : rounds_(options.rounds) {
  for (const Shape& shape : options.shapes) {
    workloads_.push_back(std::make_unique<Measured>(shape, options.measure, projection,
                                                    absl::StrCat(folder_.path(), "/", shape.name),
                                                    &figures_));
  }
}

absl::Status Rounds::Run() {
  for (const auto& workload : workloads_) {
    std::fprintf(stderr, "filling the log: %s, %ld events\n", workload->shape().name.c_str(),
                 static_cast<long>(workload->amounts().events));
    RETURN_IF_ERROR(workload->Fill());
  }
  for (int round = 1; round <= rounds_; ++round) {
    for (const auto& workload : workloads_) {
      std::fprintf(stderr, "round %d of %d: %s\n", round, rounds_, workload->shape().name.c_str());
      RETURN_IF_ERROR(workload->Round(round));
    }
  }
  return absl::OkStatus();
}

}  // namespace rapport::bench
