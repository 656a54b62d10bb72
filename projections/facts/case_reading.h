// CaseReading: one complaint, joined from what is remembered of it.
//
// Cases are no rows that somebody updates. Their steps stand in the lists `cases` (the customer's)
// and `casework` (everybody else's) and are joined by key when asked:
//   for (const CaseReading& one : ReadCases(facts, rules.friction))
//     units += FrictionUnits(one, day, rules.friction);
//
// Raised and Reopened open a case, Resolved closes it; keys that show neither are neither (a
// hand-over of an enquiry, say). What has left the lists is not seen: a case whose closing is
// forgotten counts as open.
//
// Threads: plain values. Lifetime: `key` points into the facts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

enum class Answer : uint8_t { kNone = 0, kAccepted = 1, kRefused = 2 };

struct CaseReading {
  absl::string_view key;
  // First remembered ComplaintRaised, else the first remembered step.
  Moment raised;
  // A ComplaintRaised is remembered.
  bool has_raised = false;
  // Latest opening (Raised or Reopened).
  Moment opened;
  // Set iff closed: the latest ComplaintResolved since the last opening.
  std::optional<Moment> resolved;
  bool open = false;
  // Open, with any remembered escalation, one before a reopening too.
  bool escalated = false;
  // Any remembered escalation.
  bool ever_escalated = false;
  // 1..4: that of the latest Raised that states one.
  int severity = 2;
  // The customer's latest answer since `resolved`, and when.
  Answer answer = Answer::kNone;
  Moment answered;

  bool closed() const { return resolved.has_value(); }
};

// All keys of both lists, by their first remembered step. Takes no memory when there are none.
std::vector<CaseReading> ReadCases(const Facts& facts, const Friction& rules);

// What the case weighs on day `t`, thousandths; 0 when it is neither open nor closed.
int64_t FrictionUnits(const CaseReading& one, int64_t t, const Friction& rules);

// The sum over all: F.
int64_t FrictionOf(const std::vector<CaseReading>& cases, int64_t t, const Friction& rules);

}  // namespace rapport::facts
