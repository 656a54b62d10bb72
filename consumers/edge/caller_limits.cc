#include "consumers/edge/caller_limits.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rapport::edge {
namespace {

constexpr absl::Duration kBetweenSweeps = absl::Milliseconds(200);

}  // namespace

// What one caller has under way, and the events he may publish: a second's worth at most, refilled
// as time goes.
class CallerLimits::Usage final : public Allowance {
 public:
  explicit Usage(const CallerLimitOptions& options)
      : options_(options), events_(options.publishes_per_second), refilled_(options.now()) {}

  // False when there are enough already.
  bool Begin(Kind kind) {
    const absl::MutexLock lock(&mutex_);
    int& running = kind == Kind::kStream ? streams_ : calls_;
    if (running >= options_.in_flight) return false;
    ++running;
    return true;
  }
  void End(Kind kind) {
    const absl::MutexLock lock(&mutex_);
    --(kind == Kind::kStream ? streams_ : calls_);
  }

  bool Take(int64_t events) override {
    const absl::MutexLock lock(&mutex_);
    Refill();
    // What is more than a second's worth in itself waits for a whole one.
    if (events_ < std::min(events, options_.publishes_per_second)) return false;
    events_ -= events;
    return true;
  }

  bool IsWhole() {
    const absl::MutexLock lock(&mutex_);
    Refill();
    return calls_ == 0 && streams_ == 0 && events_ >= options_.publishes_per_second;
  }

 private:
  void Refill() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Time now = options_.now();
    if (now <= refilled_) return;
    const int64_t micros = absl::ToInt64Microseconds(std::min(now - refilled_, absl::Seconds(60)));
    const int64_t events = micros * options_.publishes_per_second / 1'000'000;
    if (events == 0) return;
    refilled_ = now;
    events_ = std::min(events_ + events, options_.publishes_per_second);
  }

  const CallerLimitOptions& options_;
  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t events_ ABSL_GUARDED_BY(mutex_);
  absl::Time refilled_ ABSL_GUARDED_BY(mutex_);
};

namespace {

CallerLimitOptions WithClock(CallerLimitOptions options) {
  if (!options.now) options.now = absl::Now;
  return options;
}

}  // namespace

CallerLimits::CallerLimits(CallerLimitOptions options) : options_(WithClock(std::move(options))) {}

size_t CallerLimits::size() const {
  const absl::MutexLock lock(&mutex_);
  return usages_.size();
}

std::shared_ptr<CallerLimits::Usage> CallerLimits::Find(const std::string& caller) {
  const absl::MutexLock lock(&mutex_);
  if (const auto found = usages_.find(caller); found != usages_.end()) return found->second;
  if (usages_.size() >= options_.callers) {
    const absl::Time now = options_.now();
    if (now < next_sweep_) return nullptr;
    next_sweep_ = now + kBetweenSweeps;
    absl::erase_if(usages_, [](const auto& entry) {
      return entry.second.use_count() == 1 && entry.second->IsWhole();
    });
    if (usages_.size() >= options_.callers) return nullptr;
  }
  return usages_[caller] = std::make_shared<Usage>(options_);
}

absl::StatusOr<CallerShare> CallerLimits::Enter(const std::string& caller, Kind kind) {
  std::shared_ptr<Usage> usage = Find(caller);
  if (usage == nullptr) {
    return absl::ResourceExhaustedError(
        "RATE_LIMITED: too many different callers at once; call again a little later");
  }
  if (!usage->Begin(kind)) {
    return absl::ResourceExhaustedError(
        kind == Kind::kStream
            ? absl::StrCat("TOO_MANY_STREAMS: ", options_.in_flight, " streams of ", caller,
                           " are open; close one")
            : absl::StrCat("RATE_LIMITED: ", options_.in_flight, " calls of ", caller,
                           " are under way; wait for an answer before the next"));
  }
  CallerShare share;
  share.held = std::shared_ptr<void>(nullptr, [usage, kind](void*) { usage->End(kind); });
  share.publishes = std::move(usage);
  return share;
}

}  // namespace rapport::edge
