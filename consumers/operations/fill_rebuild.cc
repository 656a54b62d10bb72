#include "consumers/operations/fill_rebuild.h"

#include "consumers/edge/rpc_status.h"
#include "engine/base/time.h"

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
    case pipeline::RebuildStatus::Phase::kCancelled:
      return v1::REBUILD_PHASE_CANCELLED;
  }
  return v1::REBUILD_PHASE_UNSPECIFIED;
}

}  // namespace

void FillRebuild(const pipeline::RebuildStatus& status, int64_t now_us, v1::Rebuild& rebuild) {
  rebuild.set_phase(PhaseOf(status.phase));
  rebuild.set_done(status.done);
  rebuild.set_total(status.total);
  rebuild.set_begun_at_us(status.begun_us);
  rebuild.set_ended_at_us(status.ended_us);
  if (!status.rules_digest.empty()) rebuild.set_rules_digest(status.rules_digest);
  for (size_t p = 0; p < status.partitions.size(); ++p) {
    v1::PartitionProgress& one = *rebuild.add_partitions();
    one.set_partition(static_cast<int32_t>(p));
    one.set_done(status.partitions[p].done);
    one.set_total(status.partitions[p].total);
  }
  const int64_t took_us = (status.IsUnderWay() ? now_us : status.ended_us) - status.begun_us;
  if (status.begun_us > 0 && took_us > 0) {
    rebuild.set_records_per_second(status.done * kMicrosPerSecond / took_us);
  }
  if (status.IsUnderWay() && rebuild.records_per_second() > 0) {
    rebuild.set_seconds_left((status.total - status.done) / rebuild.records_per_second());
  }
  if (status.cause.ok()) return;
  rebuild.set_cause(edge::ReasonOf(status.cause));
  rebuild.set_message(edge::TextOf(status.cause));
}

}  // namespace rapport::operations
