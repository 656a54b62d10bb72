#include "engine/pipeline/eraser.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/event/validator.h"
#include "rapport/v1/work.pb.h"

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

}  // namespace

absl::Status Eraser::AwaitPartition(const std::string& customer_id, absl::Time deadline) const {
  const Partition partition = parts_.pipeline->PartitionOfCustomer(customer_id);
  ASSIGN_OR_RETURN(const log::OffsetRange range, parts_.log->Range(partition));
  Position position;
  position.log = parts_.archive->identity();
  position.next[partition] = range.end;
  return parts_.pipeline->WaitFor(position, deadline);
}

absl::Status Eraser::Append(const v1::Event& event, absl::Time deadline) {
  PublishOptions options;
  options.deadline = deadline;
  options.from_engine = true;
  RETURN_IF_ERROR(parts_.publisher->Publish(absl::MakeConstSpan(&event, 1), options)[0].status);
  return AwaitPartition(event.customer_id(), deadline);
}

absl::StatusOr<int64_t> Eraser::CountClearTexts(const std::string& customer_id) const {
  ASSIGN_OR_RETURN(const auto touches, parts_.pipeline->Touches(customer_id));
  std::vector<Offset> offsets;
  for (const store::Touch& touch : touches) offsets.push_back(touch.offset);
  event::Validator validator{event::ValidatorOptions{}};
  int64_t count = 0;
  const Partition partition = parts_.pipeline->PartitionOfCustomer(customer_id);
  for (const auto& batch : parts_.archive->ReadMany(partition, offsets)) {
    RETURN_IF_ERROR(batch.status());
    const auto rejection = validator.CheckEnvelope(batch->records.at(0));
    count += !rejection.has_value() && !validator.event().clear_fields.empty();
  }
  return count;
}

absl::Status Eraser::Complete(const std::string& customer_id, const event::Opening& opening,
                              const event::Tombstone& tombstone, absl::Time deadline) {
  v1::ErasureCompleted done;
  done.set_key_id(tombstone.key_id);
  done.set_destroyed_at_us(tombstone.at_us);
  ASSIGN_OR_RETURN(const int64_t clear_texts, CountClearTexts(customer_id));
  done.set_clear_texts(clear_texts);
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
  RETURN_IF_ERROR(parts_.pipeline->Touches(customer_id).status());
  RETURN_IF_ERROR(
      Append(ErasureEvent(v1::KIND_ERASURE_REQUESTED, customer_id, opening.at_us), deadline));
  ASSIGN_OR_RETURN(const event::Tombstone tombstone,
                   parts_.keys->Destroy(customer_id, opening.at_us));
  absl::StatusOr<v1::ErasureReceipt> receipt = Find(customer_id);
  if (!absl::IsNotFound(receipt.status())) return receipt;
  RETURN_IF_ERROR(Complete(customer_id, opening, tombstone, deadline));
  return Find(customer_id);
}

absl::StatusOr<v1::ErasureReceipt> Eraser::Find(const std::string& customer_id) const {
  RETURN_IF_ERROR(parts_.pipeline->Touches(customer_id).status());
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
  receipt.set_audit_chain(done.audit_chain());
  Position position;
  position.log = parts_.archive->identity();
  position.next[parts_.pipeline->PartitionOfCustomer(customer_id)] =
      std::max(requested->offset, completed->offset) + 1;
  receipt.set_position(position.ToString());
  for (const char* text : kCovered) receipt.add_covered(text);
  for (const char* text : kRemains) receipt.add_remains(text);
  if (done.clear_texts() > 0) {
    receipt.add_remains(absl::StrCat("texts in clear of ", done.clear_texts(),
                                     " events, written to the log past the ingress"));
  }
  return receipt;
}

}  // namespace rapport::pipeline
