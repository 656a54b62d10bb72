#include "consumers/operations/operation_runner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "consumers/edge/rpc_status.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr size_t kWaitingMax = 16;
// Of one who is no operator.
constexpr int64_t kOwnWaitingMax = 8;

int64_t SumOf(const std::vector<int64_t>& values) {
  return std::accumulate(values.begin(), values.end(), int64_t{0});
}

absl::Status Cancelled() {
  return absl::CancelledError("CANCELLED: somebody cancelled it; nothing has changed");
}

}  // namespace

v1::OperationKind KindOf(const v1::OperationRequest& request) {
  switch (request.asks_case()) {
    case v1::OperationRequest::kVerify:
      return v1::OPERATION_KIND_VERIFY;
    case v1::OperationRequest::kFile:
      return v1::OPERATION_KIND_EXPORT;
    case v1::OperationRequest::kDiff:
      return v1::OPERATION_KIND_DIFF;
    case v1::OperationRequest::kWhatIf:
      return v1::OPERATION_KIND_WHAT_IF;
    case v1::OperationRequest::kBacktest:
      return v1::OPERATION_KIND_BACKTEST;
    case v1::OperationRequest::kReport:
      return v1::OPERATION_KIND_REPORT;
    case v1::OperationRequest::ASKS_NOT_SET:
      break;
  }
  return v1::OPERATION_KIND_UNSPECIFIED;
}

edge::Role RoleFor(v1::OperationKind kind) {
  return kind == v1::OPERATION_KIND_VERIFY ? edge::Role::kOperator : edge::Role::kAnalyst;
}

absl::string_view KindWord(v1::OperationKind kind) {
  switch (kind) {
    case v1::OPERATION_KIND_REBUILD:
      return "rebuild";
    case v1::OPERATION_KIND_REFOLD:
      return "refold";
    case v1::OPERATION_KIND_VERIFY:
      return "verify";
    case v1::OPERATION_KIND_EXPORT:
      return "export";
    case v1::OPERATION_KIND_DIFF:
      return "diff";
    case v1::OPERATION_KIND_WHAT_IF:
      return "what-if";
    case v1::OPERATION_KIND_BACKTEST:
      return "backtest";
    case v1::OPERATION_KIND_REPORT:
      return "report";
    default:
      return "operation";
  }
}

void WalkProgress::Expect(const std::vector<int64_t>& by_partition) {
  const absl::MutexLock lock(&mutex_);
  done_.resize(std::max(done_.size(), by_partition.size()));
  total_.resize(done_.size());
  for (size_t i = 0; i < by_partition.size(); ++i) total_[i] += by_partition[i];
}

void WalkProgress::Note(const edge::Call& call, Partition partition, int64_t done) {
  {
    const absl::MutexLock lock(&mutex_);
    const auto at = static_cast<size_t>(partition);
    done_.resize(std::max(done_.size(), at + 1));
    total_.resize(done_.size());
    done_[at] += done;
    // Who has come since it began is read, too.
    total_[at] = std::max(total_[at], done_[at]);
  }
  pace_.Keep(done, call);
}

v1::Walk WalkProgress::At(int64_t now_us) const {
  const absl::MutexLock lock(&mutex_);
  v1::Walk walk;
  walk.set_done(SumOf(done_));
  walk.set_total(SumOf(total_));
  walk.set_begun_at_us(begun_at_us_);
  for (size_t i = 0; i < total_.size(); ++i) {
    v1::PartitionProgress& one = *walk.add_partitions();
    one.set_partition(static_cast<int32_t>(i));
    one.set_done(done_[i]);
    one.set_total(total_[i]);
  }
  const int64_t took_us = now_us - begun_at_us_;
  if (took_us > 0) walk.set_records_per_second(walk.done() * kMicrosPerSecond / took_us);
  if (walk.records_per_second() > 0) {
    walk.set_seconds_left((walk.total() - walk.done()) / walk.records_per_second());
  }
  return walk;
}

v1::Walk WalkProgress::Ended(int64_t now_us, const absl::Status& outcome) const {
  v1::Walk walk = At(now_us);
  walk.clear_partitions();
  walk.clear_seconds_left();
  walk.set_ended_at_us(now_us);
  if (outcome.ok()) return walk;
  walk.set_cause(edge::ReasonOf(outcome));
  walk.set_message(edge::TextOf(outcome));
  walk.set_code(outcome.raw_code());
  return walk;
}

OperationRunner::~OperationRunner() { Stop(); }

void OperationRunner::Stop() {
  std::thread thread;
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->call.Cancel();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void OperationRunner::Add(Waiting waiting) {
  waiting_.push_back(std::move(waiting));
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
}

absl::StatusOr<v1::Operation> OperationRunner::Start(const edge::Caller& caller,
                                                     const v1::StartOperationRequest& request) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError("NOT_READY: the server ends; ask the next one");
  const bool is_operator = caller.roles.Cover(edge::Role::kOperator);
  const int64_t own =
      std::count_if(waiting_.begin(), waiting_.end(),
                    [&caller](const Waiting& one) { return one.caller.name == caller.name; });
  const bool has_many = !is_operator && own >= kOwnWaitingMax;
  if (waiting_.size() >= kWaitingMax || has_many) {
    return absl::ResourceExhaustedError(
        absl::StrCat("QUEUE_FULL: ", has_many ? own : static_cast<int64_t>(waiting_.size()),
                     " operations ", has_many ? "of yours " : "",
                     "wait already; wait for some of them, or cancel them: rapport operations "
                     "list"));
  }
  v1::Operation operation;
  operation.set_kind(KindOf(request.request()));
  operation.set_state(v1::OPERATION_STATE_QUEUED);
  operation.set_caller(caller.name);
  operation.set_records_per_second_max(request.records_per_second_max());
  ASSIGN_OR_RETURN(const std::string id, book_->Queue(operation, request.request()));
  operation.set_id(id);
  Add({id, caller, request.request(), request.records_per_second_max()});
  return operation;
}

void OperationRunner::Resume(int restarts_max) {
  const absl::MutexLock lock(&mutex_);
  // They come before what was asked of this process meanwhile.
  std::deque<Waiting> since = std::move(waiting_);
  waiting_.clear();
  for (const v1::Operation& operation : book_->WalksToGoOn()) {
    const bool is_here = (running_ != nullptr && running_->id == operation.id()) ||
                         std::any_of(since.begin(), since.end(), [&operation](const Waiting& one) {
                           return one.id == operation.id();
                         });
    if (is_here) continue;
    absl::StatusOr<v1::OperationRequest> request = book_->RequestOf(operation.id());
    // One that waits was not under way when the process ended.
    if (operation.state() == v1::OPERATION_STATE_RUNNING && operation.restarts() >= restarts_max) {
      request = absl::AbortedError(absl::StrCat("INTERRUPTED: the process ended ", restarts_max + 1,
                                                " times while it went on; find out why, then begin "
                                                "it again"));
    }
    if (!request.ok()) {
      EndUnbegun(operation.id(), v1::OPERATION_STATE_FAILED, request.status());
      continue;
    }
    // He could do all that he asked when he asked it.
    edge::Caller caller;
    caller.name = operation.caller();
    Add({operation.id(), std::move(caller), *std::move(request),
         operation.records_per_second_max()});
  }
  for (Waiting& one : since) waiting_.push_back(std::move(one));
}

void OperationRunner::EndUnbegun(const std::string& id, v1::OperationState state,
                                 const absl::Status& outcome) {
  v1::Walk walk = WalkProgress(0, 0).Ended(clock_->NowMicros(), outcome);
  walk.clear_begun_at_us();
  walk.clear_records_per_second();
  book_->EndWalk(id, state, walk, nullptr);
  // A process before may have left something.
  discard_(id);
}

bool OperationRunner::Cancel(const std::string& id) {
  const absl::MutexLock lock(&mutex_);
  if (running_ != nullptr && running_->id == id) {
    running_->is_cancelled = true;
    running_->call.Cancel();
    return true;
  }
  const auto queued = std::find_if(waiting_.begin(), waiting_.end(),
                                   [&id](const Waiting& one) { return one.id == id; });
  if (queued == waiting_.end()) return false;
  waiting_.erase(queued);
  EndUnbegun(id, v1::OPERATION_STATE_CANCELLED, Cancelled());
  return true;
}

void OperationRunner::TellProgress(v1::Operation& operation) const {
  const absl::MutexLock lock(&mutex_);
  if (!GoesOn(operation) || running_ == nullptr || running_->id != operation.id()) return;
  *operation.mutable_walk() = running_->progress.At(clock_->NowMicros());
}

void OperationRunner::Work() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty();
  };
  for (;;) {
    Waiting one;
    std::shared_ptr<Running> running;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (stopping_) return;
      one = std::move(waiting_.front());
      waiting_.pop_front();
      running = std::make_shared<Running>(one, clock_->NowMicros());
      running_ = running;
    }
    RunOne(one, *running);
    const absl::MutexLock lock(&mutex_);
    running_ = nullptr;
  }
}

void OperationRunner::RunOne(const Waiting& one, Running& running) {
  book_->NoteRunning(one.id);
  v1::OperationResult result;
  absl::Status outcome = run_(running.call, one.id, one.request, result);
  if (!outcome.ok()) discard_(one.id);
  if (!outcome.ok() && running.call.cancelled()) {
    if (!running.is_cancelled) return book_->NoteOrderlyEnd(one.id);
    outcome = Cancelled();
  }
  const v1::OperationState state = outcome.ok()           ? v1::OPERATION_STATE_DONE
                                   : running.is_cancelled ? v1::OPERATION_STATE_CANCELLED
                                                          : v1::OPERATION_STATE_FAILED;
  book_->EndWalk(one.id, state, running.progress.Ended(clock_->NowMicros(), outcome),
                 outcome.ok() ? &result : nullptr);
}

}  // namespace rapport::operations
