// The ten customers of the made-up shop whose lives are worth reading, each written by hand.
//
//   std::vector<v1::Event> events = TenLives(begin_us, end_us);
//   for (const DemoLife& life : DemoLives()) ...  // cust-0417, "a complaint open past its term"
//
// They are the same for every seed: moments are told in days before the end.
//
// Threads: functions may be called from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "rapport/v1/event.pb.h"

namespace rapport::operations {

struct DemoLife {
  absl::string_view customer_id;
  // What it shows.
  absl::string_view shows;
};

// The first is the one to show when only one can be.
absl::Span<const DemoLife> DemoLives();

std::vector<v1::Event> TenLives(int64_t begin_us, int64_t end_us);

}  // namespace rapport::operations
