#include "consumers/operations/demo_proof.h"

#include "absl/time/clock.h"
#include "consumers/operations/verification.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr absl::Duration kCheckpointMax = absl::Seconds(30);

}  // namespace

absl::StatusOr<DemoProof> ProveDemo(const Engine& engine) {
  RETURN_IF_ERROR(engine.pipeline().Checkpoint(absl::Now() + kCheckpointMax));
  v1::VerifyResponse response;
  const edge::Call call{edge::Caller()};
  ASSIGN_OR_RETURN(const FactsDigests facts, Verify(engine, call, response));
  DemoProof proof{facts.state.Hex(), facts.folded.Hex(), 0, facts.took};
  for (const v1::VerifiedPartition& one : response.partitions()) {
    proof.customers += one.customers();
  }
  return proof;
}

}  // namespace rapport::operations
