// Agreements: which of them are in force on a day.
//
// Of each agreement the last write counts: signed and not past its last day. An AgreementEnded ends
// it at once; the end that it names does not matter.
//
// Threads: pure.
#pragma once

#include <cstdint>

#include "engine/base/time.h"
#include "projections/facts/facts.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {

// Bits of an agreement's Item::n.
inline constexpr int64_t kBusinessToBusiness = 1;
inline constexpr int64_t kSharedGoals = 2;

// REQUIRES: `agreement` stands in the map of agreements.
inline bool IsInForce(const Item& agreement, int64_t day) {
  return agreement.kind == v1::KIND_AGREEMENT_SIGNED &&
         (agreement.m() == 0 || day <= DayOf(agreement.m()));
}

// The one in force that was written last and has all of `bits`; null = none.
inline const Item* AgreementInForce(const List& agreements, int64_t day, int64_t bits = 0) {
  const Item* found = nullptr;
  for (const Item& agreement : agreements.items) {
    if ((agreement.n() & bits) == bits && IsInForce(agreement, day)) found = &agreement;
  }
  return found;
}

}  // namespace rapport::facts
