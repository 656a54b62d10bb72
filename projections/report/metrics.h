// Metrics: what the facts of one customer add up to, for `Standing.metrics`.
//
//   WriteMetrics({facts, reading, t_us, rules, answer_term, local_midnight, issue_days}, metrics);
//
// Sums, shares, means and lists that people read and no rule looks at; the contract says of each
// what it is (metrics.proto). Made only when asked for. What a list of the facts has forgotten is
// not seen; counts of kinds stay.
// Source: domain specification 4.8, *Metrics*.
//
// Threads:  pure.
// Lifetime: borrows everything until it returns.
// Never:    reads a clock or another customer; uses floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/facts.h"
#include "projections/facts/reading.h"
#include "rapport/v1/metrics.pb.h"

namespace rapport::report {

// By when a question is to be answered.
struct AnswerTerm {
  // Microseconds UTC; the greatest possible moment while we wait for the customer.
  int64_t by_us = 0;
  // We asked back, and the customer has not answered.
  bool waiting = false;
};
// Of an EnquiryMade or SupportRequested; absent when no rule says so.
using AnswerTermOf = absl::FunctionRef<std::optional<AnswerTerm>(const facts::Item& question)>;

// The moment at which a local date (days since 1970) begins.
using LocalMidnight = absl::FunctionRef<int64_t(int64_t day)>;

// When newsletters go out.
struct IssueDays {
  // 1..28, ascending, each once; none = the rules send no newsletter.
  std::vector<int> month_days;
  // From local midnight of the day: from when an issue goes out, until when it is worth sending.
  int64_t from_us = 0;
  int64_t until_us = 0;
};

// What metrics are made of.
struct MetricsInput {
  const facts::Facts& facts;
  // Of the facts, at `t_us`.
  const facts::Reading& reading;
  int64_t t_us;
  const facts::EvaluateRules& rules;
  AnswerTermOf answer_term;
  LocalMidnight local_midnight;
  const IssueDays& issue_days;
};

// Fills `out`, which is empty.
void WriteMetrics(const MetricsInput& input, v1::Metrics& out);

}  // namespace rapport::report
