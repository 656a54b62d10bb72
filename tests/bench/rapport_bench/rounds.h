// Rounds: each round measures everything once, on one workload after the other.
//
//   Rounds rounds(options, projection);
//   RETURN_IF_ERROR(rounds.Run());
//   std::printf("%s", rounds.figures().Table().c_str());
//
// Per workload and round: the raw read of the log, then the live fold of the same log by a pipeline
// that begins with nothing, then the same with checkpoints outside of the window. On workloads
// whose ids ascend also: without archive, read-modify-write, rebuild from the archive, scan of it,
// and the same folding by Kafka Streams. Every second round goes through the folds backwards, so
// that none profits from its place. Whoever folds must come to the engine's sums.
//
// With a broker the log is a topic; without, the embedded log, and the live fold then includes the
// appending.
//
// Threads:   one, besides those of what is measured.
// Ownership: borrows the projection. Keeps its files in the folder of temporary files and removes
//            them.
// Errors:    those of what is measured: a figure is only kept when every event was folded.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/figures.h"
#include "tests/bench/rapport_bench/site.h"
#include "tests/bench/rapport_bench/sums.h"
#include "tests/bench/rapport_bench/workload.h"
#include "tests/kit/scratch_folder.h"

namespace rapport::bench {

struct RoundOptions {
  int rounds = 5;
  Amounts amounts;
  std::vector<Shape> shapes;
  // Empty = the embedded log.
  std::string brokers;
  int partitions = 4;
  // Whether Kafka Streams is measured too; needs a broker.
  bool peers = false;
};

class Rounds {
 public:
  Rounds(RoundOptions options, const fold::Projection* projection)
      : options_(std::move(options)), projection_(*projection) {}

  absl::Status Run();
  const Figures& figures() const { return figures_; }

 private:
  absl::Status Fill(const Shape& shape);
  absl::Status MeasureShape(const Shape& shape, bool backwards);
  absl::Status MeasureRaw(const Shape& shape);
  absl::Status MeasureLive(const Shape& shape);
  // Folds with other options and adds the figure.
  absl::Status MeasureVariant(const Shape& shape, absl::string_view name, bool archive);
  absl::Status MeasureReadModifyWrite(const Shape& shape);
  absl::Status MeasureKafkaStreams(const Shape& shape, absl::string_view settings);
  absl::Status MeasureRebuild(const Shape& shape, const SiteOptions& site);
  absl::Status MeasureBytes(const Shape& shape, const SiteOptions& options, Site& site);
  // Folds the workload's log into `site` and returns events per second. `name` is the figure's.
  absl::StatusOr<double> Fold(const Shape& shape, absl::string_view name, Site& site);
  // Of this process from `begun` on, all threads together; the broker is another one.
  void AddCpu(const Shape& shape, absl::string_view name, double begun);
  // A site in a directory of its own, which does not exist yet.
  SiteOptions NewSite(const Shape& shape);
  // The site whose embedded log is filled, or whose topic is.
  SiteOptions FilledSite(const Shape& shape) const;
  double Rate(absl::Duration took) const;
  // The live fold of this round against another way of folding, which becomes a bound.
  void AddOther(const Shape& shape, absl::string_view name, absl::Duration took);
  void Tell(absl::string_view what) const;

  const RoundOptions options_;
  const fold::Projection& projection_;
  const kit::ScratchFolder folder_;
  Figures figures_;
  // Of the engine's state, by workload.
  std::map<std::string, Sums> sums_;
  int round_ = 0;
  int sites_ = 0;
};

}  // namespace rapport::bench
