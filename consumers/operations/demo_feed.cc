#include "consumers/operations/demo_feed.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr size_t kBatchEvents = 500;
// Batches that wait for a thread, so that an import does not hold its whole file.
constexpr size_t kWaitingMax = 8;

// True for what one event is to blame for.
bool BlamesEvent(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status);
}

}  // namespace

DemoFeed::DemoFeed(const Engine* engine, int threads) : engine_(engine) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

DemoFeed::~DemoFeed() { End(); }

absl::Status DemoFeed::Add(v1::Event event) {
  newest_us_ = std::max(newest_us_, event.occurred_at_us());
  batch_.push_back(std::move(event));
  return batch_.size() < kBatchEvents ? absl::OkStatus() : HandOver();
}

absl::Status DemoFeed::Finish() {
  const absl::Status handed_over = HandOver();
  End();
  RETURN_IF_ERROR(handed_over);
  return failed_;
}

absl::Status DemoFeed::HandOver() {
  if (batch_.empty()) return absl::OkStatus();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return batches_.size() < kWaitingMax || !failed_.ok(); });
  RETURN_IF_ERROR(failed_);
  batches_.push_back(std::exchange(batch_, {}));
  changed_.notify_all();
  return absl::OkStatus();
}

void DemoFeed::End() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void DemoFeed::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || !batches_.empty(); });
    if (batches_.empty() || !failed_.ok()) return;
    const std::vector<v1::Event> batch = std::move(batches_.front());
    batches_.pop_front();
    changed_.notify_all();
    lock.unlock();
    const auto outcomes = engine_->publisher().Publish(batch, {});
    lock.lock();
    Take(outcomes);
  }
}

// REQUIRES: mutex_ is held.
void DemoFeed::Take(const std::vector<pipeline::PublishOutcome>& outcomes) {
  for (const pipeline::PublishOutcome& outcome : outcomes) {
    if (outcome.status.ok()) {
      ++(outcome.duplicate ? duplicates_ : accepted_);
    } else if (BlamesEvent(outcome.status)) {
      if (rejected_++ == 0) first_rejection_ = outcome.status;
    } else if (failed_.ok()) {
      failed_ = outcome.status;
    }
  }
  const Position covered = engine_->publisher().PositionOf(outcomes);
  position_.log = covered.log;
  for (const auto& [partition, next] : covered.next) {
    Offset& end = position_.next[partition];
    end = std::max(end, next);
  }
  if (!failed_.ok()) changed_.notify_all();
}

}  // namespace rapport::operations
