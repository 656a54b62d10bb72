#include "consumers/operations/demo_proof.h"

#include <vector>

#include "absl/time/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr absl::Duration kCheckpointMax = absl::Seconds(30);

absl::StatusOr<std::string> LiveDigest(const Engine& engine) {
  RETURN_IF_ERROR(engine.pipeline().Checkpoint(absl::Now() + kCheckpointMax));
  SetDigest live;
  for (Partition partition = 0; partition < engine.pipeline().partitions(); ++partition) {
    ASSIGN_OR_RETURN(
        const pipeline::Digests digests,
        engine.pipeline().Digest(partition, [](absl::string_view, const SetDigest&) {}));
    live.Add(digests.facts);
  }
  return live.Hex();
}

}  // namespace

absl::StatusOr<DemoProof> ProveDemo(const Engine& engine) {
  DemoProof proof;
  ASSIGN_OR_RETURN(proof.live, LiveDigest(engine));
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, engine.pipeline().CustomerIds());
  SetDigest rebuilt;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const std::string facts, engine.history().Facts(id, {}));
    rebuilt.Add({id, facts});
  }
  proof.rebuilt = rebuilt.Hex();
  proof.customers = static_cast<int64_t>(ids.size());
  proof.took = absl::Now() - begun;
  return proof;
}

}  // namespace rapport::operations
