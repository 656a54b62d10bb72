// Pipeline: the present. All partitions of one log, folded and made durable, and read views of
// them.
//
//   ASSIGN_OR_RETURN(auto pipeline, Pipeline::Open(parts, options));
//   pipeline->WaitFor(position, deadline);
//   pipeline->Read("cust-1", [](const store::CustomerView& view) { ... });
//
// Threads:   every method from any thread.
// Ownership: borrows the seams in PipelineParts, which must outlive it; owns threads and slots.
//            Destroying it finishes the batches under way and commits them.
// Errors:    Open: GENERATION_DIFFERS (FAILED_PRECONDITION). A partition whose state, archive and
//            log are not of one history stops alone, then or later; see progress().
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/pipeline/committer.h"
#include "engine/pipeline/deduplicator.h"
#include "engine/pipeline/partition.h"
#include "engine/pipeline/progress.h"
#include "engine/pipeline/rebuilder.h"
#include "engine/store/reader.h"

namespace rapport::pipeline {

struct PipelineParts {
  log::Log* log = nullptr;
  log::Archive* archive = nullptr;
  // False when the archive is the log itself. Either way the keys have seen the erasures of all
  // that it holds at Open (ApplyErasures), or serve nothing.
  bool mirror = true;
  // Table of the state, without WAL.
  table::Table* state = nullptr;
  // Where another state can be built beside it; null = nowhere. It owns `state` then.
  store::Generations* generations = nullptr;
  // Borrowed; folds until a rebuild by other rules takes over.
  const fold::Projection* projection = nullptr;
  // What indexes are kept by; null = by what folds.
  const fold::ActiveRules* rules = nullptr;
  const Clock* clock = nullptr;
  // Notes what is being folded, for the next start; may be null.
  Breadcrumbs* breadcrumbs = nullptr;
  std::function<absl::Status()> may_write = [] { return absl::OkStatus(); };
  OnErasure on_erasure;
  // Appends the twins of events that concern a second customer.
  bool echo = false;
  // Notes them where the echo has begun, for whoever appends them: else they are lost.
  bool notes_echoes = true;
  Fatal fatal;
  // False: no threads; the owner calls Step, CommitWaiting and StepRebuild, as a simulation does.
  bool threads = true;
  // Partitions that a rebuild folds at once; 0 = half as many as there are cores.
  int rebuild_threads = 0;
};

// An event of the archive, without texts in clear.
struct FoundEvent {
  v1::Event event;
  Offset offset = 0;
  int64_t append_time_us = 0;
};

// Digests of what is durable; see experience of `rapport digest`.
struct Digests {
  SetDigest facts;
  SetDigest state;
  Offset next = 0;
  int64_t customers = 0;
  // What the facts are folded by.
  std::shared_ptr<const fold::Projection> folds;
};

// How far behind the log a partition is.
struct Lag {
  // Events in the log that are not applied yet.
  int64_t events = 0;
  // For how long the oldest of them may have been there, at most; 0 without any.
  int64_t micros = 0;
};

class Pipeline : public store::Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Pipeline>> Open(const PipelineParts& parts,
                                                        const PartitionOptions& options);
  ~Pipeline() override;

  // One step of a partition; commits what waits. REQUIRES: opened without threads; then WaitFor and
  // Checkpoint must not have to wait.
  PartitionTask& task(Partition partition) { return runner(partition).task(); }
  bool CommitWaiting() { return committer_->CommitWaiting(); }

  int partitions() const { return static_cast<int>(runners_.size()); }
  PartitionProgress progress(Partition partition) const { return progress_.Of(partition); }
  // Of each partition, when its log ends there. REQUIRES: an end for each.
  std::vector<Lag> Lags(absl::Span<const Offset> ends) const;
  store::EventCounters counters() const;
  // Records that went into quarantine since the start, by reason.
  std::map<Reason, int64_t> quarantined() const;
  // Since the start.
  const WorkDurations& durations() const { return durations_; }

  // What facts are folded by now.
  std::shared_ptr<const fold::Projection> folds() const {
    return runner(0).task().generation()->state->folds();
  }
  Partition PartitionOfCustomer(absl::string_view customer_id) const override;
  absl::Status Read(absl::string_view customer_id,
                    absl::FunctionRef<void(const store::CustomerView&)> visit) const override;
  absl::StatusOr<std::vector<store::Touch>> Touches(absl::string_view customer_id) const override;
  // The same of a customer or of an anonymous name, empty when there is none.
  absl::StatusOr<std::vector<store::Touch>> TouchesOf(Partition partition,
                                                      absl::string_view name) const;
  absl::StatusOr<std::vector<std::string>> CustomerIds() const override;
  // What the indexes know at `as_of_us`, by whom the caller has to evaluate besides: exact for any
  // moment, what is known at the present positions, by the rules of that evaluate digest; empty =
  // by the active ones. See CustomerIndex::Read.
  absl::StatusOr<store::IndexSight> ReadIndex(int64_t as_of_us, size_t limit,
                                              store::WantsRows wants, std::string rules = "") const;
  // Partitions of which everybody is looked up in the index.
  int IndexesReady() const;
  // Rows of that name in the indexes, also while they are not ready; for what is told, not for what
  // is counted.
  int64_t IndexRowsOf(const std::string& name) const;
  // Bytes of the indexes.
  size_t IndexBytes() const;
  Position Applied() const override;
  Position Durable() const;

  // DATA_LOSS (POSITION_LOST) for a position of another log, INVALID_ARGUMENT (POSITION_MALFORMED)
  // for one that names a partition that is not there.
  absl::Status CheckPosition(const Position& position) const;

  // Waits until everything before `position` is applied.
  // INVALID_ARGUMENT (POSITION_MALFORMED) soon for one behind the log's end; FAILED_PRECONDITION
  // (PARTITION_STOPPED); DEADLINE_EXCEEDED (POSITION_NOT_REACHED); those of CheckPosition.
  absl::Status WaitFor(const Position& position, absl::Time deadline) const;

  // Waits until no twin waits for the log. DEADLINE_EXCEEDED (ECHO_PENDING) with how many do.
  absl::Status AwaitEchoes(absl::Time deadline) const;

  // OK once the keys have been told of every erasure that this partition's log held at the start,
  // and from then on, also when it stops. Before: UNAVAILABLE (NOT_READY), or FAILED_PRECONDITION
  // (PARTITION_STOPPED) when it does not go on. Await waits for it until the deadline.
  absl::Status CheckErasuresKnown(Partition partition) const;
  absl::Status AwaitErasuresKnown(Partition partition, absl::Time deadline) const;

  // The same for who must be sure that the log is followed: PARTITION_STOPPED whenever it is not.
  absl::Status AwaitFollowing(Partition partition, absl::Time deadline) const;

  // What `event`, not logged yet, is to what its customer has so far.
  absl::StatusOr<Earlier> FindEarlier(const ValidEvent& event, event::Validator& scratch) const;

  // The customer's event of that id. NOT_FOUND: CUSTOMER_UNKNOWN or EVENT_UNKNOWN. UNAVAILABLE:
  // it is not archived again yet.
  absl::StatusOr<FoundEvent> FindEvent(absl::string_view customer_id, const EventId& id) const;

  // Makes everything applied until now durable.
  absl::Status Checkpoint(absl::Time deadline);

  // Accepts the loss that stopped `partition`, see PartitionTask::AcceptLoss. `reason` says who and
  // why.
  absl::StatusOr<log::AcceptedGap> AcceptLoss(Partition partition, const std::string& reason,
                                              absl::Time deadline);

  // Judges quarantined records of `partition` again, see PartitionTask::RetryQuarantine.
  absl::StatusOr<RetryOutcome> RetryQuarantine(Partition partition, const RetryFilter& filter,
                                               const std::string& caller, absl::Time deadline);

  // Folds the state anew from the archive, beside the one that serves, and lets it take over once
  // both were found to hold the same; see Rebuilder. Goes on after the call.
  absl::Status StartRebuild(RebuildOrder order = {}) { return rebuilder_->Start(std::move(order)); }
  RebuildStatus rebuild() const { return rebuilder_->status(); }
  // On disk, about.
  uint64_t StateBytes() const {
    return runner(0).task().generation()->state->table().ApproximateBytes();
  }
  bool CancelRebuild() { return rebuilder_->Cancel(); }
  // REQUIRES: opened without threads.
  bool StepRebuild() { return rebuilder_->Step(); }

  // Digests of one partition's durable state; `visit` is called with each customer and the digest
  // of its facts. Call Checkpoint before.
  absl::StatusOr<Digests> Digest(
      Partition partition,
      absl::FunctionRef<void(absl::string_view, const SetDigest&)> visit) const;

  absl::StatusOr<std::vector<store::QuarantineEntry>> Quarantine(Partition partition, Offset from,
                                                                 size_t max) const {
    return GenerationOf(partition)->state->store().Quarantine(partition, from, max);
  }

  // Bytes of resident customers.
  size_t MemoryBytes() const;

 private:
  Pipeline(const PipelineParts& parts, store::StateStore* store);
  void MakeRebuilder(const PartitionOptions& options);
  absl::Status AddCustomerIds(Partition partition, std::vector<std::string>& ids) const;
  // As TouchesOf, but for what may change meanwhile.
  absl::StatusOr<std::vector<store::Touch>> ReadTouches(const PartitionGeneration& generation,
                                                        Partition partition,
                                                        absl::string_view name) const;
  // What is read of a partition. Each question asks once: customers in memory and rows on disk must
  // be of one generation.
  std::shared_ptr<const PartitionGeneration> GenerationOf(Partition partition) const {
    return runner(partition).task().generation();
  }
  // Sets aside, for ever, a record that the process died of too often.
  absl::Status JudgeDeaths(Partition partition, Offset next, Verdicts& verdicts) const;

  PartitionRunner& runner(Partition partition) const {
    return *runners_[static_cast<size_t>(partition)];
  }
  // Has `deed` done by the partition's own thread, between two steps. It may still be done after
  // the deadline, so it owns what it touches.
  absl::Status Order(Partition partition, std::function<absl::Status(PartitionTask&)> deed,
                     absl::Time deadline);
  const PipelineParts parts_;
  Progress progress_;
  WorkDurations durations_;
  std::unique_ptr<Committer> committer_;
  std::vector<std::unique_ptr<PartitionRunner>> runners_;
  std::unique_ptr<Rebuilder> rebuilder_;
};

}  // namespace rapport::pipeline
