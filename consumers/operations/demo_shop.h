// The made-up shop: eighteen months of what happened between it and its customers.
//
//   const std::vector<v1::Event> events = MakeShop({.seed = 1, .end_day = DayOf(now_us)});
//
// The events are in the order in which they happened. The same seed, number of customers and day
// give the same bytes. Ten of the customers have lives written by hand, see demo_lives.h; the
// others, `cust-0001` and so on, live as chance and their habits have it.
//
// Threads: functions may be called from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "rapport/v1/event.pb.h"

namespace rapport::operations {

struct ShopOptions {
  uint64_t seed = 1;
  // The ten among them. REQUIRES: at least ten.
  int customers = 2000;
  // Day since 1970 before which everything has happened.
  int64_t end_day = 0;
};

// The day eighteen months before `end_day`.
int64_t ShopBeginDay(int64_t end_day);

std::vector<v1::Event> MakeShop(const ShopOptions& options);

}  // namespace rapport::operations
