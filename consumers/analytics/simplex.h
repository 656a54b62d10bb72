// Minimize: the least value of a smooth function of a few numbers, without its derivatives.
//
//   const Minimum found = Minimize({0, 0}, [](const Point& at) { return ...; }, {});
//
// The simplex of Nelder and Mead (The Computer Journal 7, 1965), begun anew where it came to rest
// until that brings nothing more: a simplex that has grown flat rests too early. The same function
// gives the same answer on every run.
//
// Threads: one. Errors: what the function returns ends it.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport::analytics {

using Point = std::vector<double>;

struct SimplexLimits {
  // Length of its first edges.
  double step = 0.5;
  // It rests when no corner lies further than this from the best one.
  double distance = 1e-7;
  int evaluations_max = 4'000;
};

struct Minimum {
  Point at;
  double value = 0;
  // It came to rest before its evaluations were used up.
  bool at_rest = false;
};

// Infinity is a value like others: nobody goes there.
absl::StatusOr<Minimum> Minimize(
    Point begin, const std::function<absl::StatusOr<double>(const Point&)>& function,
    const SimplexLimits& limits);

}  // namespace rapport::analytics
