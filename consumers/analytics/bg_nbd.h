// BG/NBD: the usual model of who buys again, "counting your customers the easy way".
//
//   ASSIGN_OR_RETURN(const BgNbdFit fit, FitBgNbd(customers, go_on));
//   BgNbdExpected(fit.model, one, 39);      // purchases in the next 39 weeks
//
// While alive a customer buys at random with a rate that is his own, and after each purchase stops
// for good with a probability that is his own; rates are gamma distributed over customers (r,
// alpha), probabilities beta (a, b). Fader, Hardie and Lee, Marketing Science 24 (2005): the
// likelihood is their (6), P(alive) and the expected purchases are those of their section 4.
//
// Threads: as safe as plain values. Units: weeks.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"

namespace rapport::analytics {

// All that the model knows of a customer.
struct BgNbdCustomer {
  // Purchases after the first.
  int64_t repeats = 0;
  // From the first purchase to the last, weeks; 0 when there was one.
  double last_at = 0;
  // From the first purchase to the moment the model looks from, weeks.
  double watched = 0;
};

struct BgNbdModel {
  double r = 1;
  double alpha = 1;
  double a = 1;
  double b = 1;
};

struct BgNbdFit {
  BgNbdModel model;
  double log_likelihood = 0;
  // There is a maximum, and it was found. Else the likelihood grows towards an end of the scale,
  // as when nobody ever stops; the model is then the best of those that were tried.
  bool is_found = false;
};

// Of all customers together.
double BgNbdLogLikelihood(const BgNbdModel& model, const std::vector<BgNbdCustomer>& customers);

// The model of the greatest likelihood. `go_on` is asked now and then; what it says ends the fit.
// REQUIRES: there are customers.
absl::StatusOr<BgNbdFit> FitBgNbd(const std::vector<BgNbdCustomer>& customers,
                                  const std::function<absl::Status()>& go_on);

// The probability that the customer has not stopped.
double BgNbdAlive(const BgNbdModel& model, const BgNbdCustomer& customer);

// Purchases expected within `weeks`, their (10).
double BgNbdExpected(const BgNbdModel& model, const BgNbdCustomer& customer, double weeks);

}  // namespace rapport::analytics
