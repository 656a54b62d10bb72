// Folder: the twins of what is folded.
//
// A twin depends on the records up to its own and on nothing else, so that every batching gives the
// same.

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/event/twin.h"
#include "engine/fold/facts_memory.h"
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

// Of the two by which somebody is referred and has bought.
bool Introduces(v1::Kind kind) {
  return kind == v1::KIND_PURCHASE_MADE || kind == v1::KIND_REFERRAL_RECEIVED;
}

}  // namespace

bool Folder::IsEchoed(const ValidEvent& event) const {
  if (!echo_from_.has_value() || event.offset < *echo_from_) return false;
  if (event.customer_id.empty() || !event::MayHaveTwin(event.kind)) return false;
  // An echo brings about conversions, or takes them back, and nothing else.
  return !event::IsEcho(event) || event.kind == v1::KIND_REFERRAL_RECEIVED ||
         event.kind == v1::KIND_EVENT_RETRACTED;
}

bool Folder::IsIntroduced(const ValidEvent& event, const store::Slot* slot) const {
  if (slot == nullptr || !Introduces(event.kind) || !IsEchoed(event)) return false;
  return projection_->IntroductionOf(slot->facts()).is_complete();
}

absl::Status Folder::Echo(const ValidEvent& event, bool was_introduced, bool is_late,
                          store::Slot& slot) {
  if (!echo_from_.has_value() || event.customer_id.empty()) return absl::OkStatus();
  absl::StatusOr<std::optional<v1::Event>> twin = std::nullopt;
  if (is_late) {
    const auto place = std::find(revised_.begin(), revised_.end(), &slot) - revised_.begin();
    Late& late = late_[static_cast<size_t>(place)];
    if (!late.touches.empty()) late.touches.push_back({event.offset, event.id.Tag()});
    late.bought = late.bought || event.kind == v1::KIND_PURCHASE_MADE;
    late.referred = late.referred || event.kind == v1::KIND_REFERRAL_RECEIVED;
    if (IsEchoed(event)) twin = LateTwinOf(event, slot, late);
  } else if (IsEchoed(event) && !was_introduced) {
    twin = TwinOf(event, slot);
  }
  // The event is folded: a cut without its twin would lose it.
  is_stuck_ = is_stuck_ || !twin.ok();
  RETURN_IF_ERROR(twin.status());
  NoteTwin(event, *twin);
  return absl::OkStatus();
}

void Folder::NoteTwin(const ValidEvent& event, const std::optional<v1::Event>& twin) {
  if (!twin.has_value() || !IsGood(*twin, event.append_time_us)) return;
  // One event has one at most: what it says of a conversion goes before.
  const auto is_its = [&](const store::WaitingTwin& other) { return other.offset == event.offset; };
  twins_.erase(std::remove_if(twins_.begin(), twins_.end(), is_its), twins_.end());
  twins_.push_back({event.offset, twin->SerializeAsString()});
}

// Facts are those of this very record: nothing of the customer waits to be folded anew.
absl::StatusOr<std::optional<v1::Event>> Folder::TwinOf(const ValidEvent& event,
                                                        store::Slot& slot) {
  if (Introduces(event.kind)) return ConversionOf(event, slot);
  // What it is aimed at has not come.
  if (event.kind == v1::KIND_EVENT_RETRACTED) return std::nullopt;
  return event::TwinOf(event);
}

absl::StatusOr<std::optional<v1::Event>> Folder::LateTwinOf(const ValidEvent& event,
                                                            store::Slot& slot, Late& late) {
  if (Introduces(event.kind)) {
    late.offsets.push_back(event.offset);
    return std::nullopt;
  }
  if (event.kind == v1::KIND_EVENT_RETRACTED) return RetractionOf(event, slot, late);
  std::optional<v1::Event> twin = event::TwinOf(event);
  if (!twin.has_value()) return twin;
  ASSIGN_OR_RETURN(const bool is_retracted, IsRetractedBefore(event.id, event.offset, slot));
  if (is_retracted) return std::nullopt;
  return twin;
}

absl::StatusOr<Conversions> Folder::Walk(
    const store::Slot& slot, absl::Span<const store::Touch> touches,
    std::vector<event::Revision> revisions,
    absl::FunctionRef<void(const Conversions&, const ValidEvent&)> visit) {
  Conversions conversions(revisions);
  RETURN_IF_ERROR(revised_fold_.Visit(slot.name(), touches, [&](const ValidEvent& event) {
    conversions.Take(event);
    visit(conversions, event);
  }));
  return conversions;
}

absl::StatusOr<std::optional<v1::Event>> Folder::ConversionOf(const ValidEvent& event,
                                                              store::Slot& slot) {
  Introduction introduction = projection_->IntroductionOf(slot.facts());
  if (!introduction.is_complete()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::vector<store::Touch> touches, TouchesOf(slot.name()));
  ASSIGN_OR_RETURN(std::vector<event::Revision> revisions,
                   revised_fold_.ReadRevisions(slot.name(), slot.touches.revisions()));
  ASSIGN_OR_RETURN(const Conversions walked, Walk(slot, touches, std::move(revisions),
                                                  [](const Conversions&, const ValidEvent&) {}));
  if (!walked.converted().has_value()) return std::nullopt;
  introduction.received = walked.converted()->moment.id;
  introduction.referral = walked.converted()->referral;
  introduction.referrer = walked.converted()->referrer;
  // Facts have forgotten it.
  if (!introduction.purchase.has_value()) introduction.purchase = walked.EarliestPurchase();
  RAPPORT_CHECK(introduction.purchase.has_value()) << "partition " << partition_;
  ASSIGN_OR_RETURN(
      const ValidEvent* purchase,
      revised_fold_.Find(slot.name(), touches, slot.touches.revisions(), *introduction.purchase));
  if (purchase == nullptr || purchase->kind != v1::KIND_PURCHASE_MADE) return std::nullopt;
  return event::ConversionOf(event, introduction, *purchase);
}

// Of a ReferralMade or an answer; what becomes of a conversion is seen when the batch ends.
absl::StatusOr<std::optional<v1::Event>> Folder::RetractionOf(const ValidEvent& event,
                                                              store::Slot& slot, Late& late) {
  const EventId target_id = event::RevisionOf(event).target;
  if (late.touches.empty()) {
    ASSIGN_OR_RETURN(late.touches, TouchesOf(slot.name()));
  }
  ASSIGN_OR_RETURN(const ValidEvent* target,
                   revised_fold_.Find(slot.name(), late.touches, {}, target_id));
  if (target == nullptr) return std::nullopt;
  late.offsets.push_back(event.offset);
  late.takes_back = late.takes_back || Introduces(target->kind);
  if (event::IsEcho(event) || event::IsEcho(*target)) return std::nullopt;
  std::optional<v1::Event> twin = event::RetractionOfTwin(event, *target);
  if (!twin.has_value()) return twin;
  ASSIGN_OR_RETURN(const bool is_retracted, IsRetractedBefore(target_id, event.offset, slot));
  if (is_retracted) return std::nullopt;
  return twin;
}

// Facts are those before what waits.
bool Folder::MayConvert(const store::Slot& slot, const Late& late,
                        absl::Span<const event::Revision> revisions) const {
  const bool corrects = std::any_of(
      revisions.begin(), revisions.end(),
      [](const event::Revision& revision) { return revision.kind == v1::KIND_EVENT_CORRECTED; });
  if (corrects) return true;
  const Introduction before = projection_->IntroductionOf(slot.facts());
  if (before.is_complete()) return late.takes_back;
  return (before.is_referred || late.referred) && (before.has_bought || late.bought);
}

absl::Status Folder::EchoLate(store::Slot& slot, Late& late) {
  if (late.offsets.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<event::Revision> revisions,
                   revised_fold_.ReadRevisions(slot.name(), slot.touches.revisions()));
  if (!MayConvert(slot, late, revisions)) return absl::OkStatus();
  if (late.touches.empty()) {
    ASSIGN_OR_RETURN(late.touches, TouchesOf(slot.name()));
  }
  struct Converted {
    EventId id;
    Conversions::Referral referral;
    EventId purchase;
  };
  std::vector<Converted> all;
  auto next = late.offsets.begin();
  const auto visit = [&](const Conversions& now, const ValidEvent& event) {
    if (next == late.offsets.end() || event.offset != *next) return;
    ++next;
    if (now.converted().has_value()) {
      all.push_back({event.id, *now.converted(), now.EarliestPurchase().value()});
    } else if (now.taken_back().has_value()) {
      NoteTwin(event, event::RetractionOfConversion(event, now.taken_back()->moment.id,
                                                    now.taken_back()->referrer));
    }
  };
  RETURN_IF_ERROR(Walk(slot, late.touches, std::move(revisions), visit).status());
  for (const Converted& one : all) {
    ASSIGN_OR_RETURN(const ValidEvent* event,
                     second_fold_.Find(slot.name(), late.touches, {}, one.id));
    RAPPORT_CHECK(event != nullptr) << "partition " << partition_;
    ASSIGN_OR_RETURN(const auto twin,
                     LateConversionOf(slot, late.touches, *event, one.referral, one.purchase));
    NoteTwin(*event, twin);
  }
  return absl::OkStatus();
}

// The facts of that record are needed only when there are purchases of before it.
absl::StatusOr<std::optional<v1::Event>> Folder::LateConversionOf(
    const store::Slot& slot, absl::Span<const store::Touch> touches, const ValidEvent& event,
    const Conversions::Referral& referral, EventId purchase_id) {
  const auto limit = [&](absl::Span<const store::Touch> all) {
    const auto end = std::find_if(all.begin(), all.end(), [&](const store::Touch& touch) {
      return touch.offset > event.offset;
    });
    return all.subspan(0, static_cast<size_t>(end - all.begin()));
  };
  const auto revisions = limit(slot.touches.revisions());
  if (event.id != purchase_id) {
    ASSIGN_OR_RETURN(const RevisedFold::Folded folded,
                     revised_fold_.Fold(slot.name(), limit(touches), revisions));
    fold::FactsMemory facts(*projection_);
    RETURN_IF_ERROR(projection_->Decode(folded.facts, facts.get()));
    purchase_id = projection_->IntroductionOf(facts.get()).purchase.value_or(purchase_id);
  }
  ASSIGN_OR_RETURN(const ValidEvent* purchase,
                   revised_fold_.Find(slot.name(), touches, revisions, purchase_id));
  if (purchase == nullptr || purchase->kind != v1::KIND_PURCHASE_MADE) return std::nullopt;
  Introduction introduction;
  introduction.received = referral.moment.id;
  introduction.referral = referral.referral;
  introduction.referrer = referral.referrer;
  return event::ConversionOf(event, introduction, *purchase);
}

// Whether the customer has taken the event back in a record before `offset`.
absl::StatusOr<bool> Folder::IsRetractedBefore(const EventId& id, Offset offset,
                                               store::Slot& slot) {
  std::vector<store::Touch> notes;
  for (const store::Touch& note : slot.touches.revisions()) {
    if (note.tag == id.Tag() && note.offset < offset) notes.push_back(note);
  }
  ASSIGN_OR_RETURN(const std::vector<event::Revision> revisions,
                   revised_fold_.ReadRevisions(slot.name(), notes));
  return std::any_of(revisions.begin(), revisions.end(), [&](const event::Revision& revision) {
    return revision.kind == v1::KIND_EVENT_RETRACTED && revision.target == id;
  });
}

void Folder::NoteEchoed(absl::Span<const Offset> offsets) {
  for (const Offset offset : offsets) removed_.push_back(store::TwinKey(partition_, offset));
  has_replaced_ = has_replaced_ || !offsets.empty();
}

}  // namespace rapport::pipeline
