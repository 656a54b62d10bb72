// PartitionTask: when what was folded is cut, and how it becomes durable.
#include <utility>

#include "engine/base/check.h"
#include "engine/pipeline/partition_task.h"

namespace rapport::pipeline {

size_t PartitionTask::DirtyMax() const {
  if (phase_ == Phase::kArchive) return folder().DirtyMaxFromArchive(options_.memory_bytes);
  return folder().DirtyMax(options_.dirty_slots_max, options_.memory_bytes);
}

absl::Duration PartitionTask::CheckpointInterval() const {
  if (phase_ == Phase::kArchive) return options_.checkpoint_interval_archive;
  return is_behind_ ? options_.checkpoint_interval_behind : options_.checkpoint_interval;
}

bool PartitionTask::IsCutDue() {
  if (folder().dirty() >= DirtyMax()) return true;
  if (checkpoint_requested_.exchange(false)) return true;
  const int64_t now_us = parts_.clock->NowMicros();
  // A clock that was set back does not put the cut off.
  return now_us < last_cut_us_ ||
         now_us - last_cut_us_ >= absl::ToInt64Microseconds(CheckpointInterval());
}

// Takes a cut when it is time and none is under way.
void PartitionTask::MaybeCut() {
  if (IsCommitting()) return;
  Settle();
  if (folder().HasChanges() && !commit_failed_ && IsCutDue()) CutNow();
}

void PartitionTask::CutNow() {
  RAPPORT_CHECK(!IsCommitting()) << "partition " << parts_.partition;
  Settle();
  if (!folder().HasChanges() || commit_failed_) return;
  last_cut_us_ = parts_.clock->NowMicros();
  // Nobody waits for what is folded of the archive, so it may stand still.
  if (phase_ == Phase::kArchive) return WriteCutNow();
  in_flight_ = std::make_unique<Checkpoint>(folder().TakeCut());
  twins_in_flight_ = in_flight_->cut.twins.size();
  commit_done_ = false;
  const Offset next = in_flight_->cut.state.next;
  parts_.committer->Submit(std::move(in_flight_->cut), [this, next](const absl::Status& status) {
    NoteCheckpoint();
    if (status.ok()) {
      parts_.progress->Update(parts_.partition,
                              [&](PartitionProgress& progress) { progress.durable = next; });
    }
    commit_failed_ = !status.ok();
    commit_done_ = true;
    commit_done_.notify_all();
  });
}

// Before the log is followed, whose cuts are copied: more than those may be leaves no room for one.
void PartitionTask::CutOfArchive() {
  const size_t most = folder().DirtyMax(options_.dirty_slots_max, options_.memory_bytes);
  // What was folded from the beginning is much, too.
  if (is_rebuild_ || folder().dirty() >= most) CutNow();
}

void PartitionTask::WriteCutNow() {
  const Offset next = folder().state().next;
  const size_t twins = folder().twins();
  const absl::Status written = parts_.committer->CommitHere(
      [&](store::StateStore& store) { return folder().WriteCut(store); });
  NoteCheckpoint();
  commit_failed_ = !written.ok();
  if (!written.ok()) return;
  outbox_.Committed(twins);
  parts_.progress->Update(parts_.partition,
                          [&](PartitionProgress& progress) { progress.durable = next; });
}

// REQUIRES: the commit of the last cut has returned, and nobody was told yet.
void PartitionTask::NoteCheckpoint() const {
  if (parts_.durations == nullptr) return;
  parts_.durations->checkpoints.Note(parts_.clock->NowMicros() - last_cut_us_);
}

void PartitionTask::AwaitCommit() {
  if (in_flight_ != nullptr) {
    if (!parts_.committer->is_started()) parts_.committer->CommitWaiting();
    commit_done_.wait(false);
  }
  Settle();
}

// Unpins the slots of a commit that has returned. After a failure they stay pinned: their facts are
// nowhere else.
void PartitionTask::Settle() {
  if (in_flight_ == nullptr) return;
  if (!commit_failed_) {
    folder().Committed(*in_flight_);
    outbox_.Committed(twins_in_flight_);
    twins_in_flight_ = 0;
  }
  in_flight_.reset();
}

}  // namespace rapport::pipeline
