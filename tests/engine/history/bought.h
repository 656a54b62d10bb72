// What tests of the past begin with: moments by their day, and Ana's purchases.
//
// Threads: pure.
#pragma once

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/kit/event_builder.h"

namespace rapport::history {

inline int64_t At(int64_t day) { return day * kMicrosPerDay; }

// 50 EUR, the order is `o` and the event's id.
inline kit::EventBuilder Bought(uint64_t id, int64_t day) {
  return kit::APurchase().Of("ana").Id(id).OnDay(day).Key(absl::StrCat("o", id)).Worth(50, "EUR");
}

}  // namespace rapport::history
