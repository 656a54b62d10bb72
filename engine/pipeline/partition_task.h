// PartitionTask drives one partition in steps: reads the log, mirrors it into the archive, folds,
// and takes cuts for the committer.
//
// It begins at the state's position, reads the archive to its end, compares the archive's last
// records with the log's (Anchor), and goes on with the log. An archive that ends before the state
// does (an older copy was restored) is filled up from the log first, and its chain compared with
// the state's.
//
//   while (...) {
//     switch (task.Step(patience)) { ... }      // do what Next says, then step again
//   }
//
// A partition that was stopped by a gap goes on when an operator accepts the loss (AcceptLoss).
// What comes from other threads comes as an order, done between two steps.
//
// It has no thread and never sleeps, so that a PartitionRunner can drive it on a thread, and a
// simulation in virtual time.
//
// After an unclean end it folds carefully what it was folding then: one record at a time, see
// Breadcrumbs.
//
// Threads:   Step, AwaitCommit, CutNow, AcceptLoss, RetryQuarantine, Level and TakeOver from one
//            thread at a time; everything else from any thread.
// Ownership: borrows all of PartitionParts. REQUIRES: when it is destroyed, no commit is under way
//            or the committer is gone.
// Errors:    a partition that cannot go on stops with its cause in Progress; reads go on. When the
//            archive cannot be written, `fatal` is called, which ends the process.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/clock.h"
#include "engine/base/durations.h"
#include "engine/log/archive.h"
#include "engine/log/engine_record.h"
#include "engine/log/log.h"
#include "engine/pipeline/anchor.h"
#include "engine/pipeline/breadcrumbs.h"
#include "engine/pipeline/committer.h"
#include "engine/pipeline/folder.h"
#include "engine/pipeline/generation.h"
#include "engine/pipeline/index_keeper.h"
#include "engine/pipeline/outbox.h"
#include "engine/pipeline/progress.h"
#include "engine/pipeline/retry.h"

namespace rapport::pipeline {

struct PartitionOptions {
  // Records per batch, at most.
  size_t batch_records_max = 2048;
  // A cut is taken this long after the one before, when anything changed.
  absl::Duration checkpoint_interval = absl::Seconds(1);
  // The same while the partition is far behind the log's end: nobody waits for what it folds to be
  // durable, and what is cut often is written often.
  absl::Duration checkpoint_interval_behind = absl::Seconds(5);
  // The same while it folds the archive, which can be folded again: what a customer's events are
  // written together with costs once.
  absl::Duration checkpoint_interval_archive = absl::Seconds(30);
  // Or as soon as so many customers have changed; not while it folds the archive.
  size_t dirty_slots_max = 200'000;
  // Bytes of resident customers, at most, about. A cut is taken when half of it has changed, though
  // not for a handful of customers, nor while it folds the archive and all fit into it.
  size_t memory_bytes = size_t{1} << 30;
  // Commits of at least so many rows are ingested as one file.
  size_t ingest_rows_min = store::kIngestRows;
};

// How long the work of all partitions takes.
struct WorkDurations {
  // A batch of the log, from its place in the archive to its readers.
  Durations folds;
  // A cut, until it is durable.
  Durations checkpoints;
};

struct PartitionParts {
  Partition partition = 0;
  int partitions = 1;
  log::Log* log = nullptr;
  log::Archive* archive = nullptr;
  // False when the archive is the log itself.
  bool mirror = true;
  // The archive is the log and holds all that was folded: nothing is to be learnt from elsewhere.
  bool is_whole = false;
  // The one that serves at first.
  std::shared_ptr<StateGeneration> state;
  Committer* committer = nullptr;
  // What indexes are kept by; null = by what folds.
  const fold::ActiveRules* rules = nullptr;
  Progress* progress = nullptr;
  // May be null.
  WorkDurations* durations = nullptr;
  // Spaces the cuts.
  const Clock* clock = nullptr;
  // Notes what is being folded; may be null.
  Breadcrumbs* breadcrumbs = nullptr;
  // Records to set aside unread.
  Verdicts verdicts;
  // Not OK while nothing may be written, such as RESOURCE_EXHAUSTED when the disk is nearly full.
  std::function<absl::Status()> may_write;
  OnErasure on_erasure;
  // Gives the log the twins of events that concern a second customer; the first one who does says
  // where the echo begins.
  bool echo = false;
  // Notes them where the echo has begun, for whoever gives them to the log.
  bool notes_echoes = true;
  // Called when the archive cannot be written.
  Fatal fatal;
};

// State and archive disagree about what happened before `next`.
absl::Status HistoriesDiffer(Partition partition, Offset next);

class PartitionTask {
 public:
  PartitionTask(const PartitionParts& parts, const PartitionOptions& options,
                const store::PartitionState& state);

  // Finds where the echo begins and what waits for the log. Called once, before the first step.
  absl::Status OpenEcho();

  // What the driver does before the next step.
  enum class Next {
    // Nothing: there may be more to do at once.
    kStep,
    // Waits for the commit under way: so many customers have changed that folding must not go on.
    kAwaitCommit,
    // Rests a while: the partition stands still, or the log is out of reach or has no news.
    kRest,
  };

  // Does one piece of work: a batch, a comparison, a cut. Waits at most `patience` for the log.
  Next Step(absl::Duration patience);

  // Stands still from now on, for `cause`; what is applied stays readable.
  void Halt(const absl::Status& cause);

  // True while a cut is on its way into the store.
  bool IsCommitting() const { return in_flight_ != nullptr && !commit_done_; }
  // Waits until it is there; commits what waits when the committer has no thread.
  void AwaitCommit();
  // Takes a cut of all that changed. REQUIRES: no commit is under way.
  void CutNow();
  // Takes a cut at the next chance, whatever the interval.
  void RequestCheckpoint() { checkpoint_requested_ = true; }

  // Does `order` at the beginning of the next step.
  void Post(std::function<void()> order);

  // Writes down that what lies between the archive's end and the log's start is lost, and goes on
  // there. `reason` says who accepts it, and why. The range is empty when the log holds it again.
  // FAILED_PRECONDITION (NOTHING_LOST) when the partition is not stopped by a gap; UNAVAILABLE when
  // the log does not answer.
  absl::StatusOr<log::AcceptedGap> AcceptLoss(const std::string& reason);

  // Judges quarantined records again; all that changes is durable when it returns. See
  // QuarantineRetry.
  absl::StatusOr<RetryOutcome> RetryQuarantine(const RetryFilter& filter,
                                               const std::string& caller);

  // Of the partition's customers, derived from their facts.
  const store::CustomerIndex& index() const { return index_keeper_.index(); }
  // What readers look at, for as long as they hold it. Any thread.
  std::shared_ptr<const PartitionGeneration> generation() const;
  // REQUIRES: no other generation takes over meanwhile.
  const store::ResidentTable& table() const { return generation_->folder.table(); }

  // From which offset on events are echoed; none while nothing is.
  std::optional<Offset> echo_from() const { return echo_from_; }

  // Makes all that is applied durable and gives the log all twins, and gives the generation that
  // holds it: until the task is stepped again, nothing changes in it.
  absl::StatusOr<std::shared_ptr<const PartitionGeneration>> Level();
  // `anew` is folded up to where this task is: from now on it takes its place. Gives the one that
  // had it. REQUIRES: Level returned OK, and no step since.
  std::shared_ptr<const PartitionGeneration> TakeOver(std::shared_ptr<PartitionGeneration> anew);
  store::EventCounters counters() const;
  // Records that went into quarantine since the start, by reason.
  std::map<Reason, int64_t> quarantined() const;

 private:
  Folder& folder() { return generation_->folder; }
  const Folder& folder() const { return generation_->folder; }

  // What it is about.
  enum class Phase { kArchive, kAnchor, kLog, kStopped };

  // The log is out of reach for now, because of `cause`.
  Next Wait(const absl::Status& cause);
  void FollowLog();
  // The log ends there.
  void MeetEnd(Offset end);
  bool IsSilent(const RecordBatch& batch);
  void LookForEnd();
  void CompareAnew();
  void DoOrders();
  // Whether nobody would see what is evaluated now.
  bool IsFarBehind() const { return phase_ == Phase::kArchive || is_behind_; }
  absl::StatusOr<Next> StepArchive();
  absl::StatusOr<Next> StepAnchor(absl::Duration patience);
  absl::StatusOr<Next> StepLog(absl::Duration patience);
  bool WentBack(Offset next, RecordBatch& batch);
  // The offset that is read from the log next.
  Offset LogNext() const;
  absl::StatusOr<RecordBatch> ReadLog(absl::Duration patience);
  absl::Status Refill(RecordBatch& batch);
  absl::Status Apply(const RecordBatch& batch);
  void Show(Offset next);
  absl::Status Fold(const RecordBatch& batch);
  absl::Status FoldCarefully(const RecordBatch& batch);
  // Whether the archive is behind the state: an older one came back.
  bool IsFillingUp() const;
  // Whether the log's end is far away, by how many records a read gave.
  void JudgeDistance(size_t records);
  absl::Status FinishReleases();
  void ShowProgress();
  absl::Status CommitAll();
  // partition_echo.cc: events that concern a second customer.
  absl::Status BeginEcho(Offset end);
  // Gives the log what waits, as far as it takes it at once.
  void SendTwins();
  absl::Status SendAllTwins();
  int64_t EchoPending() const;
  void Settle();
  void MaybeCut();
  // Makes durable what was folded, on this thread.
  void CutOfArchive();
  void WriteCutNow();
  void NoteCheckpoint() const;
  bool IsCutDue();
  absl::Duration CheckpointInterval() const;
  // So many changed customers are too many.
  size_t DirtyMax() const;

  PartitionParts parts_;
  const PartitionOptions options_;
  // Changed by the partition's thread alone; others hold the lock to see it.
  mutable std::mutex generation_mutex_;
  std::shared_ptr<PartitionGeneration> generation_;
  // Looks at what generation_ holds.
  IndexKeeper index_keeper_;
  // What is folded one record at a time.
  Breadcrumbs::Suspicion suspicion_;
  Phase phase_ = Phase::kArchive;
  // Of Phase::kStopped.
  absl::Status stopped_;
  // Of Phase::kArchive.
  std::unique_ptr<log::Cursor> cursor_;
  // Of Phase::kAnchor.
  Anchor anchor_;
  // The keys have been told of all erasures before it: of those in the archive when it was opened,
  // of later ones as they are read.
  Offset seen_;
  // Where the log ended when it was looked at first, or ends now if that is less; -1 = it was not
  // looked at yet.
  Offset met_end_ = -1;
  bool is_current_;
  int idle_reads_ = 0;
  // Reads wait for nothing, because there is something else to do.
  bool is_hurried_ = false;
  // Of parts_.notes_echoes; none until it is known.
  std::optional<Offset> echo_from_;
  Outbox outbox_;
  // What progress says of outbox_.
  absl::Status refused_shown_;
  // Twins in the cut that is being committed.
  size_t twins_in_flight_ = 0;
  // Of kAnchor and kLog.
  std::unique_ptr<log::LogReader> reader_;
  // The log's end is far away, as far as its reads tell.
  bool is_behind_ = false;
  // Short ones on end.
  int short_reads_ = 0;
  bool releases_finished_ = false;
  // There was no state when it began.
  bool is_rebuild_;
  std::atomic<bool> checkpoint_requested_{false};
  std::unique_ptr<Checkpoint> in_flight_;
  std::atomic<bool> commit_done_{false};
  std::atomic<bool> commit_failed_{false};
  int64_t last_cut_us_;
  // When what was folded last came into the log; while nothing was, when that of the archive did,
  // or the start.
  int64_t appended_us_;
  mutable std::mutex counters_mutex_;
  store::EventCounters counters_;
  std::map<Reason, int64_t> quarantined_;
  std::mutex orders_mutex_;
  std::vector<std::function<void()>> orders_;
};

}  // namespace rapport::pipeline
