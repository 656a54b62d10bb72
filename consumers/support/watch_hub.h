// WatchHub: makes the steps of the present once, for all who watch.
//
//   ASSIGN_OR_RETURN(auto seat, hub.Attach());
//   WatchPlace place = seat->Begin();         // what is told from here on is gathered
//   switch (seat->Next(patience, told)) ...
//
// A thread runs only while somebody watches. Steps begin at the present of whoever comes first; who
// comes with a place of before goes by himself to where the hub was when he began, by the same
// WatchSteps, and finds the rest in his seat. A seat that holds too much is emptied and says that
// it is behind: then he goes by himself again, from his own place, so nothing is lost and memory is
// bounded.
//
// Threads:   all methods of the hub from any thread; a seat belongs to one thread.
// Ownership: borrows the engine; seats must go before the hub.
// Errors:    Attach: RESOURCE_EXHAUSTED (TOO_MANY_STREAMS).
// Limits:    256 seats, 1,024 messages in each.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "consumers/support/watch_place.h"
#include "consumers/support/watch_steps.h"
#include "engine/engine.h"

namespace rapport::support {

struct WatchOptions {
  // A message at least so often.
  absl::Duration heartbeat = absl::Seconds(15);
  // How often new events are looked for.
  absl::Duration pause = absl::Milliseconds(50);
  // By the engine's clock: how often is looked what time changed.
  int64_t time_step_us = 10'000'000;
  // Of what was told last, to compare with.
  size_t memory_bytes = size_t{32} << 20;
  size_t seats_max = 256;
  size_t messages_max = 1024;
};

// A step that was told, as those who watch are told it.
struct WatchTold {
  std::vector<v1::WatchRelationshipsResponse> messages;
  WatchPlace after;
};

class WatchHub {
 public:
  class Seat;

  explicit WatchHub(const Engine* engine, const WatchOptions& options = {});
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  absl::StatusOr<std::unique_ptr<Seat>> Attach();
  const WatchOptions& options() const { return options_; }
  size_t seats() const;

  // The rules of the place that a text names: the active ones, or such as were. Errors: those of
  // Engine::RulesNamed.
  absl::StatusOr<std::shared_ptr<const fold::Projection>> RulesOf(const std::string& name) const;

 private:
  class Gatherer;

  void Run();
  // One round; `moved` when there was anything.
  absl::Status Advance(WatchSteps& steps, WatchPlace& place, bool& moved);
  absl::Status FollowLoss(WatchPlace& place);
  WatchPlace Present() const;
  void Publish(std::vector<v1::WatchRelationshipsResponse> messages, bool is_too_much,
               const WatchPlace& place);

  const Engine* const engine_;
  const WatchOptions options_;
  std::atomic<bool> stopping_ = false;

  mutable absl::Mutex mutex_;
  std::set<Seat*> seats_ ABSL_GUARDED_BY(mutex_);
  WatchPlace place_ ABSL_GUARDED_BY(mutex_);
  bool is_running_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

class WatchHub::Seat {
 public:
  enum class News {
    // `told` is the next step.
    kStep,
    // Nothing yet; `place` is up to where.
    kNothing,
    // Steps were dropped: begin again.
    kBehind,
    // Changes were lost: begin again, at the hub's place.
    kLost,
    // The hub cannot go on: failure() says why.
    kFailed,
  };

  ~Seat();

  // Where the hub is; forgets what was gathered, and gathers what is told from there on.
  WatchPlace Begin();
  // The next news, waited for as long as `patience`.
  News Next(absl::Duration patience, std::shared_ptr<const WatchTold>& told, WatchPlace& place);
  absl::Status failure() const;

 private:
  friend class WatchHub;
  explicit Seat(WatchHub* hub) : hub_(hub) {}
  bool HasNews() const { return !told_.empty() || is_behind_ || is_lost_ || !failure_.ok(); }

  WatchHub* const hub_;
  // All below under the hub's mutex.
  std::deque<std::shared_ptr<const WatchTold>> told_;
  size_t messages_ = 0;
  bool is_gathering_ = false;
  bool is_behind_ = false;
  bool is_lost_ = false;
  absl::Status failure_;
};

}  // namespace rapport::support
