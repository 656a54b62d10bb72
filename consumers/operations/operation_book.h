// OperationBook: what goes on in the background of a server, and what became of it.
//
//   ASSIGN_OR_RETURN(auto book, OperationBook::Open(files, data_directory, alarm));
//   ASSIGN_OR_RETURN(const std::string id, book->Begin(operation, now));
//   order.ended = book->WhenEnded(id);
//
// One rebuild or refold is under way at a time, since each folds the whole archive; what only reads
// the base waits in a queue (operation_runner.h). An operation is written down before it begins and
// when it has ended, so a server that is started anew knows what it has to begin again.
//
//   DATA/operations       the last 200, the newest first, as text of ListOperationsResponse;
//                         replaced whole
//   DATA/operation_files  op-7.request and op-7.result: what was asked and what came of it, as
//   bytes
//                         of OperationRequest and OperationResult, as long as it is listed
//
// Threads:   any. Ownership: borrows the files; what WhenEnded gives must not be called once the
//            book is gone.
// Errors:    those of Files; NOT_FOUND (OPERATION_UNKNOWN). A list that cannot be read is told to
//            `alarm` and begun anew: nothing rests on it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/base/files.h"
#include "engine/engine.h"
#include "rapport/v1/operation_request.pb.h"

namespace rapport::operations {

class OperationBook {
 public:
  static absl::StatusOr<std::unique_ptr<OperationBook>> Open(Files* files,
                                                             const std::string& data_directory,
                                                             const store::Alarm& alarm);

  // Writes a rebuild or refold down as running, with an id of its own; one that nobody went on with
  // has failed then. FAILED_PRECONDITION (REBUILD_RUNS) while this process goes on with one.
  absl::StatusOr<std::string> Begin(v1::Operation operation);
  // Writes down one of the other kinds, which waits for its turn.
  absl::StatusOr<std::string> Queue(v1::Operation operation, const v1::OperationRequest& request);
  // It begins, once more where it ran when the process before ended.
  void NoteRunning(const std::string& id);
  // It could not be begun after all.
  void Forget(const std::string& id);
  // It is begun once more.
  void NoteRestart(const std::string& id);
  // Whether it is the rebuild or refold that this process goes on with.
  bool IsUnderWay(const std::string& id) const;
  void Fail(const std::string& id, const absl::Status& why, int64_t now_us);
  // Of one that nobody goes on with.
  void Cancel(const std::string& id, int64_t now_us);
  // Its rules answer already.
  void NoteDone(const std::string& id, int64_t now_us);
  // Writes down what it ended by. The engine's own end is none of it.
  std::function<void(const pipeline::RebuildStatus&)> WhenEnded(const std::string& id);
  // Likewise of the other kinds; `result` is null but for one that is done.
  void EndWalk(const std::string& id, v1::OperationState state, const v1::Walk& walk,
               const v1::OperationResult* result);
  // The server ends, and the next one goes on with it.
  void NoteOrderlyEnd(const std::string& id);

  // As they are written down, the newest first.
  v1::ListOperationsResponse List() const;
  absl::StatusOr<v1::Operation> Find(const std::string& id) const;
  // What is told of one that there is not.
  static absl::Status Unknown(const std::string& id);
  // Waits until it has ended, or the deadline; whether it has.
  bool AwaitEnd(const std::string& id, absl::Time deadline) const;
  // The rebuild or refold that was running when the process before ended.
  std::optional<v1::Operation> Interrupted() const;
  // Of the other kinds those that have not ended, in the order in which they were asked.
  std::vector<v1::Operation> WalksToGoOn() const;
  // DATA_LOSS where the file is not there or no such message.
  absl::StatusOr<v1::OperationRequest> RequestOf(const std::string& id) const;
  // NOT_FOUND (OPERATION_UNKNOWN) of one that has left none.
  absl::StatusOr<v1::OperationResult> ResultOf(const std::string& id) const;
  // Records a second of the last rebuild that was done; 0 without one.
  int64_t LastPace() const;

 private:
  OperationBook(Files* files, const std::string& data_directory)
      : files_(files),
        path_(data_directory + "/operations"),
        folder_(data_directory + "/operation_files") {}

  // Puts it before all others, without the oldest that have ended.
  absl::StatusOr<std::string> Add(v1::Operation operation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string NextId() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string FileOf(const std::string& id, absl::string_view what) const;
  void RemoveFilesOf(const std::string& id) const;

  // Null for an id that is none.
  v1::Operation* At(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Write() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const std::string& id, v1::OperationState state, const pipeline::RebuildStatus& status);

  Files* const files_;
  const std::string path_;
  const std::string folder_;
  mutable absl::Mutex mutex_;
  v1::ListOperationsResponse list_ ABSL_GUARDED_BY(mutex_);
  // The greatest number of an id that there was.
  int64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
  // The rebuild or refold that this process has begun and not ended; empty = none.
  std::string under_way_ ABSL_GUARDED_BY(mutex_);
};

// Writes `operation` down, which gets its id, and begins it by `begin`; one that cannot be begun is
// forgotten.
absl::Status BeginOperation(OperationBook& book, v1::Operation& operation,
                            absl::FunctionRef<absl::Status(const v1::Operation& begun)> begin);

// A rebuild or a refold, which changes what serves; the other kinds only read.
bool ChangesState(const v1::Operation& operation);
// It is queued or running.
bool GoesOn(const v1::Operation& operation);

}  // namespace rapport::operations
