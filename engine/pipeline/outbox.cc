#include "engine/pipeline/outbox.h"

#include <limits>
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
constexpr Offset kAllSeen = std::numeric_limits<Offset>::max();

}  // namespace

// What the log was given, and what it has said so far.
struct Outbox::Sending {
  std::mutex mutex;
  size_t open = 0;
  std::vector<std::pair<Offset, absl::Status>> answers;
  // Rows before it were seen; the greatest offset when that is all of them.
  Offset end = 0;
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
  ASSIGN_OR_RETURN(const auto twins, store.Twins(parts_.partition, at_, kTwinsAtOnce));
  const Offset end = twins.size() < kTwinsAtOnce ? kAllSeen : twins.back().offset + 1;
  Forget(twins, end);
  sending_ = std::make_shared<Sending>();
  sending_->end = end;
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
  bool refuses = false;
  for (const auto& [offset, status] : sending->answers) {
    refused_since_.Update(status);
    refuses = refuses || !status.ok();
    if (!status.ok()) continue;
    if (sent_.insert(offset).second) told.push_back(offset);
    if (refused_since_.ok()) next_ = offset + 1;
  }
  waiting_ -= static_cast<int64_t>(told.size());
  sent_.erase(sent_.begin(), sent_.lower_bound(next_));
  refused_.Update(refused_since_);
  // A log that takes nothing at all is not asked for everything at once.
  if (refuses && told.empty()) again_at_us_ = parts_.clock->NowMicros() + kPauseUs;
  at_ = sending->end;
  if (at_ == kAllSeen || waiting_ == 0) BeginAgain();
  return told;
}

void Outbox::BeginAgain() {
  refused_ = std::exchange(refused_since_, absl::OkStatus());
  if (!refused_.ok()) again_at_us_ = parts_.clock->NowMicros() + kPauseUs;
  at_ = next_;
}

void Outbox::Forget(const std::vector<store::WaitingTwin>& rows, Offset end) {
  auto row = rows.begin();
  for (auto sent = sent_.lower_bound(at_); sent != sent_.end() && *sent < end;) {
    while (row != rows.end() && row->offset < *sent) ++row;
    const bool is_there = row != rows.end() && row->offset == *sent;
    sent = is_there ? std::next(sent) : sent_.erase(sent);
  }
}

}  // namespace rapport::pipeline
