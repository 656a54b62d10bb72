#include "consumers/support/watch_hub.h"

#include <algorithm>
#include <utility>

#include "consumers/edge/dispatcher.h"
#include "consumers/edge/viewpoint.h"
#include "engine/base/status_macros.h"

namespace rapport::support {

// Gathers the messages of a step, then hands it to everybody.
class WatchHub::Gatherer final : public WatchListener {
 public:
  explicit Gatherer(WatchHub* hub) : hub_(hub) {}

  bool OnChange(v1::RelationshipChange change, const WatchPlace& place) override {
    if (messages_.size() >= hub_->options_.messages_max) {
      is_too_much_ = true;
      messages_.clear();
    }
    if (!is_too_much_) {
      v1::WatchRelationshipsResponse& message = messages_.emplace_back();
      message.set_position(place.ToString());
      *message.mutable_change() = std::move(change);
    }
    return GoOn();
  }

  bool OnStep(const WatchPlace& place) override {
    hub_->Publish(std::exchange(messages_, {}), std::exchange(is_too_much_, false), place);
    return GoOn();
  }

  bool GoOn() override { return !hub_->stopping_; }

 private:
  WatchHub* const hub_;
  std::vector<v1::WatchRelationshipsResponse> messages_;
  bool is_too_much_ = false;
};

WatchHub::WatchHub(const Engine* engine, const WatchOptions& options)
    : engine_(engine), options_(options) {}

WatchHub::~WatchHub() {
  std::thread thread;
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    thread.swap(thread_);
  }
  if (thread.joinable()) thread.join();
}

size_t WatchHub::seats() const {
  const absl::MutexLock lock(&mutex_);
  return seats_.size();
}

absl::StatusOr<std::unique_ptr<WatchHub::Seat>> WatchHub::Attach() {
  std::unique_ptr<Seat> seat(new Seat(this));
  const absl::MutexLock lock(&mutex_);
  if (seats_.size() >= options_.seats_max) return edge::TooManyStreams();
  seats_.insert(seat.get());
  if (is_running_) return seat;
  // It has left its last line when it is not running any more.
  if (thread_.joinable()) thread_.join();
  place_ = Present();
  is_running_ = true;
  thread_ = std::thread([this] { Run(); });
  return seat;
}

absl::StatusOr<std::shared_ptr<const fold::Projection>> WatchHub::RulesOf(
    const std::string& name) const {
  std::shared_ptr<const fold::Projection> active = engine_->rules();
  if (name.empty() || name == edge::RulesDigestOf(*active)) return active;
  return engine_->RulesNamed(name, {});
}

WatchPlace WatchHub::Present() const {
  WatchPlace place;
  place.position = engine_->pipeline().Applied();
  for (auto& [partition, next] : place.position.next) {
    next = std::min(next, engine_->archive().End(partition).next);
  }
  place.told_to_us = engine_->clock().NowMicros();
  place.rules = engine_->rules();
  return place;
}

void WatchHub::Run() {
  auto steps = std::make_unique<WatchSteps>(engine_, options_.memory_bytes);
  WatchPlace place;
  {
    const absl::MutexLock lock(&mutex_);
    place = place_;
  }
  const auto ends = [this]() { return stopping_.load(); };
  while (true) {
    bool moved = false;
    const absl::Status status = Advance(*steps, place, moved);
    const absl::MutexLock lock(&mutex_);
    const bool is_fatal =
        !status.ok() && !absl::IsCancelled(status) && !absl::IsUnavailable(status);
    if (is_fatal) {
      for (Seat* seat : seats_) seat->failure_ = status;
    }
    if (is_fatal || stopping_ || seats_.empty()) {
      is_running_ = false;
      return;
    }
    if (!status.ok()) {
      // What was begun is told again from where the last step ended.
      steps = std::make_unique<WatchSteps>(engine_, options_.memory_bytes);
      place = place_;
    }
    if (!moved) mutex_.AwaitWithTimeout(absl::Condition(&ends), options_.pause);
  }
}

absl::Status WatchHub::Advance(WatchSteps& steps, WatchPlace& place, bool& moved) {
  Gatherer gatherer(this);
  const WatchPlace present = Present();
  if (place.rules != present.rules) {
    moved = true;
    if (edge::RulesDigestOf(*place.rules) == edge::RulesDigestOf(*present.rules)) {
      place.rules = present.rules;
    } else {
      RETURN_IF_ERROR(steps.TellRules(place, present.rules, gatherer));
    }
  }
  RETURN_IF_ERROR(FollowLoss(place));
  moved = moved || place.position.next != present.position.next;
  RETURN_IF_ERROR(steps.TellEvents(place, present.position, gatherer));
  const pipeline::Pipeline& pipeline = engine_->pipeline();
  if (present.told_to_us - place.told_to_us < options_.time_step_us) return absl::OkStatus();
  // Without indexes everybody would be evaluated; they are soon there.
  if (pipeline.IndexesReady() < pipeline.partitions()) return absl::OkStatus();
  return steps.TellTime(place, present.told_to_us, gatherer);
}

// What a loss took nobody can tell: whoever keeps what he was told must read anew.
absl::Status WatchHub::FollowLoss(WatchPlace& place) {
  const Position complete = engine_->CompleteFrom();
  bool is_lost = false;
  for (const auto& [partition, from] : complete.next) {
    Offset& next = place.position.next[partition];
    is_lost = is_lost || next < from;
    next = std::max(next, from);
  }
  if (!is_lost) return absl::OkStatus();
  const absl::MutexLock lock(&mutex_);
  place_ = place;
  for (Seat* seat : seats_) seat->is_lost_ = true;
  return absl::OkStatus();
}

void WatchHub::Publish(std::vector<v1::WatchRelationshipsResponse> messages, bool is_too_much,
                       const WatchPlace& place) {
  const size_t count = messages.size();
  const auto told = std::make_shared<const WatchTold>(WatchTold{std::move(messages), place});
  const absl::MutexLock lock(&mutex_);
  place_ = place;
  if (count == 0 && !is_too_much) return;
  for (Seat* seat : seats_) {
    if (!seat->is_gathering_ || seat->is_behind_) continue;
    if (is_too_much || seat->messages_ + count > options_.messages_max) {
      seat->is_behind_ = true;
      seat->told_.clear();
      continue;
    }
    seat->messages_ += count;
    seat->told_.push_back(told);
  }
}

WatchHub::Seat::~Seat() {
  const absl::MutexLock lock(&hub_->mutex_);
  hub_->seats_.erase(this);
}

WatchPlace WatchHub::Seat::Begin() {
  const absl::MutexLock lock(&hub_->mutex_);
  told_.clear();
  messages_ = 0;
  is_gathering_ = true;
  is_behind_ = false;
  return hub_->place_;
}

WatchHub::Seat::News WatchHub::Seat::Next(absl::Duration patience,
                                          std::shared_ptr<const WatchTold>& told,
                                          WatchPlace& place) {
  const absl::MutexLock lock(&hub_->mutex_);
  const auto has_news = [this]() { return HasNews(); };
  hub_->mutex_.AwaitWithTimeout(absl::Condition(&has_news), patience);
  if (!failure_.ok()) return News::kFailed;
  if (std::exchange(is_lost_, false)) return News::kLost;
  if (is_behind_) return News::kBehind;
  if (told_.empty()) {
    place = hub_->place_;
    return News::kNothing;
  }
  told = std::move(told_.front());
  told_.pop_front();
  messages_ -= told->messages.size();
  return News::kStep;
}

absl::Status WatchHub::Seat::failure() const {
  const absl::MutexLock lock(&hub_->mutex_);
  return failure_;
}

}  // namespace rapport::support
