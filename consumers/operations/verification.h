// Verification: whether the state is what the archive says.
//
//   ASSIGN_OR_RETURN(const FactsDigests facts, Verify(engine, call, response));
//   facts.state == facts.folded
//   response.has_first()    // else whom to look at first
//
// Digests of all customers are taken from the durable state, partition by partition; then the
// archive is folded anew up to just these positions, and each customer's digest compared. What is
// logged meanwhile is not looked at.
//
// Threads: any. Memory: a digest a customer.
// Errors:  those of Pipeline::Checkpoint and Digest, and of a walk: DATA_LOSS for an archive that
//          cannot be read.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "consumers/edge/call.h"
#include "engine/base/hash.h"
#include "engine/engine.h"
#include "rapport/v1/verify.pb.h"

namespace rapport::operations {

// Over all customers.
struct FactsDigests {
  SetDigest state;
  // Of the archive, folded anew.
  SetDigest folded;
  // How long that took.
  absl::Duration took;
};

// Goes on as long as edge::CheckAsked says so, and tells `call` how far it is.
absl::StatusOr<FactsDigests> Verify(const Engine& engine, const edge::Call& call,
                                    v1::VerifyResponse& response);

}  // namespace rapport::operations
