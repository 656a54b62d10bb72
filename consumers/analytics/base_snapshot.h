// BaseSnapshot: a table of the whole base at one viewpoint, as a stream of rows.
//
//   RETURN_IF_ERROR(StreamBase(engine, call, walks, request, sink));
//
// Customers come by id, merged ones as one where the first of them stands; of whom nothing had
// happened at the viewpoint there are no rows. Events go on being folded meanwhile: a row holds
// what its customer's partition had applied when it was read. Who names a known position gets the
// same rows every time.
//
// Threads: any. Errors: those of edge::ViewpointOf and of reading customers; CANCELLED when the
// caller has left.
#pragma once

#include "consumers/edge/call.h"
#include "consumers/edge/turns.h"
#include "engine/engine.h"
#include "rapport/v1/snapshot.pb.h"

namespace rapport::analytics {

// Takes a turn of `walks` once nothing else is waited for.
absl::Status StreamBase(const Engine& engine, const edge::Call& call, edge::Turns& walks,
                        const v1::SnapshotBaseRequest& request,
                        edge::Sink<v1::SnapshotBaseResponse>& sink);

}  // namespace rapport::analytics
