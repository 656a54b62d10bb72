// Dispatcher: runs the methods of a table for the doors: what answers from memory on the door's own
// thread, what may wait on workers, streams on a thread each.
//
//   dispatcher.Answer(method, call, std::move(request), [](absl::Status s, const Message& reply)
//   {});
//
// Threads:   all methods from any thread. `done` runs once, on whichever thread the method ran.
// Ownership: borrows table and gate; requests and replies live until `done` has returned.
// Errors:    RESOURCE_EXHAUSTED: QUEUE_FULL when too many calls wait for a worker,
// TOO_MANY_STREAMS;
//            DEADLINE_EXCEEDED for a call that waited in the queue beyond its deadline.
// Limits:    64 workers, 4,096 calls waiting for one, 320 streams.
#pragma once

#include <google/protobuf/message.h>

#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/gate.h"
#include "consumers/edge/method_table.h"

namespace rapport::edge {

// RESOURCE_EXHAUSTED (TOO_MANY_STREAMS), for a call that Dispatcher::Stream did not take.
absl::Status TooManyStreams();

class Dispatcher {
 public:
  using Done = absl::AnyInvocable<void(absl::Status, const google::protobuf::Message&)>;
  // Told of every call that ended, how, and how long it took: of a stream what its caller was told,
  // CANCELLED of one that he left, RESOURCE_EXHAUSTED of one that there was no room for.
  using Observer =
      std::function<void(const Method& method, absl::StatusCode code, absl::Duration took)>;

  Dispatcher(const MethodTable* table, Gate* gate, Observer observer = nullptr);
  ~Dispatcher();

  const MethodTable& table() const { return *table_; }
  Gate& gate() { return *gate_; }

  // REQUIRES: method.answer.
  void Answer(const Method& method, std::shared_ptr<Call> call,
              std::unique_ptr<google::protobuf::Message> request, Done done);

  // Runs `job`, which is the whole of a stream's method, on a thread of its own, and hands what its
  // caller is told to `done`. False when there are too many streams: then neither is called.
  bool Stream(const Method& method, std::shared_ptr<Call> call,
              absl::AnyInvocable<absl::Status()> job, absl::AnyInvocable<void(absl::Status)> done);

  // Waits for all that runs; takes nothing new. Whoever calls it has cancelled the calls.
  void Drain();

 private:
  void RunAnswer(const Method& method, const Call& call, const google::protobuf::Message& request,
                 absl::Time begun, Done& done);
  bool TakeStream();
  bool Enqueue(absl::AnyInvocable<void()> job);
  void Work();

  const MethodTable* const table_;
  Gate* const gate_;
  const Observer observer_;

  absl::Mutex mutex_;
  // Signalled for each that waits, and when there will be no more.
  absl::CondVar has_work_;
  std::deque<absl::AnyInvocable<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> workers_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t streams_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rapport::edge
