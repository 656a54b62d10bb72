// Replay: records of the archive, as they are in the log.
//
//   RETURN_IF_ERROR(ReplayArchive(engine, call, request, sink));
//
// Partition by partition, each in the order of its offsets. Nothing is sent or changed by it.
//
// Threads: any. Errors: those of edge::PositionOf and of reading the archive; OUT_OF_RANGE
//          (HISTORY_INCOMPLETE) across a loss; CANCELLED when the caller has left.
#pragma once

#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/replay.pb.h"

namespace rapport::analytics {

// The call is told of `passes` times what there is to read: who reads it twice expects all of it
// from the start, and nothing more the second time.
absl::Status ReplayArchive(const Engine& engine, const edge::Call& call,
                           const v1::ReplayEventsRequest& request,
                           edge::Sink<v1::ReplayEventsResponse>& sink, int passes = 1);

}  // namespace rapport::analytics
