// WatchStream: one caller who watches, from his request to his leaving.
//
//   return Watch(engine, hub, call, request, sink);
//
// He is told how everybody is if he wants that, then what changed since his place, then what
// changes; a filter says whom he is told of, and moves his place like the rest.
//
// Threads:   runs on the caller's stream's own thread.
// Ownership: borrows all it is given.
// Errors:    INVALID_ARGUMENT (FILTER_INVALID, POSITION_MALFORMED); those of WatchHub and
//            WatchSteps.
#pragma once

#include "absl/status/status.h"
#include "consumers/edge/call.h"
#include "consumers/support/watch_hub.h"
#include "engine/engine.h"
#include "rapport/v1/watch.pb.h"

namespace rapport::support {

absl::Status Watch(const Engine& engine, WatchHub& hub, const edge::Call& call,
                   const v1::WatchRelationshipsRequest& request,
                   edge::Sink<v1::WatchRelationshipsResponse>& sink);

}  // namespace rapport::support
