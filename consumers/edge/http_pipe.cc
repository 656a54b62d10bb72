#include "consumers/edge/http_pipe.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rapport::edge {
namespace {

constexpr size_t kWaitingMax = 64 << 10;

}  // namespace

void HttpPipe::Append(absl::string_view bytes) {
  // A chunk without bytes would be the end.
  if (bytes.empty()) return;
  if (is_chunked_) {
    absl::StrAppend(&waiting_, absl::Hex(bytes.size()), "\r\n", bytes, "\r\n");
  } else {
    absl::StrAppend(&waiting_, bytes);
  }
}

void HttpPipe::Open(std::string head, bool chunked) {
  const absl::MutexLock lock(&mutex_);
  waiting_ = std::move(head);
  is_chunked_ = chunked;
}

bool HttpPipe::Put(absl::string_view bytes) {
  const absl::MutexLock lock(&mutex_);
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return has_failed_ || is_stopped_ || waiting_.size() < kWaitingMax;
  };
  mutex_.Await(absl::Condition(&has_room));
  if (has_failed_ || is_stopped_) return false;
  Append(bytes);
  return true;
}

bool HttpPipe::End(absl::string_view last, bool may_replace) {
  const absl::MutexLock lock(&mutex_);
  if (may_replace && !was_taken_) {
    waiting_.clear();
    was_taken_ = true;
    return false;
  }
  Append(last);
  if (is_chunked_) waiting_ += "0\r\n\r\n";
  has_ended_ = true;
  return true;
}

std::string HttpPipe::Take() {
  const absl::MutexLock lock(&mutex_);
  std::string taken;
  taken.swap(waiting_);
  if (!taken.empty()) was_taken_ = true;
  return taken;
}

bool HttpPipe::is_done() const {
  const absl::MutexLock lock(&mutex_);
  return has_ended_ && waiting_.empty();
}

void HttpPipe::Stop() {
  const absl::MutexLock lock(&mutex_);
  is_stopped_ = true;
}

void HttpPipe::Fail() {
  const absl::MutexLock lock(&mutex_);
  has_failed_ = true;
}

}  // namespace rapport::edge
