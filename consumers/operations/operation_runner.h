// OperationRunner: what reads the whole base and goes on without its caller, one after the other in
// the order in which it was asked.
//
//   OperationRunner runner(&book, &clock, run);
//   ASSIGN_OR_RETURN(const v1::Operation operation, runner.Start(caller, start_request));
//   runner.TellProgress(operation);
//
// One runs at a time, on a thread of its own. Its total is what it expects when it begins to read.
// What the end of the server interrupts stays in the book, for Resume.
//
// Threads:   any. Ownership: borrows book and clock; `run` and `discard` must be good until the
// runner
//            is gone, which waits for what runs.
// Errors:    RESOURCE_EXHAUSTED (QUEUE_FULL) while 16 wait, or 8 of one who is no operator; those
// of
//            OperationBook.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "consumers/edge/call.h"
#include "consumers/edge/pace.h"
#include "consumers/operations/operation_book.h"
#include "engine/base/clock.h"
#include "rapport/v1/operation_request.pb.h"

namespace rapport::operations {

// How far one is.
class WalkProgress final : public edge::Progress {
 public:
  WalkProgress(int64_t begun_at_us, int64_t records_per_second_max)
      : begun_at_us_(begun_at_us), pace_(records_per_second_max) {}

  void Expect(const std::vector<int64_t>& by_partition) override;
  void Note(const edge::Call& call, Partition partition, int64_t done) override;

  // As it is at `now_us`.
  v1::Walk At(int64_t now_us) const;
  // As it was when it ended, at `now_us`, by `outcome`.
  v1::Walk Ended(int64_t now_us, const absl::Status& outcome) const;

 private:
  const int64_t begun_at_us_;
  edge::Pace pace_;
  mutable absl::Mutex mutex_;
  // By partition.
  std::vector<int64_t> done_ ABSL_GUARDED_BY(mutex_);
  std::vector<int64_t> total_ ABSL_GUARDED_BY(mutex_);
};

class OperationRunner {
 public:
  // Does what is asked of operation `id`, as long as edge::CheckAsked of `call` says so.
  using Run =
      std::function<absl::Status(const edge::Call& call, const std::string& id,
                                 const v1::OperationRequest& request, v1::OperationResult& result)>;

  // Takes away what an operation has left that does not come to be done.
  using Discard = std::function<void(const std::string& id)>;

  OperationRunner(OperationBook* book, const Clock* clock, Run run, Discard discard)
      : book_(book), clock_(clock), run_(std::move(run)), discard_(std::move(discard)) {}
  ~OperationRunner();
  // Ends what runs, for the next process to go on with, and begins nothing any more.
  void Stop();

  // REQUIRES: the request names something (KindOf).
  absl::StatusOr<v1::Operation> Start(const edge::Caller& caller,
                                      const v1::StartOperationRequest& request);
  // Those that the book has, once more; what ended the process more than `restarts_max` times, not
  // in order, is given up.
  void Resume(int restarts_max);
  // Ends one that is queued or runs; false when it is neither.
  bool Cancel(const std::string& id);
  // How far one that runs is.
  void TellProgress(v1::Operation& operation) const;

 private:
  struct Waiting {
    std::string id;
    edge::Caller caller;
    v1::OperationRequest request;
    int64_t records_per_second_max = 0;
  };
  struct Running {
    Running(const Waiting& of, int64_t now_us)
        : id(of.id),
          progress(now_us, of.records_per_second_max),
          call(of.caller, absl::InfiniteFuture(), &progress) {}

    const std::string id;
    WalkProgress progress;
    edge::Call call;
    // By somebody, and not by the end of the server.
    std::atomic<bool> is_cancelled = false;
  };

  void EndUnbegun(const std::string& id, v1::OperationState state, const absl::Status& outcome);
  void Add(Waiting waiting) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Work();
  void RunOne(const Waiting& one, Running& running);

  OperationBook* const book_;
  const Clock* const clock_;
  const Run run_;
  const Discard discard_;
  mutable absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Running> running_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Begun with the first operation.
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

// UNSPECIFIED when the request asks nothing.
v1::OperationKind KindOf(const v1::OperationRequest& request);
// The role that it takes to begin one that only reads, and to see what came of somebody else's.
edge::Role RoleFor(v1::OperationKind kind);
// `verify`, `export` and so on, of every kind.
absl::string_view KindWord(v1::OperationKind kind);

}  // namespace rapport::operations
