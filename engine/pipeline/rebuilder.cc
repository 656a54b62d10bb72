#include "engine/pipeline/rebuilder.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"

namespace rapport::pipeline {
namespace {

// Partitions stand still only once there is so little left to fold.
constexpr int64_t kCloseRecords = 20'000;
constexpr int kApproachesMax = 50;
// Folding stands still while so many records are caught up with at most.
constexpr int64_t kSwitchRecordsMax = 1'000'000;
constexpr std::chrono::seconds kStandStillMax(60);
constexpr std::chrono::milliseconds kPacePause(20);
constexpr char kCancelled[] = "CANCELLED: it was cancelled; nothing has changed";

bool IsByCancel(const absl::Status& status) {
  return absl::IsCancelled(status) && status.message() == kCancelled;
}

using Live = std::vector<std::shared_ptr<const PartitionGeneration>>;

}  // namespace

// Where the partitions' threads stand while the generations change over. Whoever comes too late
// goes on.
class Rebuilder::Gate {
 public:
  explicit Gate(size_t partitions) : live_(partitions) {}

  // Keeps nothing of `level` on the partition's thread: the last of a generation goes elsewhere.
  void Enter(size_t partition, absl::StatusOr<std::shared_ptr<const PartitionGeneration>> level) {
    std::unique_lock lock(mutex_);
    if (is_open_) return;
    if (level.ok()) {
      live_[partition] = *std::move(level);
      ++count_;
    } else {
      failed_ = level.status();
    }
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }

  // Waits until all stand here.
  absl::StatusOr<Live> AwaitAll(absl::FunctionRef<absl::Status()> may_go_on) {
    const auto until = std::chrono::steady_clock::now() + kStandStillMax;
    std::unique_lock lock(mutex_);
    while (count_ < live_.size() && failed_.ok()) {
      changed_.wait_for(lock, std::chrono::milliseconds(50));
      RETURN_IF_ERROR(may_go_on());
      if (std::chrono::steady_clock::now() < until) continue;
      return absl::UnavailableError(
          "NOT_READY: not all partitions come to a stand, so nothing was switched; rebuild again");
    }
    RETURN_IF_ERROR(failed_);
    RETURN_IF_ERROR(may_go_on());
    return live_;
  }

  void Open() {
    std::lock_guard lock(mutex_);
    is_open_ = true;
    live_.clear();
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t count_ = 0;
  bool is_open_ = false;
  absl::Status failed_;
  Live live_;
};

Rebuilder::Rebuilder(RebuilderParts parts) : parts_(std::move(parts)) {}

Rebuilder::~Rebuilder() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (anew_ != nullptr) Finish(absl::CancelledError("the engine ends"));
}

RebuildStatus Rebuilder::status() const {
  std::lock_guard lock(mutex_);
  RebuildStatus status = status_;
  if (rebuilds_.empty()) return status;
  status.done = 0;
  status.total = 0;
  for (size_t p = 0; p < rebuilds_.size(); ++p) {
    const Offset durable = parts_.progress->Of(static_cast<Partition>(p)).durable;
    const Offset done = rebuilds_[p]->next();
    const Offset total = std::max({durable, done, rebuilds_[p]->target()});
    status.partitions.push_back({done, total});
    status.done += done;
    status.total += total;
  }
  return status;
}

void Rebuilder::SetPhase(RebuildStatus::Phase phase) {
  std::lock_guard lock(mutex_);
  status_.phase = phase;
}

bool Rebuilder::Cancel() {
  std::lock_guard lock(mutex_);
  if (!status_.IsUnderWay()) return false;
  cancelled_ = true;
  return true;
}

// A partition that stands still could not take part in the switch.
absl::Status Rebuilder::CheckPartitions() const {
  for (size_t p = 0; p < parts_.tasks.size(); ++p) {
    const absl::Status stopped = parts_.progress->Of(static_cast<Partition>(p)).stopped;
    if (stopped.ok()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("PARTITION_STOPPED: partition ", p, ": ", stopped.message()));
  }
  return absl::OkStatus();
}

absl::Status Rebuilder::Start(RebuildOrder order) {
  if (parts_.generations == nullptr) {
    return absl::UnimplementedError("there is no place for another state");
  }
  RETURN_IF_ERROR(parts_.may_write());
  RETURN_IF_ERROR(CheckPartitions());
  std::lock_guard start_lock(start_mutex_);
  {
    std::lock_guard lock(mutex_);
    if (status_.IsUnderWay()) {
      return absl::FailedPreconditionError(
          "REBUILD_RUNS: a rebuild is under way; rapport status says how far it is");
    }
    const auto& serves = parts_.tasks[0]->generation()->state->folds();
    if (order.rules == nullptr) order.rules = serves;
    status_ = RebuildStatus();
    if (!fold::FoldAlike(*order.rules, *serves)) status_.rules_digest = order.rules->digest();
    status_.phase = RebuildStatus::Phase::kFolding;
    status_.begun_us = parts_.clock->NowMicros();
    cancelled_ = false;
  }
  if (thread_.joinable()) thread_.join();
  order_ = std::move(order);
  folds_since_ = std::chrono::steady_clock::now();
  if (const absl::Status prepared = Prepare(); !prepared.ok()) {
    Finish(prepared);
    return prepared;
  }
  if (parts_.threads > 0) thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::Status Rebuilder::Prepare() {
  const std::string fold_digest = order_.rules->fold_digest();
  ASSIGN_OR_RETURN(table::Table * table, parts_.generations->Begin(fold_digest));
  absl::StatusOr<std::unique_ptr<store::StateStore>> store = store::StateStore::Open(
      table, {parts_.archive->identity(), static_cast<int>(parts_.tasks.size()), fold_digest},
      parts_.ingest_rows_min);
  if (!store.ok()) {
    parts_.generations->Leave(table);
    return store.status();
  }
  anew_ =
      std::make_shared<StateGeneration>(*std::move(store), table, parts_.generations, order_.rules);
  ASSIGN_OR_RETURN(std::vector<Verdicts> verdicts, Verdicts::Load(*parts_.archive));
  PartitionRebuildParts parts;
  parts.partitions = static_cast<int>(parts_.tasks.size());
  parts.archive = parts_.archive;
  parts.memory_bytes = parts_.memory_bytes;
  std::vector<std::unique_ptr<PartitionRebuild>> rebuilds;
  for (size_t p = 0; p < parts_.tasks.size(); ++p) {
    rebuilds.push_back(std::make_unique<PartitionRebuild>(parts, static_cast<Partition>(p),
                                                          std::move(verdicts[p]), anew_));
  }
  at_ = 0;
  std::lock_guard lock(mutex_);
  rebuilds_ = std::move(rebuilds);
  return absl::OkStatus();
}

void Rebuilder::Run() {
  absl::Status status = FoldAll();
  if (status.ok()) status = Approach();
  if (status.ok()) status = Switch();
  Finish(status);
}

bool Rebuilder::Step() {
  if (anew_ == nullptr) return false;
  absl::Status status = MayGoOn();
  if (status.ok() && at_ < rebuilds_.size()) {
    status = StepPartition(*rebuilds_[at_], *parts_.tasks[at_]);
    if (status.ok()) return true;
  }
  if (status.ok()) status = Switch();
  Finish(status);
  return true;
}

absl::Status Rebuilder::StepPartition(PartitionRebuild& rebuild, const PartitionTask& task) {
  if (!rebuild.IsBegun()) return rebuild.Begin(task.generation());
  ASSIGN_OR_RETURN(const bool more, rebuild.Step());
  at_ += more ? 0 : 1;
  return absl::OkStatus();
}

void Rebuilder::Finish(const absl::Status& status) {
  // A generation that did not take over is nobody's, unless the next start may open it.
  if (anew_ != nullptr && !status.ok() && !is_pointer_unknown_) anew_->SetLeft();
  RebuildStatus ended = this->status();
  ended.phase = status.ok()          ? RebuildStatus::Phase::kDone
                : IsByCancel(status) ? RebuildStatus::Phase::kCancelled
                                     : RebuildStatus::Phase::kFailed;
  ended.cause = status;
  ended.partitions.clear();
  ended.ended_us = parts_.clock->NowMicros();
  std::vector<std::unique_ptr<PartitionRebuild>> gone;
  {
    std::lock_guard lock(mutex_);
    gone.swap(rebuilds_);
  }
  gone.clear();
  anew_.reset();
  const RebuildOrder order = std::exchange(order_, {});
  {
    std::lock_guard lock(mutex_);
    status_ = ended;
  }
  if (order.ended) order.ended(ended);
}

absl::Status Rebuilder::MayGoOn() const {
  if (stopping_) return absl::CancelledError("the engine ends");
  if (cancelled_) return absl::CancelledError(kCancelled);
  return parts_.may_write();
}

absl::Status Rebuilder::FoldPartition(size_t partition) {
  PartitionRebuild& rebuild = *rebuilds_[partition];
  RETURN_IF_ERROR(rebuild.Begin(parts_.tasks[partition]->generation()));
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(MayGoOn());
    RETURN_IF_ERROR(KeepPace());
    ASSIGN_OR_RETURN(more, rebuild.Step());
  }
  return absl::OkStatus();
}

absl::Status Rebuilder::KeepPace() const {
  if (order_.records_per_second == 0) return absl::OkStatus();
  const auto is_ahead = [&] {
    int64_t done = 0;
    for (const auto& rebuild : rebuilds_) done += rebuild->next();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - folds_since_;
    return static_cast<double>(done) >
           took.count() * static_cast<double>(order_.records_per_second);
  };
  while (is_ahead()) {
    RETURN_IF_ERROR(MayGoOn());
    std::this_thread::sleep_for(kPacePause);
  }
  return absl::OkStatus();
}

absl::Status Rebuilder::FoldAll() {
  std::atomic<size_t> at{0};
  std::mutex mutex;
  absl::Status failed;
  const auto work = [&] {
    for (size_t p = at++; p < rebuilds_.size(); p = at++) {
      const absl::Status folded = FoldPartition(p);
      if (folded.ok()) continue;
      std::lock_guard lock(mutex);
      failed.Update(folded);
      at = rebuilds_.size();
    }
  };
  std::vector<std::thread> threads;
  const size_t count = std::min(static_cast<size_t>(parts_.threads), rebuilds_.size());
  for (size_t i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return failed;
}

int64_t Rebuilder::Behind() const {
  int64_t behind = 0;
  for (size_t p = 0; p < rebuilds_.size(); ++p) {
    behind += parts_.progress->Of(static_cast<Partition>(p)).applied - rebuilds_[p]->next();
  }
  return behind;
}

absl::Status Rebuilder::CatchUp(size_t partition, Offset to, bool keeps_pace) {
  return rebuilds_[partition]->CatchUp(to, [this, keeps_pace] {
    RETURN_IF_ERROR(MayGoOn());
    return keeps_pace ? KeepPace() : absl::OkStatus();
  });
}

absl::Status Rebuilder::Approach() {
  for (int approach = 0; approach < kApproachesMax; ++approach) {
    for (size_t p = 0; p < rebuilds_.size(); ++p) {
      const Offset durable = parts_.progress->Of(static_cast<Partition>(p)).durable;
      RETURN_IF_ERROR(CatchUp(p, durable, /*keeps_pace=*/true));
    }
    if (Behind() <= kCloseRecords) return absl::OkStatus();
  }
  if (Behind() <= kSwitchRecordsMax) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("NOT_READY: the log is folded faster than a rebuild comes after it (", Behind(),
                   " records); rebuild again when it has been caught up with"));
}

absl::StatusOr<Live> Rebuilder::StandStill(const std::shared_ptr<Gate>& gate) {
  Live live;
  for (size_t p = 0; p < parts_.tasks.size(); ++p) {
    PartitionTask* task = parts_.tasks[p];
    if (parts_.threads > 0) {
      task->Post([gate, task, p] { gate->Enter(p, task->Level()); });
    } else {
      ASSIGN_OR_RETURN(std::shared_ptr<const PartitionGeneration> level, task->Level());
      live.push_back(std::move(level));
    }
  }
  if (parts_.threads == 0) return live;
  return gate->AwaitAll([this] { return MayGoOn(); });
}

absl::Status Rebuilder::Switch() {
  SetPhase(RebuildStatus::Phase::kSwitching);
  const auto gate = std::make_shared<Gate>(parts_.tasks.size());
  absl::Status status;
  {
    absl::StatusOr<Live> live = StandStill(gate);
    status = live.ok() ? TakeOver(*live) : live.status();
    gate->Open();
    // The last of it goes here, and not in a partition's thread.
  }
  return status;
}

absl::Status Rebuilder::TakeOver(const Live& live) {
  for (size_t p = 0; p < live.size(); ++p) {
    RETURN_IF_ERROR(CatchUp(p, live[p]->folder.state().next, /*keeps_pace=*/false));
    RETURN_IF_ERROR(rebuilds_[p]->CheckLevel(*live[p]));
    // What is below was echoed; what follows is the new one's.
    if (parts_.tasks[p]->echo_from().has_value()) {
      RETURN_IF_ERROR(
          anew_->store().BeginEcho(static_cast<Partition>(p), live[p]->folder.state().next));
    }
  }
  RETURN_IF_ERROR(SwitchOnDisk(live));
  parts_.committer->SetStore(&anew_->store());
  for (size_t p = 0; p < live.size(); ++p) {
    parts_.tasks[p]->TakeOver(rebuilds_[p]->generation());
    live[p]->state->SetLeft();
  }
  if (order_.after_switch) order_.after_switch();
  return absl::OkStatus();
}

// Among generations of the same rules the pointer says which one is opened, among others the rules
// that a start is given: before_switch.
absl::Status Rebuilder::SwitchOnDisk(const Live& live) {
  Position position;
  position.log = parts_.archive->identity();
  for (size_t p = 0; p < live.size(); ++p) {
    position.next[static_cast<Partition>(p)] = live[p]->folder.state().next;
  }
  const auto agree = [&] {
    return order_.before_switch ? order_.before_switch(position) : absl::OkStatus();
  };
  const absl::Status switched = parts_.generations->Switch(agree);
  if (switched.ok() || !fold::FoldAlike(*live[0]->state->folds(), *order_.rules)) return switched;
  is_pointer_unknown_ = true;
  parts_.fatal(switched);
  return switched;
}

}  // namespace rapport::pipeline
