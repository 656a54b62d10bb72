#include "consumers/analytics/simplex.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/status_macros.h"

namespace rapport::analytics {
namespace {

struct Corner {
  Point at;
  double value = 0;
};

bool IsLess(const Corner& a, const Corner& b) { return a.value < b.value; }

class Simplex {
 public:
  Simplex(const std::function<absl::StatusOr<double>(const Point&)>& function,
          const SimplexLimits& limits)
      : function_(function), limits_(limits) {}

  // Comes to rest from `begin`, or uses up what is left of the evaluations.
  absl::StatusOr<Corner> RestFrom(const Point& begin) {
    RETURN_IF_ERROR(Begin(begin));
    while (!IsAtRest() && !IsOver()) {
      RETURN_IF_ERROR(Step());
      std::stable_sort(corners_.begin(), corners_.end(), IsLess);
    }
    return corners_.front();
  }
  bool IsOver() const { return evaluations_ >= limits_.evaluations_max; }

 private:
  absl::Status Begin(const Point& begin) {
    corners_.clear();
    ASSIGN_OR_RETURN(Corner first, At(begin));
    corners_.push_back(std::move(first));
    for (size_t axis = 0; axis < begin.size(); ++axis) {
      Point moved = begin;
      moved[axis] += limits_.step;
      ASSIGN_OR_RETURN(Corner corner, At(std::move(moved)));
      corners_.push_back(std::move(corner));
    }
    std::stable_sort(corners_.begin(), corners_.end(), IsLess);
    return absl::OkStatus();
  }

  absl::StatusOr<Corner> At(Point at) {
    ++evaluations_;
    ASSIGN_OR_RETURN(const double value, function_(at));
    return Corner{std::move(at), value};
  }

  bool IsAtRest() const {
    double furthest = 0;
    for (const Corner& corner : corners_) {
      for (size_t axis = 0; axis < corner.at.size(); ++axis) {
        furthest = std::max(furthest, std::abs(corner.at[axis] - corners_.front().at[axis]));
      }
    }
    return furthest <= limits_.distance;
  }

  // From the worst corner through the middle of the others, `times` as far beyond it.
  Point Through(double times) const {
    Point at(corners_.front().at.size(), 0);
    for (size_t axis = 0; axis < at.size(); ++axis) {
      for (size_t i = 0; i + 1 < corners_.size(); ++i) at[axis] += corners_[i].at[axis];
      at[axis] /= static_cast<double>(corners_.size() - 1);
      at[axis] += times * (at[axis] - corners_.back().at[axis]);
    }
    return at;
  }

  absl::Status Step() {
    ASSIGN_OR_RETURN(Corner reflected, At(Through(1)));
    Corner& worst = corners_.back();
    if (IsLess(reflected, corners_.front())) {
      ASSIGN_OR_RETURN(Corner expanded, At(Through(2)));
      worst = IsLess(expanded, reflected) ? std::move(expanded) : std::move(reflected);
      return absl::OkStatus();
    }
    if (IsLess(reflected, corners_[corners_.size() - 2])) {
      worst = std::move(reflected);
      return absl::OkStatus();
    }
    const bool is_outside = IsLess(reflected, worst);
    ASSIGN_OR_RETURN(Corner contracted, At(Through(is_outside ? 0.5 : -0.5)));
    if (IsLess(contracted, is_outside ? reflected : worst)) {
      worst = std::move(contracted);
      return absl::OkStatus();
    }
    return Shrink();
  }

  // All halfway to the best one.
  absl::Status Shrink() {
    for (size_t i = 1; i < corners_.size(); ++i) {
      Point at = corners_[i].at;
      for (size_t axis = 0; axis < at.size(); ++axis) {
        at[axis] = (at[axis] + corners_.front().at[axis]) / 2;
      }
      ASSIGN_OR_RETURN(corners_[i], At(std::move(at)));
    }
    return absl::OkStatus();
  }

  const std::function<absl::StatusOr<double>(const Point&)>& function_;
  const SimplexLimits limits_;
  int evaluations_ = 0;
  // The best first.
  std::vector<Corner> corners_;
};

}  // namespace

absl::StatusOr<Minimum> Minimize(
    Point begin, const std::function<absl::StatusOr<double>(const Point&)>& function,
    const SimplexLimits& limits) {
  // Of a value, so much is no gain.
  constexpr double kNothing = 1e-12;
  Simplex simplex(function, limits);
  ASSIGN_OR_RETURN(Corner best, simplex.RestFrom(begin));
  while (!simplex.IsOver()) {
    ASSIGN_OR_RETURN(Corner again, simplex.RestFrom(best.at));
    const double gain = best.value - again.value;
    if (IsLess(again, best)) best = std::move(again);
    if (gain <= kNothing * std::abs(best.value) && !simplex.IsOver()) {
      return Minimum{std::move(best.at), best.value, true};
    }
  }
  return Minimum{std::move(best.at), best.value, false};
}

}  // namespace rapport::analytics
