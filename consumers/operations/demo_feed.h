// DemoFeed: publishes many events through the engine's own ingress, from a few threads at once.
//
//   DemoFeed feed(&engine, /*threads=*/2);
//   for (v1::Event& event : events) RETURN_IF_ERROR(feed.Add(std::move(event)));
//   RETURN_IF_ERROR(feed.Finish());
//   engine.pipeline().WaitFor(feed.position(), deadline);
//
// An event that is refused is counted, its neighbours go on. What keeps every event from being
// taken in, such as a full disk, ends the feed.
//
// Threads:   Add, Finish and what tells the result from one thread; counts from any thread.
// Ownership: borrows the engine; owns its threads, which end in Finish or the destructor.
// Errors:    what the log says; CANCELLED when the caller gives up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "engine/engine.h"

namespace rapport::operations {

class DemoFeed {
 public:
  DemoFeed(const Engine* engine, int threads);
  ~DemoFeed();
  DemoFeed(const DemoFeed&) = delete;
  DemoFeed& operator=(const DemoFeed&) = delete;

  // Waits while enough is under way.
  absl::Status Add(v1::Event event);
  // Waits until everything is durable in the log.
  absl::Status Finish();

  // Durable so far.
  int64_t accepted() const { return accepted_; }
  int64_t rejected() const { return rejected_; }
  int64_t duplicates() const { return duplicates_; }

  // After Finish: why the first one was refused, where the log ends, and the greatest occurred_at.
  const absl::Status& first_rejection() const { return first_rejection_; }
  const Position& position() const { return position_; }
  int64_t newest_us() const { return newest_us_; }

 private:
  void Work();
  void Take(const std::vector<pipeline::PublishOutcome>& outcomes);
  absl::Status HandOver();
  void End();

  const Engine* const engine_;
  std::vector<v1::Event> batch_;
  int64_t newest_us_ = 0;
  std::atomic<int64_t> accepted_{0};
  std::atomic<int64_t> rejected_{0};
  std::atomic<int64_t> duplicates_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<v1::Event>> batches_;
  bool ended_ = false;
  absl::Status failed_;
  absl::Status first_rejection_;
  Position position_;
  std::vector<std::thread> threads_;
};

}  // namespace rapport::operations
