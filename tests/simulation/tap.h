// Tap: a log between the ingress and the log proper, which shows what passes, and lets the world
// work where the ingress would wait for other threads.
//
// Threads: one. Ownership: borrows the inner log.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/log/log.h"

namespace rapport::simulation {

class Tap : public log::Log {
 public:
  explicit Tap(std::function<void(const NewRecord&)> on_append)
      : on_append_(std::move(on_append)) {}

  void SetInner(log::Log* inner) { inner_ = inner; }
  // Called after each append, and with the partition whose end is asked for; null = never.
  void SetWaiting(std::function<void(std::optional<Partition>)> waiting) {
    waiting_ = std::move(waiting);
  }

  LogIdentity identity() const override { return inner_->identity(); }
  std::string name() const override { return inner_->name(); }
  int partitions() const override { return inner_->partitions(); }

  void Append(NewRecord record, log::AppendDone done) override {
    on_append_(record);
    inner_->Append(std::move(record), std::move(done));
    if (waiting_) waiting_(std::nullopt);
  }

  absl::StatusOr<log::OffsetRange> Range(Partition partition) override {
    if (waiting_) waiting_(partition);
    return inner_->Range(partition);
  }

  absl::StatusOr<std::unique_ptr<log::LogReader>> NewReader(Partition partition,
                                                            Offset next) override {
    return inner_->NewReader(partition, next);
  }

 private:
  const std::function<void(const NewRecord&)> on_append_;
  log::Log* inner_ = nullptr;
  std::function<void(std::optional<Partition>)> waiting_;
};

}  // namespace rapport::simulation
