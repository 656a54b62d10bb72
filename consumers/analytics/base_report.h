// Report: one table over all customers, from their events at a viewpoint.
//
// Customers that were merged are one, as they are when asked for alone; what nobody known did is in
// it, too. Events are read from the archive, customer by customer, so a large base takes a while:
// as long as the caller waits, in his turn among the walks of the base.
//
// Threads: any. Ownership: borrows the engine.
// Errors:  INVALID_ARGUMENT (FIELD_INVALID) for a name that is none, with those that there are;
//          those of History; CANCELLED when the caller has left; those of Turns.
// Never:   any effect.
#pragma once

#include "consumers/edge/call.h"
#include "consumers/edge/turns.h"
#include "engine/engine.h"
#include "rapport/v1/history.pb.h"

namespace rapport::analytics {

absl::Status ReportOnBase(const Engine& engine, const edge::Call& call, edge::Turns& walks,
                          const v1::ReportRequest& request, v1::ReportResponse& response);

}  // namespace rapport::analytics
