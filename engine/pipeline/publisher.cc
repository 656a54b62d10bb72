#include "engine/pipeline/publisher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/seal.h"
#include "engine/event/sensitive.h"
#include "engine/event/validator.h"
#include "engine/log/partitioner.h"

namespace rapport::pipeline {
namespace {

constexpr absl::Duration kQueuePause = absl::Milliseconds(5);

// A checked event on its way.
struct Checked {
  NewRecord record;
  absl::Status status;
  Earlier earlier;
  // Where it holds texts that must be sealed.
  std::vector<std::string> texts;
};

// What the checks of one call need.
struct Desk {
  const Pipeline& pipeline;
  int partitions = 0;
  bool headers = false;
  int64_t now_us = 0;
  bool from_engine = false;
};

// Building a validator costs more than a check, so each thread keeps its own.
event::Validator& TheValidator() {
  static thread_local event::Validator validator{event::ValidatorOptions{}};
  return validator;
}

// The record that `event` becomes, checked as the pipeline will.
std::optional<Rejection> CheckRecord(const v1::Event& event, const Desk& desk, NewRecord& record) {
  record.key = event.customer_id().empty() ? event.event_id() : event.customer_id();
  event.SerializeToString(&record.value);
  RecordView view;
  view.partition = log::PartitionOf(record.key, desk.partitions);
  view.append_time_us = desk.now_us;
  view.key = record.key;
  view.value = record.value;
  if (auto rejection = TheValidator().CheckEnvelope(view)) return rejection;
  // Who is in the log under such an id must be forgotten under it.
  if (!desk.from_engine) {
    if (auto rejection = event::CheckCustomerIdLooksPersonal(event.customer_id())) return rejection;
  }
  return TheValidator().CheckPayload();
}

// REQUIRES: the event was checked just now.
void LookForEarlier(const Desk& desk, Checked& checked) {
  static thread_local event::Validator scratch{event::ValidatorOptions{}};
  absl::StatusOr<Earlier> earlier = desk.pipeline.FindEarlier(TheValidator().event(), scratch);
  checked.status = earlier.status();
  if (earlier.ok()) checked.earlier = *earlier;
}

// An archive that has lost events takes no new ones: they would stand at offsets of the lost.
absl::Status MayAppend(const Desk& desk, absl::string_view key) {
  const Partition partition = log::PartitionOf(key, desk.partitions);
  const absl::Status stopped = desk.pipeline.progress(partition).stopped;
  if (!absl::IsDataLoss(stopped)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("PARTITION_STOPPED: ", stopped.message()));
}

Checked Check(const v1::Event& event, const Desk& desk) {
  Checked checked;
  std::optional<Rejection> rejection;
  if (!desk.from_engine) rejection = event::CheckPublished(event);
  if (!rejection.has_value()) rejection = CheckRecord(event, desk, checked.record);
  if (!rejection.has_value()) checked.texts = TheValidator().event().clear_fields;
  if (!checked.texts.empty() && event.customer_id().empty()) {
    rejection = Rejection{Reason::kFieldInvalid, checked.texts[0],
                          "belongs to nobody: an event without customer has no key to seal it "
                          "under; leave it out or give customer_id"};
  }
  if (rejection.has_value()) {
    checked.status = rejection->ToStatus();
    return checked;
  }
  checked.status = MayAppend(desk, checked.record.key);
  if (!checked.status.ok()) return checked;
  if (checked.texts.empty()) LookForEarlier(desk, checked);
  if (desk.headers) checked.record.headers = CloudEventHeaders(event);
  return checked;
}

// Seals the texts of an event that was checked and looks for an earlier one with the same content.
void SealChecked(const event::CustomerKey& key, v1::Event event, const Desk& desk,
                 Checked& checked) {
  event::Seal(key, event);
  if (const auto rejection = CheckRecord(event, desk, checked.record)) {
    checked.status = rejection->ToStatus();
    return;
  }
  RAPPORT_CHECK(TheValidator().event().clear_fields.empty()) << "a text is left unsealed";
  LookForEarlier(desk, checked);
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
  absl::BlockingCounter pending(static_cast<int>(indices.size()));
  for (const size_t i : indices) {
    log.Append(checked[i].record,
               [&pending, &outcome = outcomes[i]](const absl::StatusOr<log::Appended>& result) {
                 outcome.status = result.status();
                 if (result.ok()) outcome.appended = *result;
                 pending.DecrementCount();
               });
  }
  pending.Wait();
}

// Seals what must be sealed, all new keys of the call made in one go. Where something is only
// checked no key is made; without one, nothing of the customer was sealed before.
void SealAll(event::KeyStore* keys, absl::Span<const v1::Event> events, bool validate_only,
             const Desk& desk, std::vector<Checked>& checked) {
  std::vector<size_t> places;
  std::vector<event::KeyWish> wishes;
  for (size_t i = 0; i < checked.size(); ++i) {
    if (!checked[i].status.ok() || checked[i].texts.empty()) continue;
    places.push_back(i);
    const std::optional<v1::AliasLinked> alias = event::LinkedAlias(events[i]);
    wishes.push_back({events[i].customer_id(), alias.has_value() ? alias->value() : ""});
  }
  if (places.empty()) return;
  std::vector<absl::Status> prepared(places.size(), absl::OkStatus());
  if (keys == nullptr) {
    prepared.assign(places.size(), absl::UnavailableError(
                                       "KEY_STORE_UNAVAILABLE: there are no keys to seal under"));
  } else if (!validate_only) {
    prepared = keys->Prepare(wishes);
  }
  for (size_t place = 0; place < places.size(); ++place) {
    const size_t i = places[place];
    checked[i].status = prepared[place];
    if (!prepared[place].ok()) continue;
    const absl::StatusOr<event::CustomerKey> key = keys->Find(events[i].customer_id());
    if (key.ok()) {
      SealChecked(*key, events[i], desk, checked[i]);
    } else if (!validate_only || !absl::IsNotFound(key.status())) {
      checked[i].status = key.status();
    }
  }
}

// Every way in goes through here: what it lets pass holds no text in clear.
std::vector<Checked> CheckAll(event::KeyStore* keys, absl::Span<const v1::Event> events,
                              bool validate_only, const Desk& desk) {
  std::vector<Checked> checked;
  for (const v1::Event& event : events) checked.push_back(Check(event, desk));
  SealAll(keys, events, validate_only, desk, checked);
  return checked;
}

}  // namespace

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

std::vector<PublishOutcome> Publisher::Publish(absl::Span<const v1::Event> events,
                                               const PublishOptions& options) const {
  const int partitions = log_->partitions();
  const Desk desk{*pipeline_, partitions, log_->name() == "kafka", clock_->NowMicros(),
                  options.from_engine};
  const std::vector<Checked> checked = CheckAll(keys_, events, options.validate_only, desk);
  std::vector<PublishOutcome> outcomes;
  std::vector<size_t> to_append;
  for (const Checked& one : checked) {
    outcomes.push_back(OutcomeOf(one, partitions));
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
  const Desk desk{*pipeline_, partitions, log_->name() == "kafka", clock_->NowMicros()};
  std::vector<Checked> checked =
      CheckAll(keys_, absl::MakeConstSpan(&event, 1), /*validate_only=*/false, desk);
  PublishOutcome outcome = OutcomeOf(checked[0], partitions);
  if (!outcome.status.ok() || outcome.duplicate) return done(std::move(outcome));
  log_->Append(std::move(checked[0].record),
               [outcome = std::move(outcome),
                done = std::move(done)](const absl::StatusOr<log::Appended>& result) mutable {
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
