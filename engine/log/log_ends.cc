#include "engine/log/log_ends.h"

namespace rapport::log {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(500);

}  // namespace

LogEnds::LogEnds(Log* log)
    : log_(log), ends_(static_cast<size_t>(log->partitions())), thread_([this] { Run(); }) {}

LogEnds::~LogEnds() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::vector<Offset> LogEnds::Ends(absl::Duration patience) {
  std::unique_lock lock(mutex_);
  if (patience > absl::ZeroDuration()) {
    // A round under way may have asked before the caller's own append: only a later one counts.
    const int64_t round = begun_ + 1;
    wanted_ = round;
    changed_.notify_all();
    changed_.wait_for(lock, absl::ToChronoNanoseconds(patience),
                      [&] { return stopping_ || finished_ >= round; });
  }
  return ends_;
}

void LogEnds::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const int64_t round = ++begun_;
    for (size_t partition = 0; partition < ends_.size() && !stopping_; ++partition) {
      lock.unlock();
      const auto range = log_->Range(static_cast<Partition>(partition));
      lock.lock();
      if (range.ok()) ends_[partition] = range->end;
      // A log that does not answer for one partition is not asked for the others.
      if (absl::IsUnavailable(range.status())) break;
    }
    finished_ = round;
    changed_.notify_all();
    changed_.wait_for(lock, kInterval, [&] { return stopping_ || wanted_ > begun_; });
  }
}

}  // namespace rapport::log
