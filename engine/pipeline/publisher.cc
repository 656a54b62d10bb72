#include "engine/pipeline/publisher.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"

namespace rapport::pipeline {
namespace {

constexpr absl::Duration kQueuePause = absl::Milliseconds(5);

// Counts down the appends of one call.
class Pending {
 public:
  void Add() {
    std::lock_guard lock(mutex_);
    ++count_;
  }
  void Done() {
    std::lock_guard lock(mutex_);
    if (--count_ == 0) zero_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    zero_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable zero_;
  int count_ = 0;
};

// CloudEvents headers, for consumers of the topic that do not know our envelope.
std::vector<std::pair<std::string, std::string>> CloudEventHeaders(const v1::Event& event) {
  const event::KindInfo* kind = event::FindKind(event.kind());
  return {{"content-type", "application/protobuf"},
          {"ce_specversion", "1.0"},
          {"ce_id", event.event_id()},
          {"ce_source", event.source()},
          {"ce_type", absl::StrCat("rapport.v1.", kind == nullptr ? "" : kind->name)},
          {"ce_time", FormatTime(event.occurred_at_us())},
          {"ce_subject", event.customer_id()}};
}

// A checked event on its way.
struct Checked {
  NewRecord record;
  absl::Status status;
  Earlier earlier;
};

Checked Check(const v1::Event& event, bool headers, int partitions, int64_t now_us,
              const Pipeline& pipeline) {
  // Building a validator costs more than a check, so each thread keeps its own.
  static thread_local event::Validator validator{event::ValidatorOptions{}};
  static thread_local event::Validator scratch{event::ValidatorOptions{}};
  Checked checked;
  checked.record.key = event.customer_id().empty() ? event.event_id() : event.customer_id();
  event.SerializeToString(&checked.record.value);
  RecordView view;
  view.partition = log::PartitionOf(checked.record.key, partitions);
  view.append_time_us = now_us;
  view.key = checked.record.key;
  view.value = checked.record.value;
  std::optional<Rejection> rejection = validator.CheckEnvelope(view);
  if (!rejection.has_value()) rejection = event::CheckCustomerIdLooksPersonal(event.customer_id());
  if (!rejection.has_value()) rejection = validator.CheckPayload();
  if (rejection.has_value()) {
    checked.status = rejection->ToStatus();
    return checked;
  }
  absl::StatusOr<Earlier> earlier = pipeline.FindEarlier(validator.event(), scratch);
  checked.status = earlier.status();
  if (earlier.ok()) checked.earlier = *earlier;
  if (headers) checked.record.headers = CloudEventHeaders(event);
  return checked;
}

// The outcome as far as checking tells; what must still be appended has no offset yet.
PublishOutcome OutcomeOf(const Checked& checked, int partitions) {
  PublishOutcome outcome;
  outcome.status = checked.status;
  outcome.appended = {log::PartitionOf(checked.record.key, partitions), checked.earlier.offset,
                      checked.earlier.append_time_us};
  outcome.duplicate = checked.earlier.novelty == Novelty::kDuplicate;
  if (checked.earlier.novelty == Novelty::kConflict) {
    outcome.status = absl::AlreadyExistsError(absl::StrCat(
        "EVENT_ID_CONFLICT: event_id: this customer has another event with this id, at ",
        outcome.appended.partition, "@", checked.earlier.offset,
        "; the first one stands. Publish with a new id"));
  }
  return outcome;
}

// Appends the records at `indices` and waits for all of them.
void AppendAll(log::Log& log, const std::vector<Checked>& checked,
               const std::vector<size_t>& indices, std::vector<PublishOutcome>& outcomes) {
  Pending pending;
  for (const size_t i : indices) {
    pending.Add();
    log.Append(checked[i].record,
               [&pending, &outcome = outcomes[i]](const absl::StatusOr<log::Appended>& result) {
                 outcome.status = result.status();
                 if (result.ok()) outcome.appended = *result;
                 pending.Done();
               });
  }
  pending.Wait();
}

}  // namespace

std::vector<PublishOutcome> Publisher::Publish(absl::Span<const v1::Event> events,
                                               const PublishOptions& options) const {
  const bool headers = log_->name() == "kafka";
  const int partitions = log_->partitions();
  std::vector<Checked> checked;
  std::vector<PublishOutcome> outcomes;
  std::vector<size_t> to_append;
  for (const v1::Event& event : events) {
    checked.push_back(Check(event, headers, partitions, clock_->NowMicros(), *pipeline_));
    outcomes.push_back(OutcomeOf(checked.back(), partitions));
    if (outcomes.back().status.ok() && !outcomes.back().duplicate && !options.validate_only) {
      to_append.push_back(outcomes.size() - 1);
    }
  }
  while (!to_append.empty()) {
    AppendAll(*log_, checked, to_append, outcomes);
    // A full queue took nothing in: those are tried again until the deadline.
    std::vector<size_t> refused;
    for (const size_t i : to_append) {
      if (absl::StartsWith(outcomes[i].status.message(), "QUEUE_FULL")) refused.push_back(i);
    }
    if (absl::Now() + kQueuePause > options.deadline) break;
    if (!refused.empty()) absl::SleepFor(kQueuePause);
    to_append = std::move(refused);
  }
  return outcomes;
}

void Publisher::Submit(const v1::Event& event, Done done) const {
  const int partitions = log_->partitions();
  Checked checked =
      Check(event, log_->name() == "kafka", partitions, clock_->NowMicros(), *pipeline_);
  PublishOutcome outcome = OutcomeOf(checked, partitions);
  if (!outcome.status.ok() || outcome.duplicate) return done(std::move(outcome));
  log_->Append(std::move(checked.record), [outcome = std::move(outcome), done = std::move(done)](
                                              const absl::StatusOr<log::Appended>& result) mutable {
    outcome.status = result.status();
    if (result.ok()) outcome.appended = *result;
    done(std::move(outcome));
  });
}

Position Publisher::PositionOf(absl::Span<const PublishOutcome> outcomes) const {
  Position position;
  position.log = log_->identity();
  for (const PublishOutcome& outcome : outcomes) {
    if (!outcome.status.ok()) continue;
    Offset& next = position.next[outcome.appended.partition];
    next = std::max(next, outcome.appended.offset + 1);
  }
  return position;
}

}  // namespace rapport::pipeline
