#include "engine/pipeline/eraser.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/event/kinds.h"
#include "engine/event/sensitive.h"
#include "engine/event/validator.h"

namespace rapport::pipeline {
namespace {

constexpr const char* kCovered[] = {
    "log and archive, and all copies of them: the texts in them are sealed",
    "key store: its file is written anew without the key",
    "memory of this process",
    "aliases by which the customer was found",
    "older copies of key files: from the next change of the wrapping key on",
};
constexpr const char* kRemains[] = {
    "customer id, kinds, times, amounts and codes of events",
    "facts and standing",
    "this receipt, and the audit file's lines",
};

// Entries of the quarantine that are looked at together.
constexpr size_t kEntriesAtOnce = 1000;

// What a record of the log keeps in clear.
enum class Holds { kNothing, kText, kUnknown };

// False for a payload in which nobody can look for texts.
bool IsReadable(v1::Kind kind, const std::string& payload) {
  const event::KindInfo* info = event::FindKind(kind);
  if (info == nullptr) return false;
  const std::unique_ptr<google::protobuf::Message> message(info->prototype->New());
  if (!message->ParseFromString(payload)) return false;
  if (kind != v1::KIND_EVENT_CORRECTED) return true;
  const auto& correction = static_cast<const v1::EventCorrected&>(*message);
  return correction.kind() != kind && IsReadable(correction.kind(), correction.payload());
}

// Also of a record that is no good event, as far as it can be parsed.
Holds HoldsText(const RecordView& record, event::Validator& validator) {
  bool found = false;
  const bool is_good = !validator.CheckEnvelope(record).has_value();
  // Of a good one the texts are taken out already.
  if (is_good) found = !validator.event().clear_fields.empty();
  v1::Event event = validator.envelope();
  event::VisitTexts(event, [&](const std::string&, const std::string&) { found = true; });
  if (found) return Holds::kText;
  // What could not be parsed leaves an envelope that says whose it is, and nothing of its kind.
  return IsReadable(event.kind(), event.payload()) ? Holds::kNothing : Holds::kUnknown;
}

}  // namespace

absl::Status Eraser::AwaitPartition(const std::string& customer_id, absl::Time deadline) const {
  const Partition partition = parts_.pipeline->PartitionOfCustomer(customer_id);
  ASSIGN_OR_RETURN(const log::OffsetRange range, parts_.log->Range(partition));
  Position position;
  position.log = parts_.archive->identity();
  position.next[partition] = range.end;
  RETURN_IF_ERROR(parts_.pipeline->WaitFor(position, deadline));
  // A log that lost records, or is another one, may end before what is applied.
  return parts_.pipeline->AwaitFollowing(partition, deadline);
}

absl::Status Eraser::Append(const v1::Event& event, absl::Time deadline) {
  PublishOptions options;
  options.deadline = deadline;
  options.from_engine = true;
  RETURN_IF_ERROR(parts_.publisher->Publish(absl::MakeConstSpan(&event, 1), options)[0].status);
  return AwaitPartition(event.customer_id(), deadline);
}

absl::StatusOr<std::vector<store::QuarantineEntry>> Eraser::Quarantined(
    const std::string& customer_id) const {
  std::vector<store::QuarantineEntry> own;
  for (Partition partition = 0; partition < parts_.pipeline->partitions(); ++partition) {
    for (Offset from = 0;;) {
      ASSIGN_OR_RETURN(auto entries, parts_.pipeline->Quarantine(partition, from, kEntriesAtOnce));
      if (entries.empty()) break;
      from = entries.back().offset + 1;
      for (store::QuarantineEntry& entry : entries) {
        if (entry.customer_id == customer_id) own.push_back(std::move(entry));
      }
    }
  }
  return own;
}

absl::Status Eraser::CheckKnown(const std::string& customer_id) const {
  const absl::Status touched = parts_.pipeline->Touches(customer_id).status();
  if (!absl::IsNotFound(touched) || customer_id.empty()) return touched;
  const absl::Status has_key = parts_.keys->Find(customer_id).status();
  // A key that is destroyed was one, too.
  if (has_key.ok() || absl::IsFailedPrecondition(has_key)) return absl::OkStatus();
  if (!absl::IsNotFound(has_key)) return has_key;
  ASSIGN_OR_RETURN(const auto quarantined, Quarantined(customer_id));
  return quarantined.empty() ? touched : absl::OkStatus();
}

absl::StatusOr<int64_t> Eraser::CountInEvents(const std::string& customer_id) const {
  const auto touches = parts_.pipeline->Touches(customer_id);
  // One of whom nothing was folded.
  if (absl::IsNotFound(touches.status())) return 0;
  RETURN_IF_ERROR(touches.status());
  std::vector<Offset> offsets;
  for (const store::Touch& touch : *touches) offsets.push_back(touch.offset);
  event::Validator validator{event::ValidatorOptions{}};
  int64_t count = 0;
  const Partition partition = parts_.pipeline->PartitionOfCustomer(customer_id);
  for (const auto& batch : parts_.archive->ReadMany(partition, offsets)) {
    if (absl::IsNotFound(batch.status())) return log::NotArchivedYet(partition, offsets.back());
    RETURN_IF_ERROR(batch.status());
    const bool is_good = !validator.CheckEnvelope(batch->records.at(0)).has_value();
    count += is_good && !validator.event().clear_fields.empty();
  }
  return count;
}

bool Eraser::WillBeArchived(const store::QuarantineEntry& entry) const {
  return entry.offset >= parts_.archive->End(entry.partition).next &&
         parts_.pipeline->progress(entry.partition).stopped.ok();
}

absl::StatusOr<v1::ErasureCompleted> Eraser::CountTexts(const std::string& customer_id) const {
  ASSIGN_OR_RETURN(int64_t count, CountInEvents(customer_id));
  ASSIGN_OR_RETURN(const auto quarantined, Quarantined(customer_id));
  event::Validator validator{event::ValidatorOptions{}};
  int64_t unreadable = 0;
  for (const store::QuarantineEntry& entry : quarantined) {
    // Reading such a record may end the process.
    Holds holds = Holds::kUnknown;
    if (entry.rejection.reason != Reason::kCrashedFold) {
      const bool will_come = WillBeArchived(entry);
      const auto batch = parts_.archive->Read(entry.partition, entry.offset);
      if (will_come && !batch.ok()) return log::NotArchivedYet(entry.partition, entry.offset);
      const bool is_lost = absl::IsNotFound(batch.status()) || absl::IsDataLoss(batch.status());
      if (!batch.ok() && !is_lost) return batch.status();
      // What is lost for good is no reason to keep the key.
      if (batch.ok()) holds = HoldsText(batch->records.at(0), validator);
    }
    count += holds == Holds::kText;
    unreadable += holds == Holds::kUnknown;
  }
  v1::ErasureCompleted done;
  done.set_clear_texts(count);
  done.set_unreadable(unreadable);
  return done;
}

absl::Status Eraser::CheckRequested(const std::string& customer_id) const {
  const auto requested = parts_.pipeline->FindEvent(customer_id, EventId::FromText(kRequestedId));
  // What cannot be read any more was applied, or it would not be looked for there.
  if (requested.ok() || absl::IsDataLoss(requested.status())) return absl::OkStatus();
  if (!absl::IsNotFound(requested.status())) return requested.status();
  return absl::UnavailableError(
      absl::StrCat("NOT_READY: the log has taken the request to erase customer ", customer_id,
                   " and does not give it back. Look with rapport status, then try again"));
}

absl::Status Eraser::Complete(const std::string& customer_id, const event::Opening& opening,
                              v1::ErasureCompleted done, absl::Time deadline) {
  ASSIGN_OR_RETURN(std::string chain,
                   parts_.audit->Append(
                       {opening.at_us, opening.who, "erase", customer_id, {}, opening.purpose}));
  done.set_audit_chain(std::move(chain));
  v1::Event event = ErasureEvent(v1::KIND_ERASURE_COMPLETED, customer_id, opening.at_us);
  event.set_payload(done.SerializeAsString());
  return Append(event, deadline);
}

absl::StatusOr<v1::ErasureReceipt> Eraser::Erase(const std::string& customer_id,
                                                 const event::Opening& opening,
                                                 absl::Time deadline) {
  RETURN_IF_ERROR(event::CheckPurpose(opening.purpose));
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(parts_.keys->status());
  RETURN_IF_ERROR(parts_.audit->status());
  // What an erasure before this one may have left on the log must be seen.
  RETURN_IF_ERROR(AwaitPartition(customer_id, deadline));
  RETURN_IF_ERROR(parts_.pipeline->Checkpoint(deadline));
  RETURN_IF_ERROR(CheckKnown(customer_id));
  // Counted before anything is done: where that fails, the customer is left as they were.
  v1::ErasureCompleted done;
  if (!Find(customer_id).ok()) {
    ASSIGN_OR_RETURN(done, CountTexts(customer_id));
  }
  RETURN_IF_ERROR(
      Append(ErasureEvent(v1::KIND_ERASURE_REQUESTED, customer_id, opening.at_us), deadline));
  RETURN_IF_ERROR(CheckRequested(customer_id));
  ASSIGN_OR_RETURN(const event::Tombstone tombstone,
                   parts_.keys->Destroy(customer_id, opening.at_us));
  absl::StatusOr<v1::ErasureReceipt> receipt = Find(customer_id);
  if (!absl::IsNotFound(receipt.status())) return receipt;
  done.set_key_id(tombstone.key_id);
  done.set_destroyed_at_us(tombstone.at_us);
  RETURN_IF_ERROR(Complete(customer_id, opening, std::move(done), deadline));
  return Find(customer_id);
}

absl::StatusOr<v1::ErasureReceipt> Eraser::Find(const std::string& customer_id) const {
  RETURN_IF_ERROR(CheckKnown(customer_id));
  const auto requested = parts_.pipeline->FindEvent(customer_id, EventId::FromText(kRequestedId));
  const auto completed = parts_.pipeline->FindEvent(customer_id, EventId::FromText(kCompletedId));
  if (absl::IsNotFound(requested.status()) || absl::IsNotFound(completed.status())) {
    return absl::NotFoundError(
        absl::StrCat("ERASURE_UNKNOWN: there is no complete erasure of customer ", customer_id,
                     "; ask for it with `rapport customer erase`"));
  }
  RETURN_IF_ERROR(requested.status());
  RETURN_IF_ERROR(completed.status());
  v1::ErasureCompleted done;
  if (requested->event.source() != kErasureSource || completed->event.source() != kErasureSource ||
      !done.ParseFromString(completed->event.payload())) {
    return absl::FailedPreconditionError(absl::StrCat(
        "ERASURE_OBSTRUCTED: events under the ids of an erasure of customer ", customer_id,
        " were written by somebody else, past the ingress: the key is destroyed, but there can be "
        "no receipt. Find out who writes to the topic"));
  }
  v1::ErasureReceipt receipt;
  receipt.set_customer_id(customer_id);
  receipt.set_key_id(done.key_id());
  receipt.set_requested_at_us(requested->append_time_us);
  receipt.set_destroyed_at_us(done.destroyed_at_us());
  receipt.set_completed_at_us(completed->append_time_us);
  receipt.set_clear_texts(done.clear_texts());
  receipt.set_unreadable(done.unreadable());
  receipt.set_audit_chain(done.audit_chain());
  Position position;
  position.log = parts_.archive->identity();
  position.next[parts_.pipeline->PartitionOfCustomer(customer_id)] =
      std::max(requested->offset, completed->offset) + 1;
  receipt.set_position(position.ToString());
  for (const char* text : kCovered) receipt.add_covered(text);
  for (const char* text : kRemains) receipt.add_remains(text);
  if (done.clear_texts() > 0) {
    receipt.add_remains(absl::StrCat("texts in clear of at least ", done.clear_texts(),
                                     " events, written to the log past the ingress"));
  }
  if (done.unreadable() > 0) {
    receipt.add_remains(absl::StrCat("whatever stands in ", done.unreadable(),
                                     " records in quarantine that cannot be read"));
  }
  return receipt;
}

}  // namespace rapport::pipeline
