#include "consumers/operations/batch_publisher.h"

#include <algorithm>
#include <utility>

#include "consumers/edge/field_path.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr int kBatchItems = 500;
// A request holds at most 1 MiB; an item may be 64 KiB.
constexpr size_t kBatchBytes = 900 * 1024;
// While one batch is synced the next ones are checked.
constexpr size_t kUnderWayMax = 4;

}  // namespace

absl::Status BatchPublisher::Add(v1::PublishItem item) {
  const size_t bytes = item.ByteSizeLong() + 8;
  if (batch_bytes_ + bytes > kBatchBytes) Send();
  batch_bytes_ += bytes;
  *batch_.add_items() = std::move(item);
  if (batch_.items_size() == kBatchItems) Send();
  while (under_way_.size() > kUnderWayMax) RETURN_IF_ERROR(TakeAnswer());
  return absl::OkStatus();
}

absl::Status BatchPublisher::Finish() {
  Send();
  while (!under_way_.empty()) RETURN_IF_ERROR(TakeAnswer());
  return absl::OkStatus();
}

void BatchPublisher::Send() {
  if (batch_.items().empty()) return;
  under_way_.push_back(std::async(std::launch::async, [client = client_, batch = batch_] {
    Answer answer;
    answer.status = client->Call(client->publish(), &v1::PublishService::Stub::BatchPublish, batch,
                                 &answer.response);
    return answer;
  }));
  batch_.clear_items();
  batch_bytes_ = 0;
}

absl::Status BatchPublisher::TakeAnswer() {
  Answer answer = under_way_.front().get();
  under_way_.pop_front();
  RETURN_IF_ERROR(answer.status);
  ASSIGN_OR_RETURN(const Position position, Position::Parse(answer.response.position()));
  // A batch of which nothing was taken has no position.
  if (!position.next.empty()) position_.log = position.log;
  for (const auto& [partition, next] : position.next) {
    position_.next[partition] = std::max(position_.next[partition], next);
  }
  for (int i = 0; i < answer.response.results_size(); ++i) {
    v1::PublishResult& result = *answer.response.mutable_results(i);
    // Whoever gave the item knows where it stands in his file.
    if (result.has_error()) edge::UnnameItem(i, *result.mutable_error());
    accepted_ += result.status() == v1::PublishResult::STATUS_ACCEPTED;
    duplicates_ += result.status() == v1::PublishResult::STATUS_DUPLICATE;
    rejected_ += result.status() == v1::PublishResult::STATUS_REJECTED;
    on_result_(result);
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
