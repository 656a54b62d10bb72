#include "tests/bench/rapport_bench/mixed.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/sensitive.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/commerce.pb.h"
#include "rapport/v1/dialogue.pb.h"
#include "rapport/v1/known.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::bench {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Share {
  v1::Kind kind;
  // Of a thousand events.
  int share;
};

constexpr Share kShares[] = {
    {v1::KIND_PURCHASE_MADE, 250},
    {v1::KIND_PURCHASE_REVERSED, 15},
    {v1::KIND_FULFILMENT_STEP_DONE, 80},
    {v1::KIND_CONCESSION_MADE, 5},
    {v1::KIND_PROMOTION_SENT, 40},
    {v1::KIND_PROMOTION_REDEEMED, 10},
    {v1::KIND_OFFER_MADE, 20},
    {v1::KIND_OFFER_ANSWERED, 10},
    {v1::KIND_OPPORTUNITY_NOTED, 5},
    {v1::KIND_OPPORTUNITY_CLOSED, 3},
    {v1::KIND_AWARENESS_SHOWN, 39},
    {v1::KIND_INTEREST_SHOWN, 50},
    {v1::KIND_TRIAL_STARTED, 3},
    {v1::KIND_TRIAL_ENDED, 3},
    {v1::KIND_COMPETITOR_NOTICED, 2},
    {v1::KIND_REQUIREMENT_CHANGED, 2},
    {v1::KIND_ENQUIRY_MADE, 40},
    {v1::KIND_SUPPORT_REQUESTED, 30},
    {v1::KIND_QUESTION_ANSWERED, 40},
    {v1::KIND_SELF_SERVICE_USED, 40},
    {v1::KIND_COMPLAINT_RAISED, 12},
    {v1::KIND_COMPLAINT_ACKNOWLEDGED, 9},
    {v1::KIND_CASE_HANDED_OVER, 3},
    {v1::KIND_COMPLAINT_ESCALATED, 2},
    {v1::KIND_COMPLAINT_RESOLVED, 9},
    {v1::KIND_RESOLUTION_ANSWERED, 5},
    {v1::KIND_COMPLAINT_REOPENED, 1},
    {v1::KIND_ROOT_CAUSE_FOUND, 2},
    {v1::KIND_ISSUE_PREVENTED, 2},
    {v1::KIND_FEEDBACK_REQUESTED, 25},
    {v1::KIND_SURVEY_ANSWERED, 15},
    {v1::KIND_FEEDBACK_GIVEN, 6},
    {v1::KIND_PRAISE_GIVEN, 4},
    {v1::KIND_NEED_HEARD, 5},
    {v1::KIND_THANKS_GIVEN, 10},
    {v1::KIND_OUTREACH_MADE, 80},
    {v1::KIND_OUTREACH_ANSWERED, 15},
    {v1::KIND_GIFT_GIVEN, 3},
    {v1::KIND_TRAINING_GIVEN, 2},
    {v1::KIND_INFORMATION_SHARED, 8},
    {v1::KIND_MEETING_HELD, 4},
    {v1::KIND_ENCOUNTER_NOTED, 2},
    {v1::KIND_INTEREST_MATCHED, 3},
    {v1::KIND_PROMISE_MADE, 6},
    {v1::KIND_PROMISE_KEPT, 5},
    {v1::KIND_EXPECTATION_SET, 4},
    {v1::KIND_EXPECTATION_MET, 3},
    {v1::KIND_EXPECTATION_MISSED, 1},
    {v1::KIND_OBJECTIVE_SET, 2},
    {v1::KIND_OBJECTIVE_REACHED, 1},
    {v1::KIND_JOINT_GOAL_SET, 1},
    {v1::KIND_SOLUTION_BUILT, 1},
    {v1::KIND_ADAPTATION_MADE, 1},
    {v1::KIND_PREFERENCE_RECORDED, 10},
    {v1::KIND_DATE_RECORDED, 3},
    {v1::KIND_CONSENT_CHANGED, 8},
    {v1::KIND_PROFILE_RECORDED, 3},
    {v1::KIND_ALIAS_LINKED, 2},
    {v1::KIND_ACCOUNT_MANAGER_ASSIGNED, 2},
    {v1::KIND_CONTACT_PERSON_RECORDED, 1},
    {v1::KIND_MEMBERSHIP_CHANGED, 6},
    {v1::KIND_REFERRAL_MADE, 3},
    {v1::KIND_REFERRAL_CONVERTED, 1},
    {v1::KIND_REFERRAL_RECEIVED, 2},
    {v1::KIND_ADVOCACY_SHOWN, 2},
    {v1::KIND_COMMUNITY_ACTED, 4},
    {v1::KIND_AGREEMENT_SIGNED, 2},
    {v1::KIND_AGREEMENT_ENDED, 1},
    {v1::KIND_FRAUD_SUSPECTED, 1},
    {v1::KIND_FRAUD_CLEARED, 1},
    {v1::KIND_FRAUD_CONFIRMED, 1},
    {v1::KIND_RELATIONSHIP_ENDED, 2},
    {v1::KIND_RELATIONSHIP_REINSTATED, 1},
    {v1::KIND_FOLLOW_UP_CLAIMED, 2},
    {v1::KIND_FOLLOW_UP_SNOOZED, 1},
    {v1::KIND_FOLLOW_UP_DISMISSED, 1},
    {v1::KIND_CUSTOM_TOUCHPOINT, 1},
};
constexpr size_t kThousand = 1000;

// Numbers that may not be any number; others are below 100.
struct Range {
  absl::string_view field;
  int64_t min;
  int64_t max;
};
constexpr Range kRanges[] = {
    {"severity", 1, 4}, {"level", 1, 3},  {"score", 0, 10}, {"min", 0, 0},
    {"max", 10, 10},    {"month", 1, 12}, {"day", 1, 28},   {"year", 1940, 2005},
};

bool Chance(Random& random, uint64_t percent) { return random.Below(100) < percent; }

int64_t Between(Random& random, int64_t min, int64_t max) {
  return min + static_cast<int64_t>(random.Below(static_cast<uint64_t>(max - min + 1)));
}

void FillMoney(Random& random, v1::Money& money) {
  money.set_micros(Between(random, 1, 20'000) * 10'000);
  money.set_currency("EUR");
}

int64_t NumberFor(const FieldDescriptor& field, int64_t at_us, Random& random) {
  if (absl::EndsWith(field.name(), "_us")) return at_us + Between(random, 1, 60) * kMicrosPerDay;
  if (absl::EndsWith(field.name(), "_ppm")) return Between(random, 1, 30) * 10'000;
  for (const Range& range : kRanges) {
    if (range.field == field.name()) return Between(random, range.min, range.max);
  }
  return Between(random, 0, 99);
}

std::string TextFor(const FieldDescriptor& field, int64_t customers, Random& random) {
  const std::string& name = field.name();
  if (name == "referred" || name == "referrer" || name == "asker") {
    return absl::StrFormat("cust-%06d", Between(random, 0, customers - 1));
  }
  if (name == "follow_up_id") return absl::StrFormat("%032x", random.Below(1u << 20));
  if (field.number() == 1) return absl::StrCat(name, "-", random.Below(3));
  return absl::StrCat(name, "-", random.Below(20));
}

void FillField(const FieldDescriptor& field, int64_t at_us, int64_t customers, Random& random,
               Message& payload) {
  const auto& reflection = *payload.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&payload, &field, Chance(random, 50));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(
          &payload, &field,
          static_cast<int>(Between(random, 1, field.enum_type()->value_count() - 1)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&payload, &field,
                                  static_cast<uint32_t>(NumberFor(field, at_us, random)));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&payload, &field, NumberFor(field, at_us, random));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&payload, &field, TextFor(field, customers, random));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return FillMoney(random,
                       static_cast<v1::Money&>(*reflection.MutableMessage(&payload, &field)));
    default:
      RAPPORT_CHECK(false) << field.full_name() << " is not filled";
  }
}

// Lists, which the fields by themselves do not tell.
void FillLists(v1::Kind kind, Random& random, Message& payload) {
  if (kind == v1::KIND_PURCHASE_MADE) {
    auto& purchase = static_cast<v1::PurchaseMade&>(payload);
    for (uint64_t i = random.Below(3); i > 0; --i) {
      v1::PurchaseItem& item = *purchase.add_items();
      item.set_sku(absl::StrCat("sku-", random.Below(5'000)));
      item.set_quantity_milli(1'000);
      FillMoney(random, *item.mutable_amount());
    }
  } else if (kind == v1::KIND_MEETING_HELD) {
    static_cast<v1::MeetingHeld&>(payload).add_attendees("buyer");
  } else if (kind == v1::KIND_CUSTOM_TOUCHPOINT) {
    auto& touchpoint = static_cast<v1::CustomTouchpoint&>(payload);
    touchpoint.set_custom_kind("showroom.visit");
    v1::Measure& measure = *touchpoint.add_measures();
    measure.set_name("minutes");
    measure.set_value(Between(random, 1, 90));
  }
}

// Nobody recommends himself, and only points that are there can end.
void MendContradictions(v1::Kind kind, const std::string& customer_id, Message& payload) {
  if (kind == v1::KIND_MEMBERSHIP_CHANGED) {
    auto& membership = static_cast<v1::MembershipChanged&>(payload);
    if (membership.expiring() > membership.balance()) {
      membership.set_expiring(membership.balance());
    }
  } else if (kind == v1::KIND_REFERRAL_MADE) {
    auto& made = static_cast<v1::ReferralMade&>(payload);
    if (made.referred() == customer_id) made.clear_referred();
  } else if (kind == v1::KIND_REFERRAL_RECEIVED) {
    auto& received = static_cast<v1::ReferralReceived&>(payload);
    if (received.referrer() == customer_id) received.clear_referrer();
  }
}

void FillPayload(v1::Kind kind, int64_t at_us, int64_t customers, Random& random,
                 Message& payload) {
  payload.Clear();
  const auto& type = *payload.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated() || field.type() == FieldDescriptor::TYPE_BYTES) continue;
    if (event::IsSensitive(field)) continue;
    // Keys, money, and what is not marked optional but by being left out.
    const bool always = field.number() <= 2 || !field.has_presence();
    if (always || Chance(random, 50)) FillField(field, at_us, customers, random, payload);
  }
  FillLists(kind, random, payload);
}

void FillEnvelope(Random& random, v1::Event& event) {
  event.set_channel(static_cast<v1::Channel>(Between(random, 1, v1::Channel_MAX - 1)));
  event.set_initiator(static_cast<v1::Initiator>(Between(random, 1, v1::Initiator_MAX)));
  if (Chance(random, 50)) event.set_area(static_cast<v1::Area>(Between(random, 1, v1::Area_MAX)));
  if (Chance(random, 30)) {
    event.set_phase(static_cast<v1::Phase>(Between(random, 1, v1::Phase_MAX)));
  }
  if (Chance(random, 20)) event.set_duration_s(static_cast<uint32_t>(Between(random, 10, 3'600)));
  if (Chance(random, 10)) event.set_wait_s(static_cast<uint32_t>(Between(random, 1, 900)));
  if (Chance(random, 10)) FillMoney(random, *event.mutable_cost());
  if (Chance(random, 5)) FillMoney(random, *event.mutable_value());
  if (Chance(random, 15)) event.set_customer_feeling(static_cast<int>(Between(random, -2, 2)));
  if (Chance(random, 10)) event.set_live_person(true);
  if (Chance(random, 5)) event.set_campaign(absl::StrCat("campaign-", random.Below(40)));
}

}  // namespace

MixedKinds::MixedKinds() {
  for (const Share& share : kShares) {
    const event::KindInfo* kind = event::FindKind(share.kind);
    RAPPORT_CHECK(kind != nullptr) << share.kind;
    drawn_.insert(drawn_.end(), static_cast<size_t>(share.share), rows_.size());
    rows_.push_back({share.kind, std::unique_ptr<Message>(kind->prototype->New())});
  }
  RAPPORT_CHECK(drawn_.size() == kThousand) << "shares add up to " << drawn_.size();
}

void MixedKinds::Fill(int64_t at_us, int64_t customers, Random& random, v1::Event& event) {
  const Row& row = rows_[drawn_[random.Below(kThousand)]];
  FillPayload(row.kind, at_us, customers, random, *row.payload);
  MendContradictions(row.kind, event.customer_id(), *row.payload);
  FillEnvelope(random, event);
  event.set_kind(row.kind);
  event.set_payload(row.payload->SerializeAsString());
}

}  // namespace rapport::bench
