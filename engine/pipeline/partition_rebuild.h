// PartitionRebuild folds one partition from the archive into a new generation, beside the one that
// serves, and shows that both hold the same; or, when it is folded by other rules, that both are of
// the same records, and the same became of them.
//
//   PartitionRebuild rebuild(parts, partition, verdicts, anew);
//   RETURN_IF_ERROR(rebuild.Begin(task.generation()));
//   do { ASSIGN_OR_RETURN(more, rebuild.Step()); } while (more);
//   RETURN_IF_ERROR(rebuild.CatchUp(position, may_go_on));
//
// It sees what serves as it is at Begin, folds up to there, compares, and lets go of it. It never
// reads beyond what is durable of the one that serves, so all it reads stays. It writes neither
// archive nor log, destroys no key, and notes no breadcrumbs: what it folds has been folded before,
// if only by other rules.
//
// Threads:   one thread at a time; next() from any.
// Ownership: borrows the archive; shares the generation it builds.
// Errors:    DATA_LOSS for an archive that cannot be read; UNAVAILABLE (NOT_READY) while an older
//            archive is filled up; FAILED_PRECONDITION (REBUILD_DIFFERS) when the generations hold
//            different things; INTERNAL when the new one cannot be written. What serves is
//            untouched.
#pragma once

#include <atomic>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/log/archive.h"
#include "engine/pipeline/generation.h"
#include "engine/pipeline/verdicts.h"
#include "engine/store/frozen_partition.h"

namespace rapport::pipeline {

struct PartitionRebuildParts {
  int partitions = 1;
  log::Archive* archive = nullptr;
  // Bytes of customers in memory, at most, about.
  size_t memory_bytes = 0;
};

class PartitionRebuild {
 public:
  PartitionRebuild(const PartitionRebuildParts& parts, Partition partition, Verdicts verdicts,
                   std::shared_ptr<StateGeneration> anew);

  bool IsBegun() const { return cursor_ != nullptr || frozen_ != nullptr; }
  // From here on `live` is what is compared with.
  absl::Status Begin(std::shared_ptr<const PartitionGeneration> live);
  // Folds or compares a piece; false when all is folded and found the same.
  absl::StatusOr<bool> Step();
  // Goes on to `to`, and makes it durable. REQUIRES: Step has returned false; `to` is durable in
  // the one that serves.
  absl::Status CatchUp(Offset to, absl::FunctionRef<absl::Status()> may_go_on);

  // OK when `live` is at the same position and of the same history.
  absl::Status CheckLevel(const PartitionGeneration& live) const;

  Offset next() const { return next_.load(std::memory_order_relaxed); }
  // Where it is compared with what serves.
  Offset target() const { return target_.load(std::memory_order_relaxed); }
  const std::shared_ptr<PartitionGeneration>& generation() const { return generation_; }

 private:
  absl::Status Scan(Offset to);
  // False at the scan's end.
  absl::StatusOr<bool> FoldBlock();
  absl::Status Commit();
  absl::Status Compare();
  absl::Status Differs(absl::string_view what) const;

  const PartitionRebuildParts parts_;
  const Partition partition_;
  const std::shared_ptr<PartitionGeneration> generation_;
  std::atomic<Offset> next_{0};
  std::atomic<Offset> target_{0};
  // What serves, while it is not compared yet.
  std::shared_ptr<const PartitionGeneration> live_;
  std::unique_ptr<store::FrozenPartition> frozen_;
  std::unique_ptr<log::Cursor> cursor_;
  // Both are folded by rules that fold alike.
  bool folds_alike_ = true;
};

}  // namespace rapport::pipeline
