#include "consumers/edge/dispatcher.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rapport::edge {
namespace {

constexpr size_t kWorkersMax = 64;
constexpr size_t kWaitingMax = 4096;
constexpr size_t kStreamsMax = 320;

absl::Status TooMany() {
  return absl::ResourceExhaustedError(
      "QUEUE_FULL: too many calls wait for an answer; send this one again a little later");
}

absl::Status TooLate() {
  return absl::DeadlineExceededError(
      "DEADLINE_EXCEEDED: the deadline passed before the call was looked at; give it more time or "
      "send fewer calls at once");
}

// Methods whose stream has no end return when their caller leaves, and that is no trouble of
// theirs.
absl::StatusCode CodeOf(const absl::Status& status, const Call& call) {
  return status.ok() && call.cancelled() ? absl::StatusCode::kCancelled : status.code();
}

}  // namespace

absl::Status TooManyStreams() {
  return absl::ResourceExhaustedError(
      "TOO_MANY_STREAMS: too many streams are open; close one, or come back later");
}

Dispatcher::Dispatcher(const MethodTable* table, Gate* gate, Observer observer)
    : table_(table), gate_(gate), observer_(std::move(observer)) {}

Dispatcher::~Dispatcher() { Drain(); }

void Dispatcher::RunAnswer(const Method& method, const Call& call,
                           const google::protobuf::Message& request, absl::Time begun, Done& done) {
  const std::unique_ptr<google::protobuf::Message> response(method.response->New());
  absl::Status status;
  if (call.cancelled()) {
    status = CallerLeft();
  } else if (absl::Now() >= call.deadline()) {
    status = TooLate();
  } else {
    status = method.answer(call, request, *response);
  }
  if (observer_) observer_(method, status.code(), absl::Now() - begun);
  done(std::move(status), *response);
}

void Dispatcher::Answer(const Method& method, std::shared_ptr<Call> call,
                        std::unique_ptr<google::protobuf::Message> request, Done done) {
  const absl::Time begun = absl::Now();
  if (method.is_quick && method.is_quick(*request)) {
    RunAnswer(method, *call, *request, begun, done);
    return;
  }
  const auto shared = std::make_shared<Done>(std::move(done));
  const bool taken =
      Enqueue([this, &method, call = std::move(call), request = std::move(request), begun, shared] {
        RunAnswer(method, *call, *request, begun, *shared);
      });
  if (taken) return;
  if (observer_) {
    observer_(method, absl::StatusCode::kResourceExhausted, absl::Now() - begun);
  }
  (*shared)(TooMany(), *method.response);
}

bool Dispatcher::TakeStream() {
  const absl::MutexLock lock(&mutex_);
  if (ending_ || streams_ >= kStreamsMax) return false;
  ++streams_;
  return true;
}

bool Dispatcher::Stream(const Method& method, std::shared_ptr<Call> call,
                        absl::AnyInvocable<absl::Status()> job,
                        absl::AnyInvocable<void(absl::Status)> done) {
  if (!TakeStream()) {
    if (observer_) {
      observer_(method, absl::StatusCode::kResourceExhausted, absl::ZeroDuration());
    }
    return false;
  }
  std::thread([this, &method, call = std::move(call), job = std::move(job),
               done = std::move(done)]() mutable {
    const absl::Time begun = absl::Now();
    absl::Status status = call->StatusOf(job());
    if (observer_) observer_(method, CodeOf(status, *call), absl::Now() - begun);
    done(std::move(status));
    // What they held is gone before the door may go.
    call = nullptr;
    job = nullptr;
    done = nullptr;
    const absl::MutexLock lock(&mutex_);
    --streams_;
  }).detach();
  return true;
}

bool Dispatcher::Enqueue(absl::AnyInvocable<void()> job) {
  const absl::MutexLock lock(&mutex_);
  if (ending_ || waiting_.size() >= kWaitingMax) return false;
  waiting_.push_back(std::move(job));
  // One of those that rest, not all: each would look whether there is something for it.
  has_work_.Signal();
  if (waiting_.size() > idle_ && workers_.size() < kWorkersMax) {
    workers_.emplace_back([this] { Work(); });
  }
  return true;
}

void Dispatcher::Work() {
  mutex_.Lock();
  for (;;) {
    ++idle_;
    while (!ending_ && waiting_.empty()) has_work_.Wait(&mutex_);
    --idle_;
    if (waiting_.empty()) break;
    absl::AnyInvocable<void()> job = std::move(waiting_.front());
    waiting_.pop_front();
    mutex_.Unlock();
    job();
    job = nullptr;
    mutex_.Lock();
  }
  mutex_.Unlock();
}

void Dispatcher::Drain() {
  std::vector<std::thread> workers;
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    has_work_.SignalAll();
    const auto without_streams = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return streams_ == 0;
    };
    mutex_.Await(absl::Condition(&without_streams));
    workers.swap(workers_);
  }
  for (std::thread& worker : workers) worker.join();
}

}  // namespace rapport::edge
