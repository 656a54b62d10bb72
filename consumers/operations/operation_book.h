// OperationBook: what goes on in the background of a server, and what became of it.
//
//   ASSIGN_OR_RETURN(auto book, OperationBook::Open(files, data_directory, alarm));
//   ASSIGN_OR_RETURN(const std::string id, book->Begin(operation, now));
//   order.ended = book->WhenEnded(id);
//
// One operation is under way at a time, since each folds the whole archive. It is written down
// before it begins and when it has ended, so a server that is started anew knows what it has to
// begin again (Interrupted).
//
//   DATA/operations       the last 200, the newest first, as text of ListOperationsResponse;
//                         replaced whole
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

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/base/files.h"
#include "engine/engine.h"
#include "rapport/v1/operation.pb.h"

namespace rapport::operations {

class OperationBook {
 public:
  static absl::StatusOr<std::unique_ptr<OperationBook>> Open(Files* files,
                                                             const std::string& data_directory,
                                                             const store::Alarm& alarm);

  // Writes it down as running, with an id of its own; one that nobody went on with has failed then.
  // FAILED_PRECONDITION (REBUILD_RUNS) while this process goes on with one.
  absl::StatusOr<std::string> Begin(v1::Operation operation);
  // It could not be begun after all.
  void Forget(const std::string& id);
  // It is begun once more.
  void NoteRestart(const std::string& id);
  // Whether it is what this process goes on with.
  bool IsUnderWay(const std::string& id) const;
  void Fail(const std::string& id, const absl::Status& why, int64_t now_us);
  // Of one that nobody goes on with.
  void Cancel(const std::string& id, int64_t now_us);
  // Its rules answer already.
  void NoteDone(const std::string& id, int64_t now_us);
  // Writes down what it ended by. The engine's own end is none of it.
  std::function<void(const pipeline::RebuildStatus&)> WhenEnded(const std::string& id);

  // As they are written down, the newest first.
  v1::ListOperationsResponse List() const;
  absl::StatusOr<v1::Operation> Find(const std::string& id) const;
  // Waits until it is not running, or the deadline.
  void AwaitEnd(const std::string& id, absl::Time deadline) const;
  // The one that was running when the process before ended.
  std::optional<v1::Operation> Interrupted() const;
  // Records a second of the last rebuild that was done; 0 without one.
  int64_t LastPace() const;

 private:
  OperationBook(Files* files, const std::string& data_directory)
      : files_(files), path_(data_directory + "/operations") {}

  // Null for an id that is none.
  v1::Operation* At(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Write() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const std::string& id, v1::OperationState state, const pipeline::RebuildStatus& status);
  void NoteOrderlyEnd(const std::string& id);

  Files* const files_;
  const std::string path_;
  mutable absl::Mutex mutex_;
  v1::ListOperationsResponse list_ ABSL_GUARDED_BY(mutex_);
  // What this process has begun and not ended; empty = nothing.
  std::string under_way_ ABSL_GUARDED_BY(mutex_);
};

// INVALID_ARGUMENT (FIELD_INVALID) for a negative pace.
absl::Status CheckPace(int64_t records_per_second_max);

// Writes `operation` down, which gets its id, and begins it by `begin`; one that cannot be begun is
// forgotten.
absl::Status BeginOperation(OperationBook& book, v1::Operation& operation,
                            absl::FunctionRef<absl::Status(const v1::Operation& begun)> begin);

}  // namespace rapport::operations
