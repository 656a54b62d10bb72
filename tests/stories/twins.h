// Twins: what the engine itself has appended to the log of a story, as lines of it.
//
// Threads: one.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "engine/log/log.h"
#include "tests/stories/event_line.h"

namespace rapport::stories {

// All twins that the log holds, partition by partition, copies too. They have no line of the file.
absl::StatusOr<std::vector<EventLine>> ReadTwins(log::Log& log);

}  // namespace rapport::stories
