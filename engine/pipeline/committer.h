// Committer writes the cuts of all partitions, in the background.
//
// Small cuts that wait while a commit of such is under way go together into the next one. A large
// one is a commit of its own, a file, beside the others: it is written as soon as a thread is free.
//
//   Committer committer(&store, &archive, fatal);
//   committer.Start(2);                    // or, without threads: committer.CommitWaiting()
//
// Threads:   Submit from any thread; `done` is called on the committer's own threads, or by
//            CommitWaiting.
// Ownership: borrows store and archive, which must outlive it. Destroying it writes what waits, if
//            it was started.
// Errors:    when a commit fails, `fatal` is called, which ends the process: what is in memory is
//            ahead of what can ever be durable. Where it returns (tests of power cuts), every cut
//            that waits or comes later is answered with the error and nothing more is written.
// Never:     commits state that rests on archive blocks which are not durable.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "engine/log/archive.h"
#include "engine/store/state_store.h"

namespace rapport::pipeline {

// Called with what went wrong when the process cannot go on.
using Fatal = std::function<void(const absl::Status&)>;

class Committer {
 public:
  // `archive` is synced before each commit.
  Committer(store::StateStore* store, log::Archive* archive, Fatal fatal);
  ~Committer();

  // From now on commits on so many threads of its own, until it is destroyed.
  void Start(int threads);

  bool is_started() const { return !threads_.empty(); }

  // Calls `done` with OK when `cut` is durable.
  using Done = std::function<void(const absl::Status&)>;
  void Submit(store::Cut cut, Done done);

  // Has the caller write into the store what he makes durable, beside what is submitted. Errors as
  // those of a commit.
  absl::Status CommitHere(absl::FunctionRef<absl::Status(store::StateStore&)> write);

  // Commits what waits; false when nothing did. REQUIRES: not started.
  bool CommitWaiting();

  // What is submitted from now on goes into another store. REQUIRES: nothing waits and no commit is
  // under way.
  void SetStore(store::StateStore* store);

 private:
  struct Job {
    store::Cut cut;
    Done done;
  };
  void Run();
  // What a thread commits next: a large cut, or all small ones when nobody writes such; none while
  // there is nothing to do.
  std::vector<Job> TakeJobs();
  void Commit(std::vector<Job> jobs);
  void Fail(const absl::Status& status);

  log::Archive* const archive_;
  const Fatal fatal_;
  std::mutex mutex_;
  store::StateStore* store_;
  std::condition_variable wake_;
  std::vector<Job> waiting_;
  bool stopping_ = false;
  // Small cuts are being written.
  bool writes_small_ = false;
  // Of the first commit that failed.
  absl::Status failed_;
  std::vector<std::thread> threads_;
};

}  // namespace rapport::pipeline
