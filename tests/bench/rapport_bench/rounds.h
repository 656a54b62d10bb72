// Rounds: each round measures everything once, on one workload after the other.
//
//   Rounds rounds(options, projection);
//   RETURN_IF_ERROR(rounds.Run());
//   std::printf("%s", rounds.figures().Table().c_str());
//
// What is measured of a workload: measured.h.
//
// Threads:   one, besides those of what is measured.
// Ownership: borrows the projection. Keeps its files in the folder of temporary files and removes
//            them.
// Errors:    those of what is measured.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/figures.h"
#include "tests/bench/rapport_bench/measured.h"
#include "tests/kit/scratch_folder.h"

namespace rapport::bench {

struct RoundOptions {
  int rounds = 5;
  std::vector<Shape> shapes;
  MeasureOptions measure;
};

class Rounds {
 public:
  Rounds(const RoundOptions& options, const fold::Projection* projection);

  absl::Status Run();
  const Figures& figures() const { return figures_; }

 private:
  const int rounds_;
  const kit::ScratchFolder folder_;
  Figures figures_;
  std::vector<std::unique_ptr<Measured>> workloads_;
};

}  // namespace rapport::bench
