#include "consumers/operations/demo_diary.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rapport/v1/service.pb.h"

namespace rapport::operations {
namespace {

void SetCents(int64_t cents, v1::Money* money) {
  money->set_micros(cents * 10'000);
  money->set_currency("EUR");
}

}  // namespace

absl::string_view DemoDiary::Number() const {
  const absl::string_view id = customer_id_;
  return id.substr(id.rfind('-') + 1);
}

std::string DemoDiary::NewKey(absl::string_view sort) {
  return absl::StrCat(sort, "-", Number(), "-", ++keys_);
}

std::string DemoDiary::NewEventId(int64_t at_us) {
  ++entries_;
  if (shop_ids_) return absl::StrCat("shop:", Number(), "-", entries_);
  // UUID version 7: 48 bits of milliseconds, then chance.
  const auto ms = static_cast<uint64_t>(at_us / 1000);
  const uint64_t first = random_.Next(), second = random_.Next();
  return absl::StrFormat("%08x-%04x-7%03x-%04x-%012x", (ms >> 16) & 0xFFFFFFFF, ms & 0xFFFF,
                         first & 0xFFF, 0x8000 | (second >> 48 & 0x3FFF), second & 0xFFFFFFFFFFFF);
}

v1::Event& DemoDiary::Add(int64_t at_us, v1::Kind kind, const google::protobuf::Message& payload) {
  last_counts_ = at_us >= begin_us_ && at_us < end_us_;
  v1::Event event;
  event.set_event_id(NewEventId(at_us));
  event.set_customer_id(customer_id_);
  event.set_occurred_at_us(at_us);
  event.set_kind(kind);
  event.set_payload(payload.SerializeAsString());
  event.set_source("shop");
  if (!last_counts_) {
    left_out_ = std::move(event);
    return left_out_;
  }
  events_.push_back(std::move(event));
  return events_.back();
}

std::string DemoDiary::Buys(int64_t at_us, int64_t cents, absl::string_view product) {
  v1::PurchaseMade purchase;
  purchase.set_order(NewKey("order"));
  SetCents(cents, purchase.mutable_amount());
  v1::PurchaseItem* item = purchase.add_items();
  item->set_sku(std::string(product));
  item->set_quantity_milli(1000);
  SetCents(cents, item->mutable_amount());
  v1::Event& event = Add(at_us, v1::KIND_PURCHASE_MADE, purchase);
  event.set_channel(channel_);
  event.set_initiator(v1::INITIATOR_CUSTOMER);
  event.set_area(v1::AREA_SALES);
  event.set_phase(v1::PHASE_AT);
  event.set_subject(std::string(product));
  return purchase.order();
}

void DemoDiary::Returns(int64_t at_us, absl::string_view order, int64_t cents) {
  v1::PurchaseReversed reversal;
  reversal.set_order(std::string(order));
  SetCents(cents, reversal.mutable_amount());
  reversal.set_form(v1::REVERSAL_FORM_RETURN);
  v1::Event& event = Add(at_us, v1::KIND_PURCHASE_REVERSED, reversal);
  event.set_channel(v1::CHANNEL_POST);
  event.set_phase(v1::PHASE_AFTER_RECEIPT);
}

void DemoDiary::Cancels(int64_t at_us, absl::string_view order, int64_t cents) {
  v1::PurchaseReversed reversal;
  reversal.set_order(std::string(order));
  SetCents(cents, reversal.mutable_amount());
  reversal.set_form(v1::REVERSAL_FORM_CANCEL);
  v1::Event& event = Add(at_us, v1::KIND_PURCHASE_REVERSED, reversal);
  event.set_channel(channel_);
  event.set_phase(v1::PHASE_AFTER_PURCHASE);
}

void DemoDiary::Ships(int64_t at_us, absl::string_view order) {
  v1::FulfilmentStepDone payload;
  payload.set_order(std::string(order));
  payload.set_step("shipped");
  Add(at_us, v1::KIND_FULFILMENT_STEP_DONE, payload).set_phase(v1::PHASE_AFTER_PURCHASE);
}

std::string DemoDiary::Complains(int64_t at_us, uint32_t severity, absl::string_view topic) {
  v1::ComplaintRaised complaint;
  complaint.set_case_(NewKey("case"));
  complaint.set_severity(severity);
  complaint.set_topic(std::string(topic));
  v1::Event& event = Add(at_us, v1::KIND_COMPLAINT_RAISED, complaint);
  event.set_channel(severity >= 3 ? v1::CHANNEL_PHONE : v1::CHANNEL_EMAIL);
  event.set_initiator(v1::INITIATOR_CUSTOMER);
  event.set_area(v1::AREA_SERVICE);
  event.set_phase(v1::PHASE_AFTER_RECEIPT);
  if (severity >= 2) event.set_customer_feeling(severity >= 3 ? -2 : -1);
  return complaint.case_();
}

void DemoDiary::Acknowledges(int64_t at_us, absl::string_view complaint) {
  v1::ComplaintAcknowledged payload;
  payload.set_case_(std::string(complaint));
  v1::Event& event = Add(at_us, v1::KIND_COMPLAINT_ACKNOWLEDGED, payload);
  event.set_channel(v1::CHANNEL_EMAIL);
  event.set_area(v1::AREA_SERVICE);
}

void DemoDiary::Escalates(int64_t at_us, absl::string_view complaint, uint32_t level) {
  v1::ComplaintEscalated payload;
  payload.set_case_(std::string(complaint));
  payload.set_level(level);
  Add(at_us, v1::KIND_COMPLAINT_ESCALATED, payload).set_area(v1::AREA_SERVICE);
}

void DemoDiary::Resolves(int64_t at_us, absl::string_view complaint, absl::string_view remedy) {
  v1::ComplaintResolved payload;
  payload.set_case_(std::string(complaint));
  payload.set_remedy(std::string(remedy));
  v1::Event& event = Add(at_us, v1::KIND_COMPLAINT_RESOLVED, payload);
  event.set_channel(v1::CHANNEL_EMAIL);
  event.set_area(v1::AREA_SERVICE);
}

void DemoDiary::AnswersResolution(int64_t at_us, absl::string_view complaint, bool accepted) {
  v1::ResolutionAnswered payload;
  payload.set_case_(std::string(complaint));
  payload.set_accepted(accepted);
  v1::Event& event = Add(at_us, v1::KIND_RESOLUTION_ANSWERED, payload);
  event.set_channel(v1::CHANNEL_EMAIL);
  event.set_customer_feeling(accepted ? 1 : -2);
}

void DemoDiary::Reopens(int64_t at_us, absl::string_view complaint) {
  v1::ComplaintReopened payload;
  payload.set_case_(std::string(complaint));
  v1::Event& event = Add(at_us, v1::KIND_COMPLAINT_REOPENED, payload);
  event.set_channel(v1::CHANNEL_PHONE);
  event.set_initiator(v1::INITIATOR_CUSTOMER);
}

void DemoDiary::FindRootCause(int64_t at_us, absl::string_view complaint, absl::string_view cause,
                              absl::string_view fix, absl::string_view prevention) {
  v1::RootCauseFound payload;
  payload.set_case_(std::string(complaint));
  payload.set_cause(std::string(cause));
  payload.set_fix(std::string(fix));
  payload.set_prevention(std::string(prevention));
  Add(at_us, v1::KIND_ROOT_CAUSE_FOUND, payload).set_area(v1::AREA_SERVICE);
}

void DemoDiary::Thanks(int64_t at_us, absl::string_view what_for) {
  v1::ThanksGiven payload;
  payload.set_for_(std::string(what_for));
  payload.set_form(v1::THANKS_FORM_THANKS);
  v1::Event& event = Add(at_us, v1::KIND_THANKS_GIVEN, payload);
  event.set_channel(written_by_);
  event.set_initiator(v1::INITIATOR_VENDOR);
  event.set_area(v1::AREA_SERVICE);
}

std::string DemoDiary::Outreach(int64_t at_us, v1::OutreachPurpose purpose) {
  v1::OutreachMade payload;
  payload.set_outreach(NewKey("word"));
  payload.set_purpose(purpose);
  v1::Event& event = Add(at_us, v1::KIND_OUTREACH_MADE, payload);
  event.set_channel(written_by_);
  event.set_initiator(v1::INITIATOR_VENDOR);
  return payload.outreach();
}

std::string DemoDiary::Newsletter(int64_t at_us, uint32_t position) {
  v1::OutreachMade payload;
  payload.set_outreach(absl::StrCat("letter-", position));
  payload.set_purpose(v1::OUTREACH_PURPOSE_NEWSLETTER);
  payload.set_series("letter");
  payload.set_position(position);
  v1::Event& event = Add(at_us, v1::KIND_OUTREACH_MADE, payload);
  event.set_channel(v1::CHANNEL_EMAIL);
  event.set_initiator(v1::INITIATOR_AUTOMATION);
  event.set_area(v1::AREA_MARKETING);
  event.set_campaign("letter");
  return payload.outreach();
}

void DemoDiary::Answers(int64_t at_us, absl::string_view outreach, v1::OutreachPurpose purpose,
                        v1::OutreachAnswer answer) {
  v1::OutreachAnswered payload;
  payload.set_outreach(std::string(outreach));
  payload.set_purpose(purpose);
  payload.set_answer(answer);
  Add(at_us, v1::KIND_OUTREACH_ANSWERED, payload).set_channel(v1::CHANNEL_EMAIL);
}

std::string DemoDiary::Refers(int64_t at_us, absl::string_view referred) {
  v1::ReferralMade payload;
  payload.set_referral(NewKey("referral"));
  payload.set_referred(std::string(referred));
  payload.set_form(v1::REFERRAL_FORM_RECOMMENDATION);
  payload.set_qualified(true);
  v1::Event& event = Add(at_us, v1::KIND_REFERRAL_MADE, payload);
  event.set_channel(v1::CHANNEL_WEBSITE);
  event.set_initiator(v1::INITIATOR_CUSTOMER);
  return payload.referral();
}

void DemoDiary::IsReferred(int64_t at_us, absl::string_view referral, absl::string_view referrer) {
  v1::ReferralReceived payload;
  payload.set_referral(std::string(referral));
  payload.set_referrer(std::string(referrer));
  Add(at_us, v1::KIND_REFERRAL_RECEIVED, payload).set_channel(v1::CHANNEL_WEBSITE);
}

void DemoDiary::Converts(int64_t at_us, absl::string_view referral, absl::string_view order,
                         int64_t cents) {
  v1::ReferralConverted payload;
  payload.set_referral(std::string(referral));
  payload.set_order(std::string(order));
  SetCents(cents, Add(at_us, v1::KIND_REFERRAL_CONVERTED, payload).mutable_value());
}

void DemoDiary::Reviews(int64_t at_us) {
  v1::AdvocacyShown payload;
  payload.set_advocacy(NewKey("review"));
  payload.set_form(v1::ADVOCACY_FORM_REVIEW);
  Add(at_us, v1::KIND_ADVOCACY_SHOWN, payload).set_channel(v1::CHANNEL_WEBSITE);
}

void DemoDiary::HelpsInCommunity(int64_t at_us) {
  v1::CommunityActed payload;
  payload.set_community("friends");
  payload.set_form(v1::COMMUNITY_FORM_ANSWERED);
  Add(at_us, v1::KIND_COMMUNITY_ACTED, payload).set_channel(v1::CHANNEL_COMMUNITY);
}

void DemoDiary::Feels(int feeling) {
  if (last_counts_) events_.back().set_customer_feeling(feeling);
}

void DemoDiary::About(absl::string_view subject) {
  if (last_counts_) events_.back().set_subject(std::string(subject));
}

void DemoDiary::UsedPromotion(absl::string_view promotion) {
  if (!last_counts_) return;
  v1::PurchaseMade purchase;
  purchase.ParseFromString(events_.back().payload());
  purchase.set_promotion(std::string(promotion));
  events_.back().set_payload(purchase.SerializeAsString());
}

std::vector<v1::Event> DemoDiary::Take() { return std::exchange(events_, {}); }

}  // namespace rapport::operations
