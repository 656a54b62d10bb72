// IsInTime: what metric and report both take for an answer in time.
//
// Threads: pure.
#pragma once

#include <cstdint>

namespace rapport::report {

// At the moment by which a thing is due it is overdue, as its follow-up is; so an answer of that
// very moment is late.
inline bool IsInTime(int64_t answered_at_us, int64_t by_us) { return answered_at_us < by_us; }

}  // namespace rapport::report
