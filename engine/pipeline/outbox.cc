#include "engine/pipeline/outbox.h"

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/log/partitioner.h"
#include "engine/pipeline/publisher.h"

namespace rapport::pipeline {
namespace {

constexpr size_t kTwinsAtOnce = 256;
constexpr int64_t kPauseUs = 1'000'000;

}  // namespace

// What the log was given, and what it has said so far.
struct Outbox::Sending {
  std::mutex mutex;
  size_t open = 0;
  std::vector<std::pair<Offset, absl::Status>> answers;
};

absl::Status Outbox::Open(const store::StateStore& store) {
  waiting_ = 0;
  Offset from = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto twins, store.Twins(parts_.partition, from, kTwinsAtOnce));
    if (twins.empty()) return absl::OkStatus();
    waiting_ += static_cast<int64_t>(twins.size());
    from = twins.back().offset + 1;
  }
}

absl::StatusOr<std::vector<Offset>> Outbox::Send(const store::StateStore& store) {
  std::vector<Offset> told = Take();
  const int64_t now_us = parts_.clock->NowMicros();
  // A clock that was set back does not put it off.
  const bool pauses = now_us < again_at_us_ && again_at_us_ - now_us <= kPauseUs;
  if (sending_ != nullptr || waiting_ == 0 || pauses) return told;
  ASSIGN_OR_RETURN(const auto twins, store.Twins(parts_.partition, next_, kTwinsAtOnce));
  sending_ = std::make_shared<Sending>();
  sending_->open = twins.size();
  for (const store::WaitingTwin& twin : twins) {
    sending_->answers.emplace_back(twin.offset, absl::OkStatus());
  }
  for (size_t place = 0; place < twins.size(); ++place) Append(twins[place], place);
  for (const Offset offset : Take()) told.push_back(offset);
  return told;
}

void Outbox::Append(const store::WaitingTwin& twin, size_t place) {
  const auto answer = [sending = sending_, place](const absl::Status& status) {
    std::lock_guard lock(sending->mutex);
    sending->answers[place].second = status;
    --sending->open;
  };
  if (sent_.contains(twin.offset)) return answer(absl::OkStatus());
  v1::Event event;
  RAPPORT_CHECK(event.ParseFromString(twin.bytes)) << "a row that was written whole";
  const Partition to = log::PartitionOf(event.customer_id(), parts_.log->partitions());
  const absl::Status stopped = parts_.progress->Of(to).stopped;
  // An archive that has lost events takes no new ones: they would stand at offsets of the lost.
  if (absl::IsDataLoss(stopped)) return answer(stopped);
  NewRecord record{event.customer_id(), twin.bytes, {}};
  if (parts_.log->name() == "kafka") record.headers = CloudEventHeaders(event);
  parts_.log->Append(std::move(record), [answer](const absl::StatusOr<log::Appended>& appended) {
    answer(appended.status());
  });
}

std::vector<Offset> Outbox::Take() {
  std::vector<Offset> told;
  if (sending_ == nullptr) return told;
  {
    std::lock_guard lock(sending_->mutex);
    if (sending_->open > 0) return told;
  }
  const std::shared_ptr<Sending> sending = std::exchange(sending_, nullptr);
  refused_ = absl::OkStatus();
  for (const auto& [offset, status] : sending->answers) {
    refused_.Update(status);
    if (!status.ok()) continue;
    if (sent_.insert(offset).second) told.push_back(offset);
    if (refused_.ok()) next_ = offset + 1;
  }
  waiting_ -= static_cast<int64_t>(told.size());
  sent_.erase(sent_.begin(), sent_.lower_bound(next_));
  if (!refused_.ok()) again_at_us_ = parts_.clock->NowMicros() + kPauseUs;
  return told;
}

}  // namespace rapport::pipeline
