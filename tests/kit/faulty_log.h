// FaultyLog passes everything on to another log and fails when a test tells it to.
//
//   kit::FaultyLog log(&memory_log);
//   log.LoseAnswers(1);           // the next append happens, its publisher hears UNAVAILABLE
//   log.FailReads(3, absl::UnavailableError("broker gone"));
//
// Threads:   all methods from any thread; readers as the log's own.
// Ownership: borrows the log, which must outlive it; readers must be destroyed before it.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/log/log.h"

namespace rapport::kit {

class FaultyLog : public log::Log {
 public:
  explicit FaultyLog(log::Log* inner) : inner_(inner) {}

  // The next `count` appends do not happen and hear `status`.
  void FailAppends(int count, absl::Status status) {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < count; ++i) appends_.push_back({Fault::kFail, status});
  }
  // The next `count` appends happen, but hear UNAVAILABLE: the answer was lost on its way.
  void LoseAnswers(int count) {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < count; ++i) {
      appends_.push_back({Fault::kLoseAnswer, absl::UnavailableError("the answer was lost")});
    }
  }
  // The next `count` appends happen twice: a producer tried again. The second place is told.
  void DoubleAppends(int count) {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < count; ++i) appends_.push_back({Fault::kDouble, absl::OkStatus()});
  }
  // The next `count` reads, of any reader, answer `status`.
  void FailReads(int count, absl::Status status) {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < count; ++i) reads_.push_back(status);
  }
  // The next read, of any reader, begins so many offsets further back than it should, as far as the
  // log goes back.
  void GoBack(Offset offsets) {
    absl::MutexLock lock(&mutex_);
    back_ = offsets;
  }
  // The next `count` reads, of any reader, give each record twice.
  void DoubleReads(int count) {
    absl::MutexLock lock(&mutex_);
    doubled_reads_ = count;
  }
  // From now on each read gives at most `records`; 0 lifts it.
  void LimitReads(size_t records) {
    absl::MutexLock lock(&mutex_);
    read_limit_ = records;
  }
  // Range, NewReader, reads and appends answer `status` until it is OK: the log is out of reach.
  void SetReachable(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    reachable_ = std::move(status);
  }

  LogIdentity identity() const override { return inner_->identity(); }
  std::string name() const override { return inner_->name(); }
  int partitions() const override { return inner_->partitions(); }

  void Append(NewRecord record, log::AppendDone done) override {
    const AppendFault fault = TakeAppendFault();
    switch (fault.kind) {
      case Fault::kFail:
        return done(fault.status);
      case Fault::kLoseAnswer:
        return inner_->Append(std::move(record), [done = std::move(done), status = fault.status](
                                                     const auto&) { done(status); });
      case Fault::kDouble:
        inner_->Append(record, [](const auto&) {});
        break;
      case Fault::kNone:
        break;
    }
    inner_->Append(std::move(record), std::move(done));
  }

  absl::StatusOr<log::OffsetRange> Range(Partition partition) override {
    if (absl::Status status = Reachable(); !status.ok()) return status;
    return inner_->Range(partition);
  }

  absl::StatusOr<std::unique_ptr<log::LogReader>> NewReader(Partition partition,
                                                            Offset next) override {
    if (absl::Status status = Reachable(); !status.ok()) return status;
    absl::StatusOr<std::unique_ptr<log::LogReader>> reader = inner_->NewReader(partition, next);
    if (!reader.ok()) return reader;
    return std::make_unique<Reader>(this, partition, next, *std::move(reader));
  }

 private:
  enum class Fault { kNone, kFail, kLoseAnswer, kDouble };
  struct AppendFault {
    Fault kind = Fault::kNone;
    absl::Status status;
  };

  class Reader : public log::LogReader {
   public:
    Reader(FaultyLog* log, Partition partition, Offset next, std::unique_ptr<log::LogReader> inner)
        : log_(log), partition_(partition), next_(next), inner_(std::move(inner)) {}
    absl::StatusOr<RecordBatch> Read(size_t max_records, absl::Duration timeout) override {
      if (absl::Status status = log_->BeginRead(max_records); !status.ok()) return status;
      if (const Offset back = log_->TakeBack(); back > 0) {
        if (absl::Status status = GoBack(back); !status.ok()) return status;
      }
      absl::StatusOr<RecordBatch> batch = inner_->Read(max_records, timeout);
      if (!batch.ok()) return batch;
      next_ = batch->next;
      if (log_->TakeDoubledRead()) {
        std::vector<RecordView> twice;
        for (const RecordView& record : batch->records) twice.insert(twice.end(), 2, record);
        batch->records = std::move(twice);
      }
      return batch;
    }

   private:
    absl::Status GoBack(Offset offsets) {
      const absl::StatusOr<log::OffsetRange> range = log_->inner_->Range(partition_);
      if (!range.ok()) return range.status();
      auto again = log_->inner_->NewReader(
          partition_, std::max(next_ - offsets, std::min(next_, range->start)));
      if (!again.ok()) return again.status();
      inner_ = *std::move(again);
      return absl::OkStatus();
    }

    FaultyLog* const log_;
    const Partition partition_;
    Offset next_;
    std::unique_ptr<log::LogReader> inner_;
  };

  absl::Status Reachable() {
    absl::MutexLock lock(&mutex_);
    return reachable_;
  }

  AppendFault TakeAppendFault() {
    absl::MutexLock lock(&mutex_);
    if (!reachable_.ok()) return {Fault::kFail, reachable_};
    if (appends_.empty()) return {};
    AppendFault fault = std::move(appends_.front());
    appends_.pop_front();
    return fault;
  }

  Offset TakeBack() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(back_, 0);
  }

  bool TakeDoubledRead() {
    absl::MutexLock lock(&mutex_);
    return doubled_reads_ > 0 && doubled_reads_-- > 0;
  }

  absl::Status BeginRead(size_t& max_records) {
    absl::MutexLock lock(&mutex_);
    if (!reachable_.ok()) return reachable_;
    if (read_limit_ > 0 && max_records > read_limit_) max_records = read_limit_;
    if (reads_.empty()) return absl::OkStatus();
    absl::Status status = std::move(reads_.front());
    reads_.pop_front();
    return status;
  }

  log::Log* const inner_;
  absl::Mutex mutex_;
  std::deque<AppendFault> appends_ ABSL_GUARDED_BY(mutex_);
  std::deque<absl::Status> reads_ ABSL_GUARDED_BY(mutex_);
  size_t read_limit_ ABSL_GUARDED_BY(mutex_) = 0;
  Offset back_ ABSL_GUARDED_BY(mutex_) = 0;
  int doubled_reads_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status reachable_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rapport::kit
