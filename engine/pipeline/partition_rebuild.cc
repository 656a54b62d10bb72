#include "engine/pipeline/partition_rebuild.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::pipeline {

PartitionRebuild::PartitionRebuild(const PartitionRebuildParts& parts, Partition partition,
                                   Verdicts verdicts, std::shared_ptr<StateGeneration> anew)
    : parts_(parts),
      partition_(partition),
      generation_(std::make_shared<PartitionGeneration>(
          std::move(anew), partition, parts.partitions, parts.archive, store::PartitionState())) {
  generation_->folder.verdicts() = std::move(verdicts);
}

absl::Status PartitionRebuild::Begin(std::shared_ptr<const PartitionGeneration> live) {
  folds_alike_ = fold::FoldAlike(*live->state->folds(), *generation_->state->folds());
  ASSIGN_OR_RETURN(frozen_, store::FrozenPartition::Of(live->state->table(), partition_));
  live_ = std::move(live);
  target_ = frozen_->state().next;
  return Scan(target_);
}

absl::Status PartitionRebuild::Scan(Offset to) {
  if (parts_.archive->End(partition_).next < to) return log::NotArchivedYet(partition_, to - 1);
  cursor_ = parts_.archive->Scan(partition_, generation_->folder.state().next, to);
  return absl::OkStatus();
}

absl::StatusOr<bool> PartitionRebuild::FoldBlock() {
  RecordBatch batch;
  if (!cursor_->NextBatch(batch)) {
    RETURN_IF_ERROR(cursor_->status());
    return false;
  }
  Folder& folder = generation_->folder;
  RETURN_IF_ERROR(folder.Apply(batch));
  next_ = folder.state().next;
  if (folder.dirty() >= folder.DirtyMaxFromArchive(parts_.memory_bytes)) {
    RETURN_IF_ERROR(Commit());
  }
  folder.Evict(parts_.memory_bytes);
  return true;
}

absl::StatusOr<bool> PartitionRebuild::Step() {
  if (frozen_ == nullptr) return false;
  if (cursor_ != nullptr) {
    ASSIGN_OR_RETURN(const bool more, FoldBlock());
    if (more) return true;
    cursor_.reset();
    RETURN_IF_ERROR(Commit());
    return true;
  }
  RETURN_IF_ERROR(Compare());
  frozen_.reset();
  live_.reset();
  return false;
}

absl::Status PartitionRebuild::CatchUp(Offset to, absl::FunctionRef<absl::Status()> may_go_on) {
  RETURN_IF_ERROR(Scan(to));
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(may_go_on());
    ASSIGN_OR_RETURN(more, FoldBlock());
  }
  cursor_.reset();
  return Commit();
}

absl::Status PartitionRebuild::Commit() {
  Folder& folder = generation_->folder;
  if (!folder.HasChanges()) return absl::OkStatus();
  return folder.WriteCut(generation_->state->store());
}

absl::Status PartitionRebuild::Differs(absl::string_view what) const {
  return absl::FailedPreconditionError(absl::StrCat(
      "REBUILD_DIFFERS: partition ", partition_,
      ": what was folded anew and what serves differ in ", what,
      "; what serves was kept. Records that are good by now make such a difference: rapport "
      "quarantine retry, then rebuild again. Otherwise report it"));
}

absl::Status PartitionRebuild::Compare() {
  ASSIGN_OR_RETURN(const auto anew,
                   store::FrozenPartition::Of(generation_->state->table(), partition_));
  if (!folds_alike_) {
    const std::string difference = store::StatesDiffer(frozen_->state(), anew->state());
    return difference.empty() ? absl::OkStatus() : Differs(difference);
  }
  ASSIGN_OR_RETURN(const std::string difference, store::FirstDifference(*frozen_, *anew));
  return difference.empty() ? absl::OkStatus() : Differs(difference);
}

absl::Status PartitionRebuild::CheckLevel(const PartitionGeneration& live) const {
  const std::string difference =
      store::StatesDiffer(live.folder.state(), generation_->folder.state());
  if (!difference.empty()) return Differs(difference);
  if (live.folder.verdicts().crashed() == generation_->folder.verdicts().crashed()) {
    return absl::OkStatus();
  }
  return Differs("the records that are set aside unread");
}

}  // namespace rapport::pipeline
