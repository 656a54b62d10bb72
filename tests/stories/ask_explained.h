// Questions about the events behind a line of the score, `line dialogue of EnquiryMade Q1 12.4`,
// and behind a type of relationship, `weight community of CommunityActed first 1000`.
//
// Threads: one. Errors: as of Check (question.h).
#pragma once

#include "absl/status/status.h"
#include "tests/stories/question.h"

namespace rapport::stories {

// The points of the line that belong to the event, or to no event: `line rhythm of nobody 3`.
absl::Status AskLine(const Clause& clause, const View& view, Memory& memory);

// What the events, all of them together, still add to the type: thousandths of an event of today.
absl::Status AskWeight(const Clause& clause, const View& view, Memory& memory);

}  // namespace rapport::stories
