// Pauses: times in which we wait for the customer, who was asked back.
//
//   Pauses pauses = ReadPauses(facts, policies.answers(), "Q1", asked_at);
//   int64_t by = pauses.Move(by_without_pauses);
//
// An answer that asks back opens a pause; the customer's next remembered act with the same key ends
// it. Whatever is later than a pause's beginning moves by its length. While a pause is open,
// instants later than its beginning move with the clock and are never reached.
// Source: domain specification 4.7, *Waiting*.
//
// Threads: plain values.
#pragma once

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"
#include "projections/follow_up/calendar.h"
#include "projections/follow_up/moment_rule.h"
#include "projections/follow_up/policy.h"

namespace rapport::follow_up {

struct Pauses {
  // Those that are over: ascending, apart.
  absl::InlinedVector<Interval, 1> over;
  // Beginning of the one that is not; kNever = none. It lies after all others, or touches the last.
  int64_t open_since = kNever;

  bool none() const { return over.empty() && open_since == kNever; }
  // `at` moved by the pauses that are over.
  int64_t Move(int64_t at) const;
  // True when an instant (moved already) goes on moving with the clock.
  bool Moves(int64_t moved) const { return moved != kNever && moved > open_since; }
  // Where such an instant stands at `t_us`.
  int64_t At(int64_t moved, int64_t t_us) const {
    return Moves(moved) ? moved + (t_us - open_since) : moved;
  }
};

// The pauses of what was opened with `key` at `trigger_us`; none without a key.
Pauses ReadPauses(const facts::Facts& facts, ListMask answers, absl::string_view key,
                  int64_t trigger_us);

}  // namespace rapport::follow_up
