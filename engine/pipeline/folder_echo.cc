// Folder: the twins of what is folded.
//
// A twin depends on the records up to its own and on nothing else, so that every batching gives the
// same.

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/event/twin.h"
#include "engine/pipeline/folder.h"
#include "engine/store/keys.h"

namespace rapport::pipeline {
namespace {

// Whether the pipeline would take it at that time: a twin that it refuses is none.
bool IsGood(const v1::Event& twin, int64_t append_time_us) {
  static thread_local event::Validator validator{event::ValidatorOptions{}};
  const std::string value = twin.SerializeAsString();
  RecordView record;
  record.append_time_us = append_time_us;
  record.key = twin.customer_id();
  record.value = value;
  return !validator.CheckEnvelope(record).has_value() && !validator.CheckPayload().has_value();
}

}  // namespace

bool Folder::IsEchoed(const ValidEvent& event) const {
  if (!echo_from_.has_value() || event.offset < *echo_from_) return false;
  if (event.customer_id.empty() || !event::MayHaveTwin(event.kind)) return false;
  // An echo brings about conversions, or takes them back, and nothing else.
  return !event::IsEcho(event) || event.kind == v1::KIND_REFERRAL_RECEIVED ||
         event.kind == v1::KIND_EVENT_RETRACTED;
}

// Who was never referred converts for nobody, whatever was bought. Facts that wait to be folded
// anew tell who was referred, but for what corrections say.
bool Folder::MayConvert(const ValidEvent& event, const store::Slot& slot) const {
  if (event.kind == v1::KIND_REFERRAL_RECEIVED) return true;
  if (event.kind != v1::KIND_PURCHASE_MADE && event.kind != v1::KIND_EVENT_RETRACTED) return false;
  return corrects_ || projection_->IntroductionOf(slot.facts()).is_referred;
}

absl::Status Folder::RefoldIfRevised(store::Slot& slot) {
  const auto waits = std::find(revised_.begin(), revised_.end(), &slot);
  if (waits == revised_.end()) return absl::OkStatus();
  revised_.erase(waits);
  return Refold(slot);
}

absl::StatusOr<bool> Folder::IsIntroduced(const ValidEvent& event, store::Slot* slot) {
  if (!IsEchoed(event) || slot == nullptr || !MayConvert(event, *slot)) return false;
  const absl::Status refolded = RefoldIfRevised(*slot);
  is_stuck_ = is_stuck_ || !refolded.ok();
  RETURN_IF_ERROR(refolded);
  return projection_->IntroductionOf(slot->facts()).is_complete();
}

absl::Status Folder::Echo(const ValidEvent& event, bool was_introduced, store::Slot& slot) {
  if (!IsEchoed(event)) return absl::OkStatus();
  absl::StatusOr<std::optional<v1::Event>> twin = TwinOf(event, was_introduced, slot);
  // The event is folded: a cut without its twin would lose it.
  is_stuck_ = is_stuck_ || !twin.ok();
  RETURN_IF_ERROR(twin.status());
  if (twin->has_value() && IsGood(**twin, event.append_time_us)) {
    twins_.push_back({event.offset, (*twin)->SerializeAsString()});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::Event>> Folder::TwinOf(const ValidEvent& event,
                                                        bool was_introduced, store::Slot& slot) {
  if (MayConvert(event, slot)) RETURN_IF_ERROR(RefoldIfRevised(slot));
  if (event.kind == v1::KIND_EVENT_RETRACTED) return RetractionOf(event, was_introduced, slot);
  if (event.kind == v1::KIND_PURCHASE_MADE || event.kind == v1::KIND_REFERRAL_RECEIVED) {
    if (was_introduced) return std::nullopt;
    return ConversionOf(event, slot);
  }
  std::optional<v1::Event> twin = event::TwinOf(event);
  if (!twin.has_value()) return twin;
  ASSIGN_OR_RETURN(const bool is_retracted, IsRetractedBefore(event.id, event.offset, slot));
  if (is_retracted) return std::nullopt;
  return twin;
}

// The customer's records, one by one, up to the one that was folded last.
absl::StatusOr<Conversions> Folder::Walk(store::Slot& slot) {
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, TouchesOf(slot.name()));
  ASSIGN_OR_RETURN(const std::vector<event::Revision> revisions,
                   revised_fold_.ReadRevisions(slot.name(), slot.touches.revisions()));
  Conversions conversions(revisions);
  RETURN_IF_ERROR(revised_fold_.Visit(slot.name(), touches,
                                      [&](const ValidEvent& event) { conversions.Take(event); }));
  return conversions;
}

absl::StatusOr<std::optional<v1::Event>> Folder::ConversionOf(const ValidEvent& event,
                                                              store::Slot& slot) {
  Introduction introduction = projection_->IntroductionOf(slot.facts());
  if (!introduction.is_complete()) return std::nullopt;
  ASSIGN_OR_RETURN(const Conversions walked, Walk(slot));
  if (!walked.converted().has_value()) return std::nullopt;
  introduction.received = walked.converted()->moment.id;
  introduction.referral = walked.converted()->referral;
  introduction.referrer = walked.converted()->referrer;
  // Facts have forgotten it.
  if (!introduction.purchase.has_value()) introduction.purchase = walked.EarliestPurchase();
  RAPPORT_CHECK(introduction.purchase.has_value()) << "partition " << partition_;
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, TouchesOf(slot.name()));
  ASSIGN_OR_RETURN(
      const ValidEvent* purchase,
      revised_fold_.Find(slot.name(), touches, slot.touches.revisions(), *introduction.purchase));
  if (purchase == nullptr || purchase->kind != v1::KIND_PURCHASE_MADE) return std::nullopt;
  return event::ConversionOf(event, introduction, *purchase);
}

absl::StatusOr<std::optional<v1::Event>> Folder::RetractionOf(const ValidEvent& event,
                                                              bool was_introduced,
                                                              store::Slot& slot) {
  const EventId target_id = event::RevisionOf(event).target;
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, TouchesOf(slot.name()));
  ASSIGN_OR_RETURN(const ValidEvent* target,
                   revised_fold_.Find(slot.name(), touches, {}, target_id));
  if (target == nullptr) return std::nullopt;
  corrects_ = corrects_ || target->kind == v1::KIND_EVENT_CORRECTED;
  const bool is_received = target->kind == v1::KIND_REFERRAL_RECEIVED;
  std::optional<v1::Event> twin;
  if (!event::IsEcho(event) && !event::IsEcho(*target))
    twin = event::RetractionOfTwin(event, *target);
  const bool has_no_purchase =
      was_introduced && !projection_->IntroductionOf(slot.facts()).has_bought;
  if (is_received || has_no_purchase) {
    ASSIGN_OR_RETURN(const Conversions walked, Walk(slot));
    if (walked.taken_back().has_value()) {
      return event::RetractionOfConversion(event, walked.taken_back()->moment.id,
                                           walked.taken_back()->referrer);
    }
  }
  if (!twin.has_value()) return twin;
  ASSIGN_OR_RETURN(const bool is_retracted, IsRetractedBefore(target_id, event.offset, slot));
  if (is_retracted) return std::nullopt;
  return twin;
}

// Whether the customer has taken the event back in a record before `offset`.
absl::StatusOr<bool> Folder::IsRetractedBefore(const EventId& id, Offset offset,
                                               store::Slot& slot) {
  if (!slot.touches.IsRevised(id.Tag())) return false;
  ASSIGN_OR_RETURN(const std::vector<event::Revision> revisions,
                   revised_fold_.ReadRevisions(slot.name(), slot.touches.revisions()));
  return std::any_of(revisions.begin(), revisions.end(), [&](const event::Revision& revision) {
    return revision.kind == v1::KIND_EVENT_RETRACTED && revision.target == id &&
           revision.offset < offset;
  });
}

void Folder::NoteEchoed(absl::Span<const Offset> offsets) {
  for (const Offset offset : offsets) removed_.push_back(store::TwinKey(partition_, offset));
  has_replaced_ = has_replaced_ || !offsets.empty();
}

}  // namespace rapport::pipeline
