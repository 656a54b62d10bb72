// Simulation: what a relationship would be if something happened. Nothing is written anywhere: the
// imagined touchpoints are checked as published ones are, folded into a copy of the facts, and
// evaluated beside it at one date.
//
// Threads: any.
// Errors:  those of reading customers; INVALID_ARGUMENT with the touchpoint's place for one that
//          could not be published, happens after the date, or puts right, links or erases, which
//          facts alone cannot tell.
#pragma once

#include "absl/status/status.h"
#include "consumers/edge/call.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::support {

absl::Status Simulate(const Engine& engine, const edge::Call& call,
                      const v1::SimulateRelationshipRequest& request,
                      v1::SimulateRelationshipResponse& response);

}  // namespace rapport::support
