// KnownReading: what facts say when they are asked for one key, one kind or the one who looks after
// the customer.
//
// Threads: pure. Lifetime: what is returned points into the facts.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

// How many events of a kind there were.
inline uint32_t CountOf(const Facts& facts, uint16_t kind) {
  const KindCell* cell = facts.FindKind(kind);
  return cell == nullptr ? 0 : cell->count;
}

// The last write of `key` in a map; null = none.
inline const Item* FindInMap(const Facts& facts, ListName map, absl::string_view key) {
  for (const Item& item : facts.FindList(map).items) {
    if (item.key.view() == key) return &item;
  }
  return nullptr;
}

// The last write of `consent` refuses it: a purpose, a channel, `all`, `NAMED`.
inline bool Refuses(const Facts& facts, absl::string_view consent) {
  const Item* item = FindInMap(facts, ListName::kConsents, consent);
  return item != nullptr && !item->has(kAccepted);
}

// The agent who looks after the customer; empty = none.
inline absl::string_view OwnerOf(const Facts& facts) {
  const List list = facts.FindList(ListName::kOwner);
  return list.items.empty() ? absl::string_view() : list.items[0].key.view();
}

}  // namespace rapport::facts
