#include "consumers/transactions/publish_stream.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rapport::transactions {
namespace {

// How long a full queue of the log is waited for.
constexpr absl::Duration kPatience = absl::Seconds(30);
// Between two looks at an allowance that is used up.
constexpr absl::Duration kBeforeNextLook = absl::Milliseconds(10);

}  // namespace

absl::Status PublishStream::Run() {
  v1::StreamPublishResponse first;
  first.set_credits(kCredits);
  if (!sink_->Write(first)) return absl::OkStatus();
  std::thread publisher([this] { PublishAll(); });
  const absl::Status status = ReadAll();
  {
    const absl::MutexLock lock(&mutex_);
    has_ended_ = true;
  }
  publisher.join();
  return status;
}

absl::Status PublishStream::ReadAll() {
  v1::StreamPublishRequest request;
  while (source_->Read(request)) {
    if (request.items_size() > kItemsMax) {
      return absl::InvalidArgumentError(absl::StrCat("TOO_LARGE: items: ", request.items_size(),
                                                     " items; send at most ", kItemsMax,
                                                     " at once"));
    }
    if (!Put(request)) break;
    request.Clear();
  }
  return absl::OkStatus();
}

bool PublishStream::AwaitAllowance(int events) const {
  if (call_->TakePublishes(events).ok()) return true;
  for (int i = 0; i < events; ++i) {
    while (!call_->TakePublishes(1).ok()) {
      if (call_->CancelledWithin(kBeforeNextLook)) return false;
    }
  }
  return true;
}

bool PublishStream::Put(v1::StreamPublishRequest& request) {
  if (!AwaitAllowance(request.items_size())) return false;
  const absl::MutexLock lock(&mutex_);
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return has_left_ || (waiting_.size() < size_t{kCredits} && waiting_bytes_ < kBytesMax);
  };
  mutex_.Await(absl::Condition(&has_room));
  if (has_left_) return false;
  waiting_bytes_ += request.ByteSizeLong();
  for (v1::PublishItem& item : *request.mutable_items()) waiting_.push_back(std::move(item));
  return true;
}

std::deque<v1::PublishItem> PublishStream::TakeWaiting() {
  const absl::MutexLock lock(&mutex_);
  const auto has_any = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return has_ended_ || !waiting_.empty();
  };
  mutex_.Await(absl::Condition(&has_any));
  waiting_bytes_ = 0;
  return std::exchange(waiting_, {});
}

void PublishStream::PublishAll() {
  for (;;) {
    const std::deque<v1::PublishItem> items = TakeWaiting();
    if (items.empty()) return;
    if (Answer(items)) continue;
    const absl::MutexLock lock(&mutex_);
    has_left_ = true;
    return;
  }
}

bool PublishStream::Answer(const std::deque<v1::PublishItem>& items) {
  std::vector<const v1::PublishItem*> all;
  for (const v1::PublishItem& item : items) all.push_back(&item);
  const auto left = absl::MakeConstSpan(all);
  pipeline::PublishOptions options;
  options.deadline = std::min(call_->given_deadline(), absl::Now() + kPatience);
  v1::BatchPublishResponse results;
  const Position position =
      items_->Publish(call_->caller(), left, options, *results.mutable_results());
  for (int from = 0; from < results.results_size(); from += kItemsMax) {
    v1::StreamPublishResponse response;
    const int to = std::min(from + kItemsMax, results.results_size());
    for (int i = from; i < to; ++i)
      *response.add_results() = std::move(*results.mutable_results(i));
    response.set_credits(to - from);
    if (to == results.results_size()) response.set_position(position.ToString());
    if (!sink_->Write(response)) return false;
  }
  return true;
}

}  // namespace rapport::transactions
