#include "consumers/operations/fill_rebuild.h"

#include "consumers/edge/rpc_status.h"

namespace rapport::operations {
namespace {

v1::RebuildPhase PhaseOf(pipeline::RebuildStatus::Phase phase) {
  switch (phase) {
    case pipeline::RebuildStatus::Phase::kNone:
      return v1::REBUILD_PHASE_UNSPECIFIED;
    case pipeline::RebuildStatus::Phase::kFolding:
      return v1::REBUILD_PHASE_FOLDING;
    case pipeline::RebuildStatus::Phase::kSwitching:
      return v1::REBUILD_PHASE_SWITCHING;
    case pipeline::RebuildStatus::Phase::kDone:
      return v1::REBUILD_PHASE_DONE;
    case pipeline::RebuildStatus::Phase::kFailed:
      return v1::REBUILD_PHASE_FAILED;
  }
  return v1::REBUILD_PHASE_UNSPECIFIED;
}

}  // namespace

void FillRebuild(const pipeline::RebuildStatus& status, v1::Rebuild& rebuild) {
  rebuild.set_phase(PhaseOf(status.phase));
  rebuild.set_done(status.done);
  rebuild.set_total(status.total);
  rebuild.set_begun_at_us(status.begun_us);
  rebuild.set_ended_at_us(status.ended_us);
  rebuild.set_rules_digest(status.rules_digest);
  if (status.cause.ok()) return;
  rebuild.set_cause(edge::ReasonOf(status.cause));
  rebuild.set_message(edge::TextOf(status.cause));
}

}  // namespace rapport::operations
