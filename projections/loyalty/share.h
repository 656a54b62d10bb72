// Shares: which event has how much of each line of the score.
//
//   Shares shares = ShareOut(Score(reading, rules), reading, facts, parts, fold_rules, rules);
//   shares.events[3].of(v1::SCORE_LINE_DIALOGUE)   // milli-points of the fourth event
//
// A line is split over the events by what they weigh in its input (facts/attribution.h): events of
// a ring by their decayed weight; RHYTHM gives a purchase day to its earliest purchase; OUTLOOK
// gives the first purchase r and each further day 1000; FRICTION gives the units of a case to the
// event that raised it. LIMIT is no event's, nor is a line of which nothing weighs any more.
// Source: domain specification 5.
//
// Threads: pure. Errors: none; shares that do not add up to their line, or lines that do not to the
// score, are a broken invariant and stop the process.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "projections/facts/event_part.h"
#include "projections/loyalty/score.h"

namespace rapport::loyalty {

// What one event has of the lines, by place of the line as in ScoreLines.
struct EventShares {
  std::array<int64_t, kLines> milli{};
  // What of it counts now: hundredths of VALUE, thousandths of all others.
  std::array<int64_t, kLines> weight_now{};

  int64_t of(v1::ScoreLine line) const { return milli[line - 1]; }
};

struct Shares {
  // In the order of the parts.
  std::vector<EventShares> events;
  // What of each line is no event's.
  std::array<int64_t, kLines> unshared{};
};

// REQUIRES: `parts` ascend by moment, and merged they are `facts`, of which `reading` was read
// under the same rules.
Shares ShareOut(const ScoreLines& score, const facts::Reading& reading, const facts::Facts& facts,
                absl::Span<const facts::EventPart> parts, const facts::FoldRules& fold,
                const facts::EvaluateRules& rules);

}  // namespace rapport::loyalty
