// Rebuilds in a simulated life: another state is folded beside the one that serves and takes over.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/simulation/life.h"

namespace rapport::simulation {
namespace {

constexpr int kIndexSteps = 30;

}  // namespace

void Life::StartRebuild(bool may_refold) {
  if (world_.pipeline().rebuild().IsUnderWay()) return;
  if (plan_.failing_write > 0 && rebuild_dice_.Chance(200)) {
    world_.FailRebuild(rebuild_dice_.Between(1, 12));
  }
  const bool refolds = may_refold && rebuild_dice_.Chance(400);
  const absl::Status started = refolds ? world_.StartRefold() : world_.pipeline().StartRebuild();
  released_meanwhile_ = false;
  Note("rebuild", started.ok());
  // A partition that stands still could not take part in the switch.
  const bool is_stopped = absl::StartsWith(started.message(), "PARTITION_STOPPED");
  if (!started.ok() && !absl::IsInternal(started) && !is_stopped) {
    Fail(absl::StrCat("no rebuild: ", started.ToString()));
  }
}

// One piece of it; the last one is the switch, in which the power may go.
void Life::StepRebuild() {
  // Among generations of other rules the pointer is not what decides.
  const bool refolds = !world_.pipeline().rebuild().rules_digest.empty();
  if (plan_.failing_write > 0 && !refolds && rebuild_dice_.Chance(400)) {
    world_.FailSwitch(rebuild_dice_.Between(1, 4));
  }
  world_.StepRebuild();
  oracle_.SetProjection(world_.projection());
  switched_maybe_ = world_.has_died();
  CheckRebuild();
  if (!world_.has_died()) world_.FailSwitch(0);
}

// Whether the state may hold something else than what the archive gives.
bool Life::MayDiffer() const {
  // A history that the log has lost, or an older archive.
  return released_meanwhile_ || archive_restored_ || front_lost_ || end_lost_ ||
         !broken_retries_.empty() || !releasing_.empty();
}

// Nothing that was shown goes back, and a rebuild that is given up has a reason.
void Life::CheckRebuild() {
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    const pipeline::PartitionProgress progress = world_.pipeline().progress(partition);
    const size_t p = static_cast<size_t>(partition);
    if (progress.applied < shown_[p] || progress.durable < durable_[p]) {
      return Fail(absl::StrCat("a rebuild took partition ", partition, " back to ",
                               progress.applied, ", durable ", progress.durable));
    }
    shown_[p] = progress.applied;
    durable_[p] = progress.durable;
  }
  const pipeline::RebuildStatus rebuild = world_.pipeline().rebuild();
  if (rebuild.IsUnderWay()) return;
  Note("rebuild ends", rebuild.done, static_cast<int64_t>(rebuild.phase));
  if (rebuild.phase == pipeline::RebuildStatus::Phase::kDone) {
    CheckIndexesAmid();
    // And once those of other facts are worked out.
    if (!rebuild.rules_digest.empty()) indexes_due_ = kIndexSteps;
    SeeSwitch();
  }
  if (rebuild.cause.ok() || world_.has_died()) return;
  const bool is_known = absl::IsInternal(rebuild.cause) || MayDiffer() ||
                        absl::StartsWith(rebuild.cause.message(), "PARTITION_STOPPED") ||
                        (world_.echo() && absl::StartsWith(rebuild.cause.message(), "NOT_READY"));
  if (!is_known) Fail(absl::StrCat("a rebuild is given up: ", rebuild.cause.ToString()));
}

// While everything goes on, once all that is applied can be read.
void Life::CheckIndexesAmid() {
  const std::vector<Offset> applied = Applied();
  for (Partition partition = 0; partition < plan_.partitions; ++partition) {
    if (!world_.pipeline().progress(partition).stopped.ok()) return;
    const Offset archived = world_.archive().End(partition).next;
    if (archived < applied[static_cast<size_t>(partition)]) return;
  }
  CheckIndexes();
}

void Life::EndRebuild() {
  while (!failed() && world_.pipeline().rebuild().IsUnderWay()) {
    world_.StepRebuild();
    oracle_.SetProjection(world_.projection());
    CheckRebuild();
  }
}

// In the end everything is as it was, in another generation.
void Life::RebuildAtTheEnd() {
  if (plan_.rebuild == 0 || MayDiffer()) return;
  // One by other rules gives another state.
  EndRebuild();
  const auto before = world_.DurableDigests();
  const size_t told = sent_echoes_.size();
  StartRebuild(/*may_refold=*/false);
  EndRebuild();
  const auto after = world_.DurableDigests();
  if (sent_echoes_.size() > told) Fail("a rebuild tells a second customer something");
  if (!before.ok() || !after.ok() || !(*before == *after)) Fail("what took over is another state");
  if (!failed()) CheckIndexes();
}

}  // namespace rapport::simulation
