// Figures: what was measured round by round, and how it is told.
//
//   figures.Add("uniform-uuid7", "live fold", 812'000, /*bound=*/1'500'000);
//   std::printf("%s", figures.Table().c_str());
//
// A ratio is always of two values of the same round, so that a slow moment of the machine weighs on
// both. Where a bound itself moved by more than a quarter from round to round, no ratio to it is a
// verdict.
//
// Threads: one.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::bench {

struct Series {
  std::string workload;
  std::string name;
  // `events/s` or `bytes`.
  std::string unit;
  // What the ratio is to; empty = no ratio.
  std::string bound;
  std::vector<double> values;
  std::vector<double> ratios;
};

double Median(std::vector<double> values);

class Figures {
 public:
  // A value that others are measured by, or that stands alone.
  void Add(absl::string_view workload, absl::string_view name, absl::string_view unit,
           double value);
  // A rate, and its ratio to the value that `bound` had last.
  void AddRatio(absl::string_view workload, absl::string_view name, absl::string_view bound,
                double value);

  // A line a figure: median, least, greatest, ratio (its median, least and greatest).
  std::string Table() const;
  // Bounds that moved by more than a quarter, a sentence each.
  std::vector<std::string> Unsteady() const;
  const std::vector<Series>& series() const { return series_; }

 private:
  Series& Of(absl::string_view workload, absl::string_view name, absl::string_view unit);

  std::vector<Series> series_;
};

}  // namespace rapport::bench
