#include "consumers/operations/operation_book.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/operations/fill_rebuild.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr int kKept = 200;

// Of `op-7`, also with an ending.
int64_t NumberOf(absl::string_view id) {
  int64_t number = 0;
  if (!absl::ConsumePrefix(&id, "op-")) return 0;
  return absl::SimpleAtoi(id.substr(0, id.find('.')), &number) ? number : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OperationBook>> OperationBook::Open(
    Files* files, const std::string& data_directory, const store::Alarm& alarm) {
  std::unique_ptr<OperationBook> book(new OperationBook(files, data_directory));
  absl::MutexLock lock(&book->mutex_);
  // Where the list is lost, what it has left is not taken for that of a new one.
  const absl::StatusOr<std::vector<std::string>> left = files->List(book->folder_);
  if (left.ok()) {
    for (const std::string& name : *left) book->last_ = std::max(book->last_, NumberOf(name));
  }
  const absl::StatusOr<std::string> text = files->Read(book->path_);
  if (absl::IsNotFound(text.status())) return book;
  RETURN_IF_ERROR(text.status());
  if (google::protobuf::TextFormat::ParseFromString(*text, &book->list_)) {
    for (const v1::Operation& one : book->list_.operations()) {
      book->last_ = std::max(book->last_, NumberOf(one.id()));
    }
    return book;
  }
  book->list_.Clear();
  if (alarm) {
    alarm(absl::StrCat(book->path_,
                       " is no list of operations; a new one is begun, and what went on is not "
                       "begun again"));
  }
  return book;
}

v1::Operation* OperationBook::At(const std::string& id) {
  for (v1::Operation& operation : *list_.mutable_operations()) {
    if (operation.id() == id) return &operation;
  }
  return nullptr;
}

absl::Status OperationBook::Write() const {
  std::string text;
  google::protobuf::TextFormat::PrintToString(list_, &text);
  return ReplaceFile(*files_, path_, text);
}

absl::StatusOr<std::string> OperationBook::Add(v1::Operation operation) {
  operation.set_id(NextId());
  v1::ListOperationsResponse before = list_;
  list_.Clear();
  *list_.add_operations() = operation;
  std::vector<std::string> dropped;
  for (v1::Operation& one : *before.mutable_operations()) {
    if (list_.operations_size() >= kKept && !GoesOn(one)) {
      dropped.push_back(one.id());
    } else {
      *list_.add_operations() = one;
    }
  }
  if (const absl::Status written = Write(); !written.ok()) {
    list_ = std::move(before);
    return written;
  }
  ++last_;
  for (const std::string& id : dropped) RemoveFilesOf(id);
  return operation.id();
}

std::string OperationBook::NextId() const { return absl::StrCat("op-", last_ + 1); }

absl::StatusOr<std::string> OperationBook::Begin(v1::Operation operation) {
  absl::MutexLock lock(&mutex_);
  if (!under_way_.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "REBUILD_RUNS: ", under_way_,
        " is under way; wait for its end or give it up: rapport operations cancel ", under_way_));
  }
  const v1::ListOperationsResponse before = list_;
  for (v1::Operation& kept : *list_.mutable_operations()) {
    if (!ChangesState(kept) || !GoesOn(kept)) continue;
    kept.set_state(v1::OPERATION_STATE_FAILED);
    kept.mutable_rebuild()->set_phase(v1::REBUILD_PHASE_FAILED);
    kept.mutable_rebuild()->set_cause("INTERRUPTED");
    kept.mutable_rebuild()->set_message(
        "the process ended while it went on, and another one was begun since");
  }
  operation.set_state(v1::OPERATION_STATE_RUNNING);
  absl::StatusOr<std::string> id = Add(std::move(operation));
  if (id.ok()) {
    under_way_ = *id;
  } else {
    list_ = before;
  }
  return id;
}

absl::StatusOr<std::string> OperationBook::Queue(v1::Operation operation,
                                                 const v1::OperationRequest& request) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(files_->MakeDirectory(folder_));
  operation.set_state(v1::OPERATION_STATE_QUEUED);
  RETURN_IF_ERROR(ReplaceFile(*files_, FileOf(NextId(), "request"), request.SerializeAsString()));
  return Add(std::move(operation));
}

void OperationBook::NoteRunning(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  v1::Operation* const operation = At(id);
  if (operation == nullptr) return;
  if (operation->state() == v1::OPERATION_STATE_RUNNING) {
    operation->set_restarts(operation->restarts() + 1);
  }
  operation->set_state(v1::OPERATION_STATE_RUNNING);
  Write().IgnoreError();
}

void OperationBook::EndWalk(const std::string& id, v1::OperationState state, const v1::Walk& walk,
                            const v1::OperationResult* result) {
  absl::MutexLock lock(&mutex_);
  v1::Operation* const operation = At(id);
  // What has ended stays as it ended.
  if (operation == nullptr || !GoesOn(*operation)) return;
  absl::Status kept;
  if (result != nullptr) {
    kept = ReplaceFile(*files_, FileOf(id, "result"), result->SerializeAsString());
  }
  operation->set_state(kept.ok() ? state : v1::OPERATION_STATE_FAILED);
  *operation->mutable_walk() = walk;
  if (!kept.ok()) {
    operation->mutable_walk()->set_cause("RESULT_NOT_KEPT");
    operation->mutable_walk()->set_message(
        absl::StrCat("what came of it could not be written down: ", kept.message()));
  }
  // Where it cannot be written the next start begins it once more.
  Write().IgnoreError();
}

std::string OperationBook::FileOf(const std::string& id, absl::string_view what) const {
  return absl::StrCat(folder_, "/", id, ".", what);
}

void OperationBook::RemoveFilesOf(const std::string& id) const {
  for (const absl::string_view what : {"request", "result"}) {
    files_->Remove(FileOf(id, what)).IgnoreError();
  }
}

absl::StatusOr<v1::OperationRequest> OperationBook::RequestOf(const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  v1::OperationRequest request;
  const absl::StatusOr<std::string> bytes = files_->Read(FileOf(id, "request"));
  if (bytes.ok() && request.ParseFromString(*bytes)) return request;
  return absl::DataLossError(
      absl::StrCat("REQUEST_LOST: what ", id, " was asked is not there any more; begin it anew"));
}

absl::StatusOr<v1::OperationResult> OperationBook::ResultOf(const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  v1::OperationResult result;
  const absl::StatusOr<std::string> bytes = files_->Read(FileOf(id, "result"));
  if (bytes.ok() && result.ParseFromString(*bytes)) return result;
  return absl::NotFoundError(absl::StrCat("OPERATION_UNKNOWN: ", id, " has left no result"));
}

bool OperationBook::IsUnderWay(const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  return id == under_way_;
}

void OperationBook::Forget(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  if (id == under_way_) under_way_.clear();
  auto& all = *list_.mutable_operations();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&id](const v1::Operation& one) { return one.id() == id; }),
            all.end());
  // What cannot be written now is begun once more by the next start.
  Write().IgnoreError();
}

void OperationBook::NoteRestart(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  v1::Operation* const operation = At(id);
  if (operation == nullptr) return;
  operation->set_restarts(operation->restarts() + 1);
  under_way_ = id;
  Write().IgnoreError();
}

// The engine ends and the next start goes on: only what ends a process by itself is held against
// it.
void OperationBook::NoteOrderlyEnd(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  v1::Operation* const operation = At(id);
  if (operation == nullptr) return;
  if (!ChangesState(*operation)) {
    operation->set_state(v1::OPERATION_STATE_QUEUED);
  } else if (operation->restarts() > 0) {
    operation->set_restarts(operation->restarts() - 1);
  }
  Write().IgnoreError();
}

void OperationBook::End(const std::string& id, v1::OperationState state,
                        const pipeline::RebuildStatus& status) {
  absl::MutexLock lock(&mutex_);
  v1::Operation* const operation = At(id);
  if (id == under_way_) under_way_.clear();
  // What has ended stays as it ended.
  if (operation == nullptr || !GoesOn(*operation)) return;
  operation->set_state(state);
  FillRebuild(status, status.ended_us, *operation->mutable_rebuild());
  // Where it cannot be written the next start begins it once more.
  Write().IgnoreError();
}

void OperationBook::Fail(const std::string& id, const absl::Status& why, int64_t now_us) {
  pipeline::RebuildStatus status;
  status.phase = pipeline::RebuildStatus::Phase::kFailed;
  status.ended_us = now_us;
  status.cause = why;
  End(id, v1::OPERATION_STATE_FAILED, status);
}

void OperationBook::Cancel(const std::string& id, int64_t now_us) {
  const absl::Status why = absl::CancelledError(
      "CANCELLED: it was cancelled before a server began it again; nothing has changed");
  const absl::StatusOr<v1::Operation> operation = Find(id);
  if (operation.ok() && !ChangesState(*operation)) {
    v1::Walk walk = operation->walk();
    walk.set_ended_at_us(now_us);
    walk.set_cause(edge::ReasonOf(why));
    walk.set_message(edge::TextOf(why));
    walk.set_code(why.raw_code());
    return EndWalk(id, v1::OPERATION_STATE_CANCELLED, walk, nullptr);
  }
  pipeline::RebuildStatus status;
  status.phase = pipeline::RebuildStatus::Phase::kCancelled;
  status.ended_us = now_us;
  status.cause = why;
  End(id, v1::OPERATION_STATE_CANCELLED, status);
}

void OperationBook::NoteDone(const std::string& id, int64_t now_us) {
  pipeline::RebuildStatus status;
  status.phase = pipeline::RebuildStatus::Phase::kDone;
  status.ended_us = now_us;
  End(id, v1::OPERATION_STATE_DONE, status);
}

std::function<void(const pipeline::RebuildStatus&)> OperationBook::WhenEnded(
    const std::string& id) {
  return [this, id](const pipeline::RebuildStatus& status) {
    switch (status.phase) {
      case pipeline::RebuildStatus::Phase::kDone:
        return End(id, v1::OPERATION_STATE_DONE, status);
      case pipeline::RebuildStatus::Phase::kCancelled:
        return End(id, v1::OPERATION_STATE_CANCELLED, status);
      default:
        if (absl::IsCancelled(status.cause)) return NoteOrderlyEnd(id);
        return End(id, v1::OPERATION_STATE_FAILED, status);
    }
  };
}

v1::ListOperationsResponse OperationBook::List() const {
  absl::MutexLock lock(&mutex_);
  return list_;
}

absl::StatusOr<v1::Operation> OperationBook::Find(const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  for (const v1::Operation& operation : list_.operations()) {
    if (operation.id() == id) return operation;
  }
  return Unknown(id);
}

absl::Status OperationBook::Unknown(const std::string& id) {
  return absl::NotFoundError(absl::StrCat("OPERATION_UNKNOWN: there is no operation ", id,
                                          " here; look which there are: rapport operations list"));
}

bool OperationBook::AwaitEnd(const std::string& id, absl::Time deadline) const {
  const auto has_ended = [this, &id]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return std::none_of(list_.operations().begin(), list_.operations().end(),
                        [&id](const v1::Operation& one) { return one.id() == id && GoesOn(one); });
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(&has_ended), deadline);
}

std::optional<v1::Operation> OperationBook::Interrupted() const {
  absl::MutexLock lock(&mutex_);
  for (const v1::Operation& operation : list_.operations()) {
    if (ChangesState(operation) && GoesOn(operation)) return operation;
  }
  return std::nullopt;
}

std::vector<v1::Operation> OperationBook::WalksToGoOn() const {
  absl::MutexLock lock(&mutex_);
  std::vector<v1::Operation> walks;
  for (const v1::Operation& operation : list_.operations()) {
    if (!ChangesState(operation) && GoesOn(operation)) walks.push_back(operation);
  }
  std::reverse(walks.begin(), walks.end());
  return walks;
}

int64_t OperationBook::LastPace() const {
  absl::MutexLock lock(&mutex_);
  for (const v1::Operation& operation : list_.operations()) {
    const bool is_free = operation.records_per_second_max() == 0;
    if (is_free && operation.state() == v1::OPERATION_STATE_DONE &&
        operation.rebuild().records_per_second() > 0) {
      return operation.rebuild().records_per_second();
    }
  }
  return 0;
}

bool ChangesState(const v1::Operation& operation) {
  return operation.kind() == v1::OPERATION_KIND_REBUILD ||
         operation.kind() == v1::OPERATION_KIND_REFOLD;
}

bool GoesOn(const v1::Operation& operation) {
  return operation.state() == v1::OPERATION_STATE_RUNNING ||
         operation.state() == v1::OPERATION_STATE_QUEUED;
}

absl::Status BeginOperation(OperationBook& book, v1::Operation& operation,
                            absl::FunctionRef<absl::Status(const v1::Operation& begun)> begin) {
  ASSIGN_OR_RETURN(const std::string id, book.Begin(operation));
  operation.set_id(id);
  operation.set_state(v1::OPERATION_STATE_RUNNING);
  const absl::Status begun = begin(operation);
  if (!begun.ok()) book.Forget(id);
  return begun;
}

}  // namespace rapport::operations
