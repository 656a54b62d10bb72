#include "engine/pipeline/partition_task.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"

namespace rapport::pipeline {
namespace {

// A log that gives nothing is asked for its end again once in so many reads, about each second.
constexpr int kIdleReads = 20;
// So much is evaluated in a row while nothing else can be done: a tenth of a second, about.
constexpr int kSlicesWaiting = 64;

// A read is short when it gives less than this part of what it may; so many show a log's end.
constexpr size_t kShortReadPart = 16;
constexpr int kShortReads = 8;

// True for a log that may be there again later.
bool MayComeBack(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsPermissionDenied(status);
}

}  // namespace

absl::Status HistoriesDiffer(Partition partition, Offset next) {
  return absl::FailedPreconditionError(absl::StrCat(
      "LOG_CHANGED: state and archive of partition ", partition, " are not of one history at ",
      next, "; delete the folder `state`, it is rebuilt from the archive"));
}

PartitionTask::PartitionTask(const PartitionParts& parts, const PartitionOptions& options,
                             const store::PartitionState& state)
    : parts_(parts),
      options_(options),
      generation_(std::make_shared<PartitionGeneration>(
          parts.state, parts.partition, parts.partitions, parts.archive, state, parts.on_erasure)),
      index_keeper_(parts.partition, parts.state->folds(), parts.clock, &parts.state->store(),
                    &generation_->folder.table(), parts.rules),
      anchor_(parts.archive, parts.partition),
      seen_(parts.archive->End(parts.partition).next),
      is_current_(parts.is_whole),
      outbox_({parts.partition, parts.log, parts.progress, parts.clock}),
      is_rebuild_(state.next == 0),
      last_cut_us_(parts.clock->NowMicros()),
      appended_us_(parts.archive->End(parts.partition).append_time_us),
      counters_(state.counters) {
  // Another generation may take over: then nobody may hold this one any more.
  parts_.state.reset();
  folder().verdicts() = parts_.verdicts;
  if (parts_.breadcrumbs != nullptr) suspicion_ = parts_.breadcrumbs->Of(parts_.partition);
  if (appended_us_ == 0) appended_us_ = last_cut_us_;
  parts_.progress->Update(parts_.partition,
                          [&](PartitionProgress& progress) { progress.durable = state.next; });
  ShowProgress();
}

void PartitionTask::ShowProgress() {
  const store::PartitionState& state = folder().state();
  {
    std::lock_guard lock(counters_mutex_);
    counters_ = state.counters;
    if (quarantined_ != folder().quarantined()) quarantined_ = folder().quarantined();
  }
  is_current_ = is_current_ || (phase_ == Phase::kLog && seen_ >= met_end_);
  // In one: who sees that all is applied must see that the keys serve.
  parts_.progress->Update(parts_.partition, [&](PartitionProgress& progress) {
    progress.applied = state.next;
    progress.is_compared = phase_ == Phase::kLog;
    progress.is_current = is_current_;
    progress.met_end = met_end_;
    progress.customers = state.customers;
    progress.appended_us = appended_us_;
    progress.echo_pending = EchoPending();
    if (progress.crashed != folder().verdicts().crashed()) {
      progress.crashed = folder().verdicts().crashed();
    }
  });
}

store::EventCounters PartitionTask::counters() const {
  std::lock_guard lock(counters_mutex_);
  return counters_;
}

std::map<Reason, int64_t> PartitionTask::quarantined() const {
  std::lock_guard lock(counters_mutex_);
  return quarantined_;
}

std::shared_ptr<const PartitionGeneration> PartitionTask::generation() const {
  std::lock_guard lock(generation_mutex_);
  return generation_;
}

absl::StatusOr<std::shared_ptr<const PartitionGeneration>> PartitionTask::Level() {
  RETURN_IF_ERROR(CommitAll());
  RETURN_IF_ERROR(SendAllTwins());
  if (parts_.progress->Of(parts_.partition).durable == folder().state().next) return generation();
  return absl::FailedPreconditionError(
      absl::StrCat("PARTITION_STOPPED: partition ", parts_.partition,
                   " has applied what it cannot commit: ", stopped_.message()));
}

std::shared_ptr<const PartitionGeneration> PartitionTask::TakeOver(
    std::shared_ptr<PartitionGeneration> anew) {
  RAPPORT_CHECK(in_flight_ == nullptr && !folder().HasChanges() &&
                anew->folder.state().next == folder().state().next)
      << "partition " << parts_.partition;
  anew->folder.SetOnErasure(parts_.on_erasure);
  anew->folder.CountOn(folder());
  if (echo_from_.has_value()) anew->folder.BeginEcho(folder().state().next);
  index_keeper_.Follow(anew->state->folds(), &anew->state->store(), &anew->folder.table());
  std::lock_guard lock(generation_mutex_);
  return std::exchange(generation_, std::move(anew));
}

void PartitionTask::Post(std::function<void()> order) {
  std::lock_guard lock(orders_mutex_);
  orders_.push_back(std::move(order));
}

void PartitionTask::DoOrders() {
  std::vector<std::function<void()>> orders;
  {
    std::lock_guard lock(orders_mutex_);
    orders.swap(orders_);
  }
  for (const auto& order : orders) order();
}

PartitionTask::Next PartitionTask::Step(absl::Duration patience) {
  DoOrders();
  SendTwins();
  MaybeCut();
  if (IsCommitting() && folder().dirty() >= DirtyMax()) return Next::kAwaitCommit;
  // Waits for nothing while there is something to do.
  const bool more = index_keeper_.Work(IsFarBehind());
  is_hurried_ = more && phase_ == Phase::kLog;
  if (is_hurried_) patience = absl::ZeroDuration();
  absl::StatusOr<Next> next = more ? Next::kStep : Next::kRest;
  switch (phase_) {
    case Phase::kArchive:
      next = StepArchive();
      break;
    case Phase::kAnchor:
      next = StepAnchor(patience);
      break;
    case Phase::kLog:
      next = StepLog(patience);
      break;
    case Phase::kStopped:
      // What is applied stays readable, and digests may still ask for a cut.
      break;
  }
  if (next.ok()) return *next;
  Halt(next.status());
  return Next::kRest;
}

PartitionTask::Next PartitionTask::Wait(const absl::Status& cause) {
  parts_.progress->Update(parts_.partition,
                          [&](PartitionProgress& progress) { progress.waiting = cause; });
  // Nothing is known to come, so who is there is looked up from now on.
  is_behind_ = false;
  for (int i = 0; i < kSlicesWaiting && index_keeper_.Work(/*is_behind=*/false); ++i) {
  }
  return Next::kRest;
}

void PartitionTask::Halt(const absl::Status& cause) {
  phase_ = Phase::kStopped;
  is_behind_ = false;
  stopped_ = cause;
  reader_.reset();
  cursor_.reset();
  parts_.progress->Update(parts_.partition,
                          [&](PartitionProgress& progress) { progress.stopped = cause; });
}

void PartitionTask::FollowLog() {
  phase_ = Phase::kLog;
  ShowProgress();
}

// What is appended later may be learnt later; what the log loses cannot be learnt at all.
void PartitionTask::MeetEnd(Offset end) { met_end_ = met_end_ < 0 ? end : std::min(met_end_, end); }

// A log that gives nothing may have lost its end: true when it is time to look.
bool PartitionTask::IsSilent(const RecordBatch& batch) {
  return batch.first == batch.next && !is_hurried_ && !is_current_ &&
         ++idle_reads_ % kIdleReads == 0;
}

void PartitionTask::LookForEnd() {
  const absl::StatusOr<log::OffsetRange> range = parts_.log->Range(parts_.partition);
  if (!range.ok()) return;
  MeetEnd(range->end);
  ShowProgress();
}

// What the log gives next must be shown to be what was archived.
void PartitionTask::CompareAnew() {
  phase_ = Phase::kAnchor;
  ShowProgress();
}

// Folds what the archive holds beyond the state.
absl::StatusOr<PartitionTask::Next> PartitionTask::StepArchive() {
  if (cursor_ == nullptr) {
    RETURN_IF_ERROR(FinishReleases());
    const Offset end = parts_.archive->End(parts_.partition).next;
    cursor_ = parts_.archive->Scan(parts_.partition, folder().state().next, end);
  }
  // Blocks are short: as many as make a batch of the log.
  const Offset from = folder().state().next;
  const auto enough = static_cast<Offset>(options_.batch_records_max);
  absl::Status folded;
  RecordBatch batch;
  while (folded.ok() && folder().state().next - from < enough && cursor_->NextBatch(batch)) {
    folded = Fold(batch);
  }
  index_keeper_.AfterBatch(IsFarBehind());
  if (folder().state().next > from) Show(folder().state().next);
  if (folded.ok() && folder().state().next > from) return Next::kStep;
  CutOfArchive();
  RETURN_IF_ERROR(folded);
  RETURN_IF_ERROR(cursor_->status());
  cursor_.reset();
  phase_ = Phase::kAnchor;
  if (!parts_.mirror) FollowLog();
  return Next::kStep;
}

// The log must still be the one that was archived.
absl::StatusOr<PartitionTask::Next> PartitionTask::StepAnchor(absl::Duration patience) {
  if (reader_ == nullptr) {
    const absl::StatusOr<log::OffsetRange> range = parts_.log->Range(parts_.partition);
    if (MayComeBack(range.status())) return Wait(range.status());
    RETURN_IF_ERROR(range.status());
    MeetEnd(range->end);
    const absl::Status begun = BeginEcho(range->end);
    if (!begun.ok()) parts_.fatal(begun);
    RETURN_IF_ERROR(begun);
    RETURN_IF_ERROR(anchor_.Take(*range));
    if (anchor_.IsMet()) {
      FollowLog();
    } else {
      ASSIGN_OR_RETURN(reader_, parts_.log->NewReader(parts_.partition, anchor_.next()));
    }
    return Next::kStep;
  }
  absl::StatusOr<RecordBatch> batch = reader_->Read(kAnchorRecords, patience);
  if (MayComeBack(batch.status())) return Wait(batch.status());
  if (absl::StartsWith(batch.status().message(), "ARCHIVE_GAP")) {
    // The log's start has passed the anchor meanwhile; whether anything is lost is judged anew.
    reader_.reset();
    return Next::kStep;
  }
  RETURN_IF_ERROR(batch.status());
  if (WentBack(anchor_.next(), *batch)) return Next::kStep;
  RETURN_IF_ERROR(anchor_.Compare(*batch));
  if (anchor_.IsMet() || IsSilent(*batch)) reader_.reset();
  if (anchor_.IsMet()) FollowLog();
  return Next::kStep;
}

absl::StatusOr<log::AcceptedGap> PartitionTask::AcceptLoss(const std::string& reason) {
  if (phase_ != Phase::kStopped || !absl::StartsWith(stopped_.message(), "ARCHIVE_GAP")) {
    return absl::FailedPreconditionError(absl::StrCat(
        "NOTHING_LOST: partition ", parts_.partition,
        phase_ != Phase::kStopped ? " is not stopped" : " is stopped by something else",
        "; only a loss that stopped it (ARCHIVE_GAP) can be accepted, see rapport status"));
  }
  ASSIGN_OR_RETURN(const log::OffsetRange range, parts_.log->Range(parts_.partition));
  const Offset end = parts_.archive->End(parts_.partition).next;
  if (folder().state().next != end) {
    return absl::FailedPreconditionError(absl::StrCat(
        "ARCHIVE_GAP: the state of partition ", parts_.partition, " is at ", folder().state().next,
        ", its archive ends at ", end,
        ": restore the newer archive, or stop, delete the folder `state`, start and accept then"));
  }
  log::AcceptedGap gap{parts_.partition, end, std::max(end, range.start), reason};
  if (gap.from < gap.to) {
    const absl::Status accepted = parts_.archive->AcceptGap(gap, parts_.clock->NowMicros());
    if (!accepted.ok()) parts_.fatal(accepted);
    RETURN_IF_ERROR(accepted);
    RETURN_IF_ERROR(Apply({parts_.partition, gap.from, gap.to, {}, nullptr}));
  }
  // The log may have gone on losing meanwhile, or may be another one: both are looked at again.
  CompareAnew();
  stopped_ = absl::OkStatus();
  parts_.progress->Update(parts_.partition,
                          [](PartitionProgress& progress) { progress.stopped = absl::OkStatus(); });
  return gap;
}

absl::StatusOr<PartitionTask::Next> PartitionTask::StepLog(absl::Duration patience) {
  const int64_t asked_us = parts_.clock->NowMicros();
  absl::StatusOr<RecordBatch> batch = ReadLog(patience);
  if (MayComeBack(batch.status())) return Wait(batch.status());
  RETURN_IF_ERROR(batch.status());
  const int64_t begun_us = parts_.clock->NowMicros();
  const bool is_level = batch->records.empty() && reader_->MetEnd();
  parts_.progress->Update(parts_.partition, [&](PartitionProgress& progress) {
    if (!progress.waiting.ok()) progress.waiting = absl::OkStatus();
    if (is_level) progress.level_us = asked_us;
  });
  JudgeDistance(batch->records.size());
  if (WentBack(LogNext(), *batch)) return Next::kStep;
  if (IsSilent(*batch)) LookForEnd();
  if (batch->first == batch->next) return Next::kStep;
  if (parts_.mirror) {
    // The archive and the fold both go on with it.
    for (RecordView& record : batch->records) record.crc = log::RecordCrc(record);
    // What fills up an older archive changes nothing that a commit would make durable.
    const auto durability =
        IsFillingUp() ? table::Durability::kSynced : table::Durability::kBuffered;
    const absl::Status archived =
        parts_.archive->Append(absl::MakeConstSpan(&*batch, 1), durability);
    // Nothing is known of the disk any more, and nothing is tried again.
    if (!archived.ok()) parts_.fatal(archived);
    RETURN_IF_ERROR(archived);
  }
  if (batch->first < folder().state().next) RETURN_IF_ERROR(Refill(*batch));
  RETURN_IF_ERROR(Apply(*batch));
  if (parts_.durations != nullptr) {
    parts_.durations->folds.Note(parts_.clock->NowMicros() - begun_us);
  }
  RETURN_IF_ERROR(FinishReleases());
  return Next::kStep;
}

bool PartitionTask::IsFillingUp() const {
  return parts_.archive->End(parts_.partition).next < folder().state().next;
}

// Whoever catches up is given full reads, with shorter ones between them where a fetch ends, and
// none while one is under way: only the log's end itself, or several short ones, show it is near.
void PartitionTask::JudgeDistance(size_t records) {
  const bool is_short = records > 0 && records * kShortReadPart <= options_.batch_records_max;
  short_reads_ = is_short ? short_reads_ + 1 : 0;
  if (records >= options_.batch_records_max) {
    is_behind_ = true;
  } else if (records == 0 ? reader_->MetEnd() : short_reads_ >= kShortReads) {
    is_behind_ = false;
  }
}

// Takes out of `batch`, which is archived now, what the state has folded already.
absl::Status PartitionTask::Refill(RecordBatch& batch) {
  const store::PartitionState& state = folder().state();
  // Keys that came back from the same backup must be destroyed again.
  for (const RecordView& record : batch.records) {
    if (record.offset < state.next) folder().NoteErasure(record);
  }
  std::erase_if(batch.records, [&](const RecordView& r) { return r.offset < state.next; });
  batch.first = std::min(state.next, batch.next);
  if (batch.next < state.next) return absl::OkStatus();
  const absl::StatusOr<log::Chain> chain = parts_.archive->ChainAt(parts_.partition, state.next);
  if (chain.ok() && *chain == state.chain) return absl::OkStatus();
  return HistoriesDiffer(parts_.partition, state.next);
}

// A log gives again what it gave before: a record that stands in `batch` twice is taken once. One
// that begins below `next` is read anew from there, after it was compared anew: it may be another.
bool PartitionTask::WentBack(Offset next, RecordBatch& batch) {
  Offset after = batch.first;
  std::erase_if(batch.records, [&after](const RecordView& record) {
    if (record.offset < after) return true;
    after = record.offset + 1;
    return false;
  });
  if (batch.first >= next) return false;
  reader_.reset();
  if (parts_.mirror) CompareAnew();
  return true;
}

Offset PartitionTask::LogNext() const {
  return parts_.mirror ? parts_.archive->End(parts_.partition).next : folder().state().next;
}

absl::StatusOr<RecordBatch> PartitionTask::ReadLog(absl::Duration patience) {
  RETURN_IF_ERROR(parts_.may_write());
  if (reader_ == nullptr) {
    ASSIGN_OR_RETURN(reader_, parts_.log->NewReader(parts_.partition, LogNext()));
  }
  return reader_->Read(options_.batch_records_max, patience);
}

absl::Status PartitionTask::Apply(const RecordBatch& batch) {
  if (batch.first < batch.next) {
    const absl::Status folded = Fold(batch);
    index_keeper_.AfterBatch(IsFarBehind());
    RETURN_IF_ERROR(folded);
  }
  Show(batch.next);
  return absl::OkStatus();
}

// Everything before `next` was folded.
void PartitionTask::Show(Offset next) {
  seen_ = std::max(seen_, next);
  ShowProgress();
  MaybeCut();
  folder().Evict(options_.memory_bytes);
}

absl::Status PartitionTask::Fold(const RecordBatch& batch) {
  if (!batch.records.empty()) appended_us_ = batch.records.back().append_time_us;
  if (parts_.breadcrumbs == nullptr) return folder().Apply(batch);
  if (batch.first < suspicion_.careful_to && batch.next > suspicion_.careful_from) {
    return FoldCarefully(batch);
  }
  parts_.breadcrumbs->BeginBatch(parts_.partition, batch.first, batch.next);
  absl::Status status = folder().Apply(batch);
  parts_.breadcrumbs->EndBatch(parts_.partition);
  return status;
}

// One record at a time, so that a death is known to be of that one.
absl::Status PartitionTask::FoldCarefully(const RecordBatch& batch) {
  RecordBatch one = batch;
  for (size_t i = 0; i < batch.records.size(); ++i) {
    one.records = {batch.records[i]};
    one.next = i + 1 < batch.records.size() ? batch.records[i].offset + 1 : batch.next;
    const Breadcrumbs::Record crumb(*parts_.breadcrumbs, parts_.partition, batch.records[i].offset);
    RETURN_IF_ERROR(folder().Apply(one));
    one.first = one.next;
  }
  if (batch.records.empty()) RETURN_IF_ERROR(folder().Apply(batch));
  if (batch.next >= suspicion_.careful_to) parts_.breadcrumbs->Clear(parts_.partition);
  return absl::OkStatus();
}

absl::Status PartitionTask::CommitAll() {
  AwaitCommit();
  CutNow();
  AwaitCommit();
  if (!commit_failed_) return absl::OkStatus();
  return absl::InternalError("nothing can be committed any more; the process must end");
}

absl::StatusOr<RetryOutcome> PartitionTask::RetryQuarantine(const RetryFilter& filter,
                                                            const std::string& caller) {
  // What is folded anew comes from the archive, so that must be the state's own, up to here.
  if (phase_ == Phase::kStopped && !absl::StartsWith(stopped_.message(), "ARCHIVE_GAP")) {
    return absl::FailedPreconditionError(absl::StrCat("PARTITION_STOPPED: ", stopped_.message()));
  }
  if (IsFillingUp()) return log::NotArchivedYet(parts_.partition, folder().state().next - 1);
  RETURN_IF_ERROR(CommitAll());
  QuarantineRetry retry({parts_.partition, parts_.partitions, &folder().projection(),
                         parts_.archive, parts_.breadcrumbs},
                        &generation_->state->store(), &folder(), parts_.fatal);
  ASSIGN_OR_RETURN(const RetryOutcome outcome,
                   retry.Run(filter, caller, parts_.clock->NowMicros()));
  index_keeper_.AfterBatch(IsFarBehind());
  ShowProgress();
  RETURN_IF_ERROR(CommitAll());
  return outcome;
}

// A release that the archive has and the state has not: the process ended in between.
absl::Status PartitionTask::FinishReleases() {
  // What is folded anew comes from the archive; an older one is filled up first.
  if (releases_finished_ || IsFillingUp()) return absl::OkStatus();
  releases_finished_ = true;
  for (const Offset offset : parts_.verdicts.released()) {
    if (offset >= folder().state().next) continue;
    ASSIGN_OR_RETURN(const auto entries,
                     generation_->state->store().Quarantine(parts_.partition, offset, 1));
    if (entries.empty() || entries[0].offset != offset ||
        entries[0].rejection.reason != Reason::kCrashedFold) {
      continue;
    }
    RETURN_IF_ERROR(RetryQuarantine({std::nullopt, offset}, "").status());
  }
  return absl::OkStatus();
}

}  // namespace rapport::pipeline
