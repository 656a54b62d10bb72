// Measured: one workload, on a log of its own, and everything that is measured of it.
//
//   Measured measured(shape, options, projection, folder, figures);
//   RETURN_IF_ERROR(measured.Fill());
//   RETURN_IF_ERROR(measured.Round(number));      // adds a value to each figure
//
// A round is: the raw read of the log, then the live fold of the same log by a pipeline that begins
// with nothing, then the same with checkpoints outside of the window, and without archive where ids
// ascend. Behind the live fold stands the rebuild from its archive. On workloads that say so also:
// the bound of the rebuild, read-modify-write, and the same folding by Kafka Streams. Every second
// round goes through the folds backwards, so that none profits from its place. Whoever folds must
// come to the engine's sums.
//
// With a broker the log is a topic; without, the embedded log: the live fold then includes the
// appending, and is measured by appending alone.
//
// Threads:   one, besides those of what is measured.
// Ownership: borrows projection and figures. Keeps its files in `folder`, and of these only the
//            embedded log beyond a round.
// Errors:    those of what is measured: a figure is only kept when every event was folded, and
//            INTERNAL when two ways of folding come to other sums.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/fold/projection.h"
#include "tests/bench/rapport_bench/figures.h"
#include "tests/bench/rapport_bench/site.h"
#include "tests/bench/rapport_bench/sums.h"
#include "tests/bench/rapport_bench/workload.h"

namespace rapport::bench {

struct MeasureOptions {
  Amounts amounts;
  // Empty = the embedded log.
  std::string brokers;
  int partitions = 4;
  // Whether Kafka Streams is measured too; needs a broker.
  bool peers = false;
};

class Measured {
 public:
  Measured(const Shape& shape, const MeasureOptions& options, const fold::Projection* projection,
           std::string folder, Figures* figures);

  const Shape& shape() const { return shape_; }
  const Amounts& amounts() const { return options_.amounts; }

  // Fills the log.
  absl::Status Fill();
  // `number` counts from 1.
  absl::Status Round(int number);

 private:
  bool IsEmbedded() const { return options_.brokers.empty(); }
  absl::Status MeasureRaw();
  absl::Status MeasureAppend();
  absl::Status MeasureLive(bool first);
  // Folds with other options and adds the figure.
  absl::Status MeasureVariant(absl::string_view name, bool archive);
  // From the archive that a site's directory holds.
  absl::Status MeasureRebuild(const SiteOptions& site);
  absl::Status MeasureBase(Site& site);
  // Of a copy of what a killed process left.
  absl::Status MeasureRestarted();
  absl::Status MeasureReadModifyWrite();
  absl::Status MeasureKafkaStreams(absl::string_view settings);
  // The live fold with memory for a tenth of the customers.
  absl::Status MeasureTenth();
  absl::Status MeasureMedian();
  absl::Status MeasureBytes(const SiteOptions& options, Site& site);
  // Folds the log into `site` and returns how long that took. `name` is the figure's.
  absl::StatusOr<absl::Duration> Fold(absl::string_view name, Site& site);

  double Rate(absl::Duration took) const;
  void Add(absl::string_view name, absl::string_view unit, double value);
  void AddRate(absl::string_view name, absl::Duration took);
  void AddRatio(absl::string_view name, absl::string_view bound, absl::Duration took);
  // Of this process from `begun` on, all threads together; the broker is another one.
  void AddCpu(absl::string_view name, double begun);
  // The live fold of this round against another way of folding, which becomes a bound.
  void AddOther(absl::string_view name, absl::Duration took);

  // A site in a directory of its own, which does not exist yet.
  SiteOptions NewSite();
  // The site whose embedded log is filled, or whose topic is.
  SiteOptions FilledSite() const;

  const Shape shape_;
  const MeasureOptions options_;
  const fold::Projection& projection_;
  const std::string folder_;
  Figures& figures_;
  // Of the engine's state.
  std::optional<Sums> sums_;
  // What its customers take in memory.
  size_t resident_bytes_ = 0;
  // How long the live fold of this round took.
  absl::Duration live_;
  int sites_ = 0;
};

}  // namespace rapport::bench
