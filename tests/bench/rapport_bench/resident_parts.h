// Parts of what one customer takes in memory, as the allocator hands them out.
//
// Threads: pure.
#pragma once

#include <array>
#include <cstddef>

#include "engine/store/resident_table.h"
#include "projections/facts/facts.h"

namespace rapport::bench {

// One part: what was handed out for it, and what of that is in use.
struct PartBytes {
  size_t handed = 0;
  size_t used = 0;
};

inline constexpr std::array kPartNames = {
    "slot, facts, id",         "touch list", "kinds", "sums", "purchase days", "rings", "items",
    "texts, numbers of items", "rare facts"};
using Parts = std::array<PartBytes, kPartNames.size()>;

// Links, aliases and what else hangs on a slot are left out: no made-up customer and no real log
// has any.
Parts PartsOf(const store::Slot& slot, const facts::Facts& facts);

// What was handed out in all.
size_t HandedOut(const Parts& parts);

}  // namespace rapport::bench
