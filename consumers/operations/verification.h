// Verification: whether the state is what the archive says.
//
//   RETURN_IF_ERROR(Verify(engine, go_on, response));
//   response.has_first()    // whom to look at first
//
// Digests of all customers are taken from the durable state, partition by partition; then the
// archive is folded anew up to just these positions, and each customer's digest compared. What is
// logged meanwhile is not looked at.
//
// Threads: any; `go_on` is called on several at once. Memory: a digest a customer.
// Errors:  those of Pipeline::Checkpoint and Digest, and of a walk: DATA_LOSS for an archive that
//          cannot be read.
#pragma once

#include "engine/engine.h"
#include "rapport/v1/operations.pb.h"

namespace rapport::operations {

absl::Status Verify(const Engine& engine, absl::Time deadline, const history::BaseWalk::GoOn& go_on,
                    v1::VerifyResponse& response);

}  // namespace rapport::operations
