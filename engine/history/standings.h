// Standings over time: what one relationship was, row by row, and what changed it.
//
// Events are folded once each, in the order of their moments. Between two of them time is not
// sampled: Evaluate says on which day stage or flags change by time alone, and the walk goes from
// one such day to the next. So each row of a change stands at the moment of its events, or at
// midnight UTC of its day, and the list takes as long as there are events and changes.
//
//   StandingsSpan span{.to_us = now};                 // every change up to now
//   ASSIGN_OR_RETURN(auto rows, StandingsOf("ana", events, rules, {}, span, go_on));
//
// What changes is stage, reason, rule and flags; the score drifts daily, and a row has that of its
// moment. A day begins before what happens on it: what time changes at midnight is a row of its
// own, before the one of events at that very midnight. Events of one instant make one row.
//
// Threads: pure. Errors: INVALID_ARGUMENT (FIELD_INVALID) for more rows than wanted; what `go_on`
// says, which is asked before each event and each row.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/fold/projection.h"
#include "rapport/v1/standings.pb.h"

namespace rapport::history {

struct PastEvent;

// Which rows are wanted.
struct StandingsSpan {
  // No row before. INT64_MIN = the relationship's beginning, where steps begin, too.
  int64_t from_us = std::numeric_limits<int64_t>::min();
  // No row behind.
  int64_t to_us = 0;
  // A row every so long; 0 = one at each change.
  int64_t step_us = 0;
  int64_t rows_max = 2000;
};

// Asked now and then whether to go on.
using GoOn = std::function<absl::Status()>;

// The rows of the events of one customer, or of those who are one. The first row of all is the
// relationship's beginning. REQUIRES: `events` ascend by moment.
absl::StatusOr<std::vector<v1::StandingRow>> StandingsOf(absl::string_view customer_id,
                                                         absl::Span<const PastEvent> events,
                                                         const fold::Projection& rules,
                                                         const fold::EvaluateOptions& options,
                                                         const StandingsSpan& span,
                                                         const GoOn& go_on);

}  // namespace rapport::history
