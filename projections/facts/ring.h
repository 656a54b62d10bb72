// Ring arithmetic: a decayed sum in whole days that does not depend on the order of its additions.
//
//   RingAdd(facts.rings, RingName::kDialogue, 91, DayOf(occurred_at_us), 500);
//   int64_t now = RingRead(facts.rings.Find(RingName::kDialogue), 91, today, 1);
//
// Day d falls into epoch d div H; a bucket holds what its epoch was given, grown by 2^(place in the
// epoch). Reading halves older buckets. Buckets are never shifted in place, and those more than
// 24 epochs behind the newest are dropped. Source: domain specification 2.2.
//
// Threads: pure.
#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "engine/base/fixed_point.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

// Epochs that a ring remembers.
inline constexpr int32_t kRingEpochs = 24;

// Whole UTC days since 1970 at a moment of microseconds.
constexpr int64_t DayOf(int64_t at_us) {
  constexpr int64_t kDay = int64_t{86'400} * 1'000'000;
  return at_us / kDay - (at_us % kDay < 0 ? 1 : 0);
}

// Adds `weight` on `day`. A weight of zero still makes the epoch the newest.
// REQUIRES: half_life >= 1, weight >= 0, 0 <= day, before 2100.
void RingAdd(Rings& rings, RingName name, int32_t half_life, int64_t day, int64_t weight);

// The decayed sum on `day`, times `m`. REQUIRES: as RingAdd; m is 1 or 1000.
int64_t RingRead(const Ring& ring, int32_t half_life, int64_t day, int64_t m);

// What RingRead would return of a ring that was given a weight of 1 on each of `days`.
// REQUIRES: days ascending.
int64_t ReadDays(absl::Span<const uint16_t> days, int32_t half_life, int64_t day, int64_t m);

// By what weight `part` takes part in what `whole`, which was given it among others, reads on any
// day: each bucket in units of the oldest epoch that `whole` remembers, older ones 0.
uint128 RingWeight(const Ring& part, const Ring& whole);

// Adds what `from` was given, which is not one of `into`. REQUIRES: both have the same half-life.
void RingMerge(Rings& into, const Ring& from);

}  // namespace rapport::facts
