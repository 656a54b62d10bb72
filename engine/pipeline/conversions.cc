#include "engine/pipeline/conversions.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/event/twin.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::pipeline {

Conversions::Conversions(const std::vector<event::Revision>& revisions) {
  for (const event::Revision& revision : revisions) targets_.insert(revision.target);
}

Conversions::Content Conversions::ContentOf(v1::Kind kind, const Moment& moment,
                                            const std::string& payload) {
  Content content;
  content.kind = kind;
  content.referral.moment = moment;
  v1::ReferralReceived received;
  if (kind == v1::KIND_REFERRAL_RECEIVED && received.ParseFromString(payload)) {
    content.referral.referral = received.referral();
    content.referral.referrer = received.referrer();
  }
  return content;
}

void Conversions::Take(const ValidEvent& event) {
  converted_.reset();
  taken_back_.reset();
  if (event::IsRevision(event.kind)) return TakeRevision(event);
  const bool is_received = event.kind == v1::KIND_REFERRAL_RECEIVED;
  const bool is_purchase = event.kind == v1::KIND_PURCHASE_MADE;
  const bool was_complete = is_complete_;
  if (is_received || targets_.contains(event.id)) {
    const std::string payload = is_received ? event.payload->SerializeAsString() : "";
    Entry entry{event.kind, event.moment(), ContentOf(event.kind, event.moment(), payload), {}};
    Rule(event::Revisions(revisions_), entry);
    entries_.insert_or_assign(event.id, std::move(entry));
  } else if (is_purchase) {
    if (purchase_.has_value() && *purchase_ < event.moment()) return;
    purchase_ = event.moment();
  } else {
    return;
  }
  is_complete_ = HasBought() && Received() != nullptr;
  const bool may_convert = is_received || (is_purchase && !event::IsEcho(event));
  if (may_convert && !was_complete && is_complete_) Convert(event.customer_id);
}

void Conversions::TakeRevision(const ValidEvent& event) {
  const event::Revision revision = event::RevisionOf(event);
  const bool was_complete = is_complete_;
  revisions_.push_back(revision);
  if (event.kind == v1::KIND_EVENT_CORRECTED) {
    const auto& correction = static_cast<const v1::EventCorrected&>(*event.payload);
    corrections_[event.id] =
        ContentOf(correction.kind(), {correction.occurred_at_us(), {}}, correction.payload());
  }
  const auto target = entries_.find(revision.target);
  if (corrections_.empty()) {
    // Nothing but retractions: these concern what they are aimed at, and nothing else.
    if (target != entries_.end() && target->second.kind != v1::KIND_EVENT_RETRACTED) {
      target->second.counts.reset();
    }
  } else {
    const event::Revisions known(revisions_);
    for (auto& [id, entry] : entries_) Rule(known, entry);
  }
  is_complete_ = HasBought() && Received() != nullptr;
  if (event.kind == v1::KIND_EVENT_RETRACTED) TakeBack(revision.target, was_complete);
}

void Conversions::Rule(const event::Revisions& revisions, Entry& entry) const {
  entry.counts = entry.logged;
  const event::Ruling ruling = revisions.RulingOn(entry.moment.id, entry.moment, entry.kind);
  if (ruling.fate == event::Ruling::Fate::kRetracted) entry.counts.reset();
  if (ruling.fate != event::Ruling::Fate::kCorrected) return;
  entry.counts = corrections_.at(ruling.by->moment.id);
  Moment& moment = entry.counts->referral.moment;
  if (moment.at_us == 0) moment.at_us = entry.moment.at_us;
  moment.id = entry.moment.id;
}

bool Conversions::HasBought() const {
  return purchase_.has_value() || EarliestPurchase().has_value();
}

std::optional<EventId> Conversions::EarliestPurchase() const {
  std::optional<Moment> earliest = purchase_;
  for (const auto& [id, entry] : entries_) {
    if (!entry.counts.has_value() || entry.counts->kind != v1::KIND_PURCHASE_MADE) continue;
    const Moment& moment = entry.counts->referral.moment;
    earliest = std::min(earliest.value_or(moment), moment);
  }
  if (!earliest.has_value()) return std::nullopt;
  return earliest->id;
}

const Conversions::Referral* Conversions::Received() const {
  const Referral* earliest = nullptr;
  for (const auto& [id, entry] : entries_) {
    if (!entry.counts.has_value() || entry.counts->kind != v1::KIND_REFERRAL_RECEIVED) continue;
    const Referral& referral = entry.counts->referral;
    if (earliest == nullptr || referral.moment < earliest->moment) earliest = &referral;
  }
  return earliest;
}

void Conversions::Convert(absl::string_view customer) {
  const Referral& received = *Received();
  if (!event::MayBeTold(customer, received.referrer)) return;
  if (!done_.insert(received.moment.id).second) return;
  stands_ = converted_ = received;
}

void Conversions::TakeBack(const EventId& target, bool was_complete) {
  if (!stands_.has_value()) return;
  // Of what was logged as a referral, or corrected into one.
  if (stands_->moment.id == target || (was_complete && !HasBought()))
    taken_back_ = std::exchange(stands_, std::nullopt);
}

}  // namespace rapport::pipeline
