// Where the partitions of a pipeline are, and waiting until they come to a place.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/pipeline/pipeline.h"

namespace rapport::pipeline {
namespace {

// Most of what was just published is applied within this time, and the log need not be asked.
constexpr absl::Duration kOnItsWay = absl::Milliseconds(100);
// A log on the network answers within this time or not at all.
constexpr absl::Duration kAnswersWithin = absl::Seconds(10);

absl::Status PartitionStopped(const absl::Status& cause) {
  return absl::FailedPreconditionError(absl::StrCat("PARTITION_STOPPED: ", cause.message()));
}

// INVALID_ARGUMENT when the log ends before `position`. Only an end that is asked for now counts:
// the one heard last may lie before what a publisher was told since. A log that does not answer
// says nothing, and one that may not answer before the deadline is not asked.
absl::Status CheckIsInLog(const PipelineParts& parts, const Position& position,
                          absl::Time deadline) {
  for (const auto& [partition, next] : position.next) {
    if (next <= parts.archive->End(partition).next) continue;
    if (parts.mirror && absl::Now() + kAnswersWithin > deadline) return absl::OkStatus();
    const absl::StatusOr<log::OffsetRange> range = parts.log->Range(partition);
    if (!range.ok()) return absl::OkStatus();
    if (next <= range->end) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("POSITION_MALFORMED: ", position.ToString(),
                     " is behind the end of the log, where partition ", partition, " ends at ",
                     range->end, "; use a position that an answer gave"));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Lag> Pipeline::Lags(absl::Span<const Offset> ends) const {
  const int64_t now_us = parts_.clock->NowMicros();
  std::vector<Lag> lags(ends.size());
  progress_.Look([&](const std::vector<PartitionProgress>& partitions) {
    for (size_t i = 0; i < ends.size(); ++i) {
      const PartitionProgress& progress = partitions[i];
      if (ends[i] <= progress.applied) continue;
      lags[i].events = ends[i] - progress.applied;
      // What is not applied came after what is, and after the log was seen to hold no more.
      const int64_t since_us = std::max(progress.appended_us, progress.level_us);
      lags[i].micros = std::max<int64_t>(0, now_us - since_us);
    }
  });
  return lags;
}

Position Pipeline::Applied() const {
  Position position;
  position.log = parts_.archive->identity();
  progress_.Look([&position](const auto& all) {
    Partition partition = 0;
    for (const PartitionProgress& one : all) position.next[partition++] = one.applied;
  });
  return position;
}

Position Pipeline::Durable() const {
  Position position;
  position.log = parts_.archive->identity();
  progress_.Look([&position](const auto& all) {
    Partition partition = 0;
    for (const PartitionProgress& one : all) position.next[partition++] = one.durable;
  });
  return position;
}

absl::Status Pipeline::CheckPosition(const Position& position) const {
  if (position.log.epoch != 0 && !(position.log == parts_.archive->identity())) {
    return absl::DataLossError(absl::StrCat(
        "POSITION_LOST: ", position.ToString(), " is a position of another log than ",
        parts_.archive->identity().ToString(), "; publish again and use the new position"));
  }
  for (const auto& [partition, next] : position.next) {
    if (partition >= partitions()) {
      return absl::InvalidArgumentError(absl::StrCat("POSITION_MALFORMED: there is no partition ",
                                                     partition, ", the log has ", partitions()));
    }
  }
  return absl::OkStatus();
}

absl::Status Pipeline::AwaitEchoes(absl::Time deadline) const {
  int64_t pending = 0;
  const auto none_waits = [&](const auto& partitions) {
    pending = 0;
    for (const PartitionProgress& progress : partitions) pending += progress.echo_pending;
    return pending == 0;
  };
  if (progress_.WaitUntil(deadline, none_waits)) return absl::OkStatus();
  return absl::DeadlineExceededError(
      absl::StrCat("ECHO_PENDING: ", pending, " echoes wait for the log; rapport status says why"));
}

absl::Status Pipeline::WaitFor(const Position& position, absl::Time deadline) const {
  RETURN_IF_ERROR(CheckPosition(position));
  absl::Status stopped;
  const auto is_decided = [&](const auto& partitions) {
    for (const auto& [partition, next] : position.next) {
      const PartitionProgress& progress = partitions[static_cast<size_t>(partition)];
      if (progress.applied >= next) continue;
      stopped = progress.stopped;
      return !stopped.ok();
    }
    return true;
  };
  bool decided = progress_.WaitUntil(std::min(deadline, absl::Now() + kOnItsWay), is_decided);
  if (!decided) {
    RETURN_IF_ERROR(CheckIsInLog(parts_, position, deadline));
    decided = progress_.WaitUntil(deadline, is_decided);
  }
  if (!stopped.ok()) return PartitionStopped(stopped);
  if (decided) return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat(
      "POSITION_NOT_REACHED: ", position.ToString(), " is asked about, applied so far is ",
      Applied().ToString(), "; try again, rapport status says how far behind the log that is"));
}

absl::Status Pipeline::CheckErasuresKnown(Partition partition) const {
  const PartitionProgress progress = progress_.Of(partition);
  if (progress.is_current) return absl::OkStatus();
  if (!progress.stopped.ok()) return PartitionStopped(progress.stopped);
  const Offset come = std::min(progress.applied, parts_.archive->End(partition).next);
  return absl::UnavailableError(
      absl::StrCat("NOT_READY: partition ", partition, " has come to offset ", come,
                   progress.met_end < 0
                       ? " and has not seen yet where its log ends"
                       : absl::StrCat(" of the ", progress.met_end, " its log held at the start"),
                   ", so it may have to learn of an erasure",
                   progress.waiting.ok() ? "" : absl::StrCat(" (", progress.waiting.message(), ")"),
                   "; try again"));
}

absl::Status Pipeline::AwaitErasuresKnown(Partition partition, absl::Time deadline) const {
  progress_.WaitUntil(deadline, [&](const auto& partitions) {
    const PartitionProgress& progress = partitions[static_cast<size_t>(partition)];
    return progress.is_current || !progress.stopped.ok();
  });
  return CheckErasuresKnown(partition);
}

absl::Status Pipeline::AwaitFollowing(Partition partition, absl::Time deadline) const {
  const absl::Status known = AwaitErasuresKnown(partition, deadline);
  const absl::Status stopped = progress_.Of(partition).stopped;
  return stopped.ok() ? known : PartitionStopped(stopped);
}

}  // namespace rapport::pipeline
