// Miss: an expectation that was not met in time.
//
// Joined by key from what is remembered in the list `bonds`. A key gives at most one miss, at the
// earliest of: ExpectationMissed; a Met after the due moment; the due moment itself, when neither
// Met nor Missed was heard up to it. The last one is silent: nobody says it, the day after shows
// it. The due moment is that of the key's latest remembered ExpectationSet. Source: domain
// specification 4.4; vectors in tests/golden (stage_events).
//
// Threads: plain values. Lifetime: `key` points into the facts.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

struct Miss {
  absl::string_view key;
  int64_t at_us = 0;
  int64_t day = 0;
  // First day on which it is seen: its own, or the one after a silent miss.
  int64_t seen_from = 0;
  // What says so: Missed, the late Met, or the Set of a silent one.
  EventId event;
  // Some key was met in time after it: the miss is no more part of a pair.
  bool made_good = false;
  // Some key was met after it, in time or late (its own late Met does not count): not let down.
  bool forgotten = false;
};

// By moment. Takes no memory when nothing was expected.
std::vector<Miss> ReadMisses(const Facts& facts);

// The later of two misses by which the customer is at risk on `day`: the earliest such; null =
// none.
const Miss* SecondOfPair(const std::vector<Miss>& misses, int64_t day, const Flags& rules);

// The latest miss by which the customer is let down on `day`; null = none.
const Miss* LettingDown(const std::vector<Miss>& misses, int64_t day, const Flags& rules);

}  // namespace rapport::facts
