// Auc: how well scores rank buyers above the others, with its error.
//
//   const Auc score(scores, buys), rfm(rfm_scores, buys);
//   score.value();                     // .5 = as good as chance, 1 = every buyer is above
//   const AucDifference by = Difference(score, rfm);
//   by.value, by.error;                // of the same customers
//
// The AUC is the share of pairs of a buyer and another in which the buyer has the greater score,
// ties counted half: the statistic of Mann and Whitney. The errors are those of DeLong, DeLong and
// Clarke-Pearson (Biometrics 44, 1988), by the midranks of Sun and Xu (IEEE Signal Processing
// Letters 21, 2014): n log n. They hold for some dozens of each; of a handful they are a guess.
//
// Threads: as safe as plain values. Memory: eight bytes a customer.
#pragma once

#include <optional>
#include <vector>

#include "absl/types/span.h"

namespace rapport::analytics {

class Auc {
 public:
  // REQUIRES: a mark for each score; somebody buys and somebody does not; no score is a NaN.
  Auc(absl::Span<const double> scores, const std::vector<bool>& buys);

  double value() const { return value_; }
  // Twice its distance from chance: 0 = chance, 1 = perfect.
  double gini() const { return 2 * value_ - 1; }
  // The standard error; nothing with fewer than two buyers or two others.
  std::optional<double> error() const;

 private:
  friend struct AucDifference Difference(const Auc& a, const Auc& b);

  // Of each buyer the share of others below, of each other the share of buyers above; in order.
  std::vector<double> buyers_;
  std::vector<double> others_;
  double value_ = 0;
};

struct AucDifference {
  // The first less the second.
  double value = 0;
  // Of the difference, which is less than that of either when they rank alike.
  std::optional<double> error;
};

// REQUIRES: both are of the same customers in the same order.
AucDifference Difference(const Auc& a, const Auc& b);

}  // namespace rapport::analytics
