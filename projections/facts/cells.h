// Cells: finding, making and adding to the sorted cells of facts.
//
// Each function is one commutative rule: sum, maximum, set. Adding nothing makes no cell, so equal
// facts have equal cells.
//
// Threads: as safe as the facts.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

// SUM; stays at 2^63 - 1. REQUIRES: value >= 0.
void AddSum(Facts& facts, uint16_t name, int64_t value);
// Count SUM, staying at 2^32 - 1; last MAX. REQUIRES: the moment is one of a KindCell.
void AddKind(Facts& facts, uint16_t kind, uint32_t count, const Moment& last);
// MAX.
void AddOutreach(Facts& facts, uint8_t purpose, const Moment& last);
// MAX.
void AddAwareness(Facts& facts, uint8_t form, const Moment& last);
// SUM of both. REQUIRES: `currency` is three capital letters, and neither is negative.
void AddCurrency(Facts& facts, absl::string_view currency, int64_t spend_micros,
                 int64_t reversed_micros);
// SET. REQUIRES: 0 <= day <= 47481, which is 2099-12-31.
void AddPurchaseDay(Facts& facts, int32_t day);
// SUM of both.
void AddDimension(Facts& facts, absl::string_view dimension, int64_t answers, int64_t g_sum);
// newest MAX, first seen MIN; 0 = none.
void AddSeen(Facts& facts, int64_t newest_at_us, int64_t first_seen_at_us);
// MAX; 0 = none. Whoever adds one has put an item into that list.
void AddFloor(Facts& facts, ListName name, int64_t at_us);

// Where one list stands among all items, or would.
struct ItemPlaces {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t size() const { return end - begin; }
};
ItemPlaces PlacesOf(absl::Span<const Item> items, ListName name);

}  // namespace rapport::facts
