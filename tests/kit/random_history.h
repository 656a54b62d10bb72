// Random histories: events of one customer that touch everything a stage or a score looks at.
//
//   for (uint64_t seed = 0; seed < 500; ++seed) Check(RandomHistory(seed, 20));
//
// The same seed gives the same events on every machine. Days lie within a few years from day
// kHistoryBegins on; keys are few, so that steps of one case, promise or agreement meet.
//
// Threads: pure.
#pragma once

#include <vector>

#include "tests/kit/event_builder.h"

namespace rapport::kit {

inline constexpr int64_t kHistoryBegins = 15'000;

std::vector<EventBuilder> RandomHistory(uint64_t seed, int events);

}  // namespace rapport::kit
