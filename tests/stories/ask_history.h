// Questions about what a relationship was over time:
//
//   history has 7 changes
//   history shows 2025-01-10 DISSOLUTION because S8 because TIME
//   history shows 2025-04-20 09:00 COMMITMENT WON_BACK because PurchaseMade A6
//   history shows 2024-06-11 COMMITMENT AT_RISK after COMMITMENT
//
// Behind the moment stand the stage, all flags that hold, and possibly the stage before. Each
// `because` is the rule of the stage, TIME, or an event that the row names as its cause.
//
// Threads: one. Errors: as of Check (question.h).
#pragma once

#include "absl/status/status.h"
#include "tests/stories/question.h"

namespace rapport::stories {

absl::Status AskHistory(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
