// List rules: LAST(K) with its floor, MAP(K), and values, which are LAST(1).
//
// LAST(K) keeps the K items with the greatest moments and the greatest moment ever left out.
// MAP(K) keeps the last write of each key, for the K keys written last; a key that was dropped had
// K later ones before it, so only a later write can bring it back, and order does not show.
// Items of one moment (two customers' events under one id, after a merge) are ordered by content.
//
// Threads: as safe as the facts.
#pragma once

#include <cstdint>

#include "projections/facts/condense.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

// Total order: by moment, then content.
bool Precedes(const Item& a, const Item& b);

// Adds `item` to its list, by the rule of the list's name. REQUIRES: keep >= 1.
void Insert(Facts& facts, uint32_t keep, Item item);

// The same for an event, which becomes an item only when it is kept.
void Remember(Facts& facts, ListName name, uint32_t keep, const ValidEvent& event,
              const Condensed& said);

// Adds all of `from`, a list of other facts.
void MergeList(Facts& into, const List& from, uint32_t keep);

}  // namespace rapport::facts
