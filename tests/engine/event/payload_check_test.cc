#include "engine/event/payload_check.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/event/sensitive.h"
#include "rapport/v1/work.pb.h"
#include "tests/engine/event/event_record.h"

namespace rapport::event {
namespace {

constexpr char kFollowUp[] = "0123456789abcdef0123456789abcdef";

struct Payload {
  const char* kind;
  // Just what must be there.
  std::string text;
};

// The least that each kind needs.
const std::string kFollowUpField = absl::StrCat("follow_up_id: '", kFollowUp, "' ");
const std::vector<Payload> kLeastPayloads = {
    {"PurchaseMade", ""},
    {"PurchaseReversed", ""},
    {"FulfilmentStepDone", "order: 'A'"},
    {"ConcessionMade", "concession: 'A'"},
    {"PromotionSent", "promotion: 'A'"},
    {"PromotionRedeemed", "promotion: 'A'"},
    {"OfferMade", "offer: 'A'"},
    {"OfferAnswered", "offer: 'A'"},
    {"OpportunityNoted", "opportunity: 'A'"},
    {"OpportunityClosed", "opportunity: 'A'"},
    {"AwarenessShown", ""},
    {"InterestShown", ""},
    {"TrialStarted", "trial: 'A'"},
    {"TrialEnded", "trial: 'A'"},
    {"CompetitorNoticed", "competitor: 'A'"},
    {"RequirementChanged", "what: 'A'"},
    {"EnquiryMade", "request: 'A'"},
    {"SupportRequested", "request: 'A'"},
    {"QuestionAnswered", "request: 'A'"},
    {"SelfServiceUsed", "task: 'A'"},
    {"ComplaintRaised", "case: 'A'"},
    {"ComplaintAcknowledged", "case: 'A'"},
    {"CaseHandedOver", "case: 'A'"},
    {"ComplaintEscalated", "case: 'A' level: 1"},
    {"ComplaintResolved", "case: 'A'"},
    {"ResolutionAnswered", "case: 'A'"},
    {"ComplaintReopened", "case: 'A'"},
    {"RootCauseFound", "case: 'A'"},
    {"IssuePrevented", "issue: 'A'"},
    {"FeedbackRequested", "survey: 'A'"},
    {"SurveyAnswered", "max: 1"},
    {"FeedbackGiven", "feedback: 'A'"},
    {"PraiseGiven", "praise: 'A'"},
    {"NeedHeard", "need: 'A'"},
    {"ThanksGiven", ""},
    {"OutreachMade", "purpose: 1"},
    {"OutreachAnswered", "outreach: 'A' answer: 1"},
    {"GiftGiven", "gift: 'A'"},
    {"TrainingGiven", "training: 'A'"},
    {"InformationShared", "information: 'A'"},
    {"MeetingHeld", "meeting: 'A'"},
    {"EncounterNoted", "encounter: 'A'"},
    {"InterestMatched", "item: 'A'"},
    {"PromiseMade", "promise: 'A' due_at_us: 1"},
    {"PromiseKept", "promise: 'A'"},
    {"ExpectationSet", "expectation: 'A'"},
    {"ExpectationMet", "expectation: 'A'"},
    {"ExpectationMissed", "expectation: 'A'"},
    {"ObjectiveSet", "objective: 'A'"},
    {"ObjectiveReached", "objective: 'A'"},
    {"JointGoalSet", "goal: 'A'"},
    {"SolutionBuilt", "goal: 'A'"},
    {"AdaptationMade", "what: 'A'"},
    {"PreferenceRecorded", "key: 'A'"},
    {"DateRecorded", "key: 'A' month: 2 day: 29"},
    {"ConsentChanged", "key: 'A'"},
    {"ProfileRecorded", ""},
    {"AliasLinked", ""},
    {"AccountManagerAssigned", ""},
    {"ContactPersonRecorded", "person: 'A'"},
    {"MembershipChanged", "programme: 'A'"},
    {"ReferralMade", "referral: 'A'"},
    {"ReferralConverted", "referral: 'A'"},
    {"ReferralReceived", "referral: 'A'"},
    {"AdvocacyShown", "advocacy: 'A'"},
    {"CommunityActed", "community: 'A' form: 1"},
    {"AgreementSigned", "agreement: 'A'"},
    {"AgreementEnded", "agreement: 'A'"},
    {"FraudSuspected", ""},
    {"FraudCleared", ""},
    {"FraudConfirmed", ""},
    {"RelationshipEnded", "by: 1"},
    {"RelationshipReinstated", ""},
    {"FollowUpClaimed", kFollowUpField + "until_us: 1"},
    {"FollowUpSnoozed", kFollowUpField + "until_us: 1"},
    {"FollowUpDismissed", kFollowUpField},
    {"EventRetracted", "target_event_id: 'A'"},
    {"EventCorrected", "target_event_id: 'A' kind: KIND_PURCHASE_MADE"},
    {"CustomerMerged", "survivor: 'cust-1' merged: 'cust-2'"},
    {"CustomerSplit", "survivor: 'cust-2' merged: 'cust-1'"},
    {"ErasureRequested", ""},
    {"ErasureCompleted", ""},
    {"CustomTouchpoint", "custom_kind: 'a'"},
};

TEST(PayloadCheckTest, AcceptsTheLeastPayloadOfEveryKind) {
  std::set<std::string> seen;
  for (const Payload& payload : kLeastPayloads) {
    seen.insert(payload.kind);
    EXPECT_THAT(CheckAll(ARecord(payload.kind, payload.text)), IsAccepted()) << payload.kind;
  }
  EXPECT_EQ(seen.size(), AllKinds().size());
}

TEST(PayloadCheckTest, RejectsEmptyPayloadsOfKindsThatNeedSomething) {
  for (const Payload& payload : kLeastPayloads) {
    if (payload.text.empty()) continue;
    EXPECT_TRUE(CheckAll(ARecord(payload.kind, "")).has_value()) << payload.kind;
  }
}

// Every string of every payload, but for free texts, which may be longer.
TEST(PayloadCheckTest, RejectsKeysAndCodesOver64Bytes) {
  int checked = 0;
  for (const Payload& payload : kLeastPayloads) {
    const KindInfo* kind = FindKindByName(payload.kind);
    const auto* type = kind->prototype->GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      if (field->type() != google::protobuf::FieldDescriptor::TYPE_STRING) continue;
      if (IsSensitive(*field)) continue;
      EventRecord record = ARecord(payload.kind, payload.text);
      const std::unique_ptr<google::protobuf::Message> message(kind->prototype->New());
      ASSERT_TRUE(message->ParseFromString(record.event.payload()));
      std::string path = "payload." + field->name();
      // No format takes 129 bytes.
      const std::string text(129, 'a');
      if (field->is_repeated()) {
        message->GetReflection()->AddString(message.get(), field, text);
        path += "[0]";
      } else {
        message->GetReflection()->SetString(message.get(), field, text);
      }
      record.event.set_payload(message->SerializeAsString());
      EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kFieldInvalid, path)) << payload.kind;
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

// Every enum of every payload.
TEST(PayloadCheckTest, KeepsUnknownFormsForALaterVersion) {
  int checked = 0;
  for (const Payload& payload : kLeastPayloads) {
    const KindInfo* kind = FindKindByName(payload.kind);
    const auto* type = kind->prototype->GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const auto* field = type->field(i);
      if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_ENUM) continue;
      for (const int unknown : {63, 64, 1 << 20, -1}) {
        EventRecord record = ARecord(payload.kind, payload.text);
        const std::unique_ptr<google::protobuf::Message> message(kind->prototype->New());
        ASSERT_TRUE(message->ParseFromString(record.event.payload()));
        message->GetReflection()->SetEnumValue(message.get(), field, unknown);
        record.event.set_payload(message->SerializeAsString());
        EXPECT_THAT(CheckAll(record),
                    IsRejectedFor(Reason::kKindUnknown, "payload." + field->name()));
        ++checked;
      }
    }
  }
  EXPECT_GE(checked, 4 * 15);
}

struct Sample {
  const char* kind;
  const char* text;
  // Null = accepted.
  const char* field;
};

const Sample kSamples[] = {
    {"ComplaintRaised", "case: 'C' severity: 0", "payload.severity"},
    {"ComplaintRaised", "case: 'C' severity: 1", nullptr},
    {"ComplaintRaised", "case: 'C' severity: 4", nullptr},
    {"ComplaintRaised", "case: 'C' severity: 5", "payload.severity"},
    {"ComplaintRaised", "severity: 2", "payload.case"},
    {"ComplaintRaised", "case: 'a\\nb'", "payload.case"},
    {"ComplaintEscalated", "case: 'C' level: 0", "payload.level"},
    {"ComplaintEscalated", "case: 'C' level: 2147483648", "payload.level"},
    {"SurveyAnswered", "score: 0 min: 0 max: 0", "payload.max"},
    {"SurveyAnswered", "score: 0 min: 5 max: 1", "payload.max"},
    {"SurveyAnswered", "score: 11 max: 10", "payload.score"},
    {"SurveyAnswered", "score: -1 max: 10", "payload.score"},
    {"SurveyAnswered", "score: 10 max: 10", nullptr},
    {"SurveyAnswered", "score: -5 min: -5 max: 5", nullptr},
    {"SurveyAnswered", "min: -9223372036854775808 max: 9223372036854775807", "payload.min"},
    {"DateRecorded", "key: 'k' month: 0 day: 1", "payload.month"},
    {"DateRecorded", "key: 'k' month: 13 day: 1", "payload.month"},
    {"DateRecorded", "key: 'k' month: 4 day: 31", "payload.day"},
    {"DateRecorded", "key: 'k' month: 2 day: 30", "payload.day"},
    {"DateRecorded", "key: 'k' month: 2 day: 29 year: 2023", "payload.day"},
    {"DateRecorded", "key: 'k' month: 2 day: 29 year: 2024", nullptr},
    {"DateRecorded", "key: 'k' month: 1 day: 1 year: 0", "payload.year"},
    {"ObjectiveSet", "objective: 'o' progress: 100", nullptr},
    {"ObjectiveSet", "objective: 'o' progress: 101", "payload.progress"},
    {"MembershipChanged", "programme: 'p' balance: -1", "payload.balance"},
    {"MembershipChanged", "programme: 'p' expiring: -1", "payload.expiring"},
    {"PromotionSent", "promotion: 'p' discount_ppm: 1000000", nullptr},
    {"PromotionSent", "promotion: 'p' discount_ppm: 1000001", "payload.discount_ppm"},
    {"PromotionSent", "promotion: 'p' valid_until_us: -1", "payload.valid_until_us"},
    {"PromotionSent", "promotion: 'p' valid_until_us: 4102444800000000", "payload.valid_until_us"},
    {"PromotionSent", "promotion: 'p' valid_until_us: 4102444799999999", nullptr},
    {"PromiseMade", "promise: 'p'", "payload.due_at_us"},
    {"PurchaseMade", "order: 'A' amount { micros: -1 currency: 'EUR' }", "payload.amount.micros"},
    {"PurchaseMade", "order: 'A' amount { currency: 'EURO' }", "payload.amount.currency"},
    {"PurchaseMade", "order: 'A' items { } items { quantity_milli: -1 }",
     "payload.items[1].quantity_milli"},
    {"PurchaseMade", "order: 'A' items { amount { micros: 1 } }",
     "payload.items[0].amount.currency"},
    {"PurchaseReversed", "amount { micros: 1000000000000001 currency: 'EUR' }",
     "payload.amount.micros"},
    {"OutreachMade", "purpose: 0", "payload.purpose"},
    {"OutreachMade", "purpose: 3 position: 2147483648", "payload.position"},
    {"MembershipChanged", "programme: 'p' balance: 5 expiring: 5", nullptr},
    {"MembershipChanged", "programme: 'p' balance: 5 expiring: 6", "payload.expiring"},
    {"ReferralMade", "referral: 'R' referred: '-'", "payload.referred"},
    {"ReferralMade", "referral: 'R' referred: 'cust-2'", nullptr},
    {"ReferralMade", "referral: 'R' referred: 'cust-1'", "payload.referred"},
    {"ReferralReceived", "referral: 'R' referrer: 'cust-1'", "payload.referrer"},
    {"ReferralReceived", "referral: 'R' referrer: 'cust-2'", nullptr},
    {"MeetingHeld", "meeting: 'M' attendees: 'a' attendees: ''", "payload.attendees[1]"},
    {"FollowUpSnoozed", "follow_up_id: 'short' until_us: 1", "payload.follow_up_id"},
    {"FollowUpClaimed", "follow_up_id: '0123456789abcdef0123456789abcdef' until_us: 1 fence: -1",
     "payload.fence"},
    {"EventRetracted", "target_event_id: 'a b'", "payload.target_event_id"},
    {"CustomerMerged", "survivor: 'cust-1' merged: 'cust-1'", "payload.merged"},
    {"CustomerMerged", "survivor: 'cust-1'", "payload.merged"},
    {"CustomerMerged", "survivor: 'cust-2' merged: 'cust-3'", "payload.survivor"},
    {"CustomTouchpoint", "custom_kind: 'Store'", "payload.custom_kind"},
    {"CustomTouchpoint", "custom_kind: 'a' measures { name: 'b' } measures { name: 'a' }",
     "payload.measures[1].name"},
    {"ProfileRecorded", "name: 'Ana'", nullptr},
    {"AliasLinked", "value: 'ana'", nullptr},
    {"ContactPersonRecorded", "person: 'p' name: 'Ana'", nullptr},
};

TEST(PayloadCheckTest, HoldsTheLimitsOfEachField) {
  for (const Sample& sample : kSamples) {
    const auto rejection = CheckAll(ARecord(sample.kind, sample.text));
    if (sample.field == nullptr) {
      EXPECT_THAT(rejection, IsAccepted()) << sample.kind << " " << sample.text;
    } else {
      EXPECT_THAT(rejection, IsRejectedFor(Reason::kFieldInvalid, sample.field))
          << sample.kind << " " << sample.text;
    }
  }
}

TEST(PayloadCheckTest, ChecksFieldsBesideAGroupOfALaterVersion) {
  EventRecord record = APurchaseRecord();
  // promotion (4) over 64 bytes, before and after an empty group 60.
  const std::string group = "\xE3\x03\xE4\x03";
  const std::string promotion = "\x22\x41" + std::string(65, 'p');
  for (const std::string& payload : {group + promotion, promotion + group}) {
    record.event.set_payload(payload);
    EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kFieldInvalid, "payload.promotion"));
  }
  record.event.set_payload(group);
  EXPECT_THAT(CheckAll(record), IsAccepted());
}

TEST(PayloadCheckTest, TakesCustomersOf128BytesAsReferred) {
  const std::string long_id(128, 'c');
  EXPECT_THAT(CheckAll(ARecord("ReferralMade", "referral: 'R' referred: '" + long_id + "'")),
              IsAccepted());
}

TEST(PayloadCheckTest, NeverRepeatsAPersonsNameInItsMessage) {
  std::string name = "Ana Example ";
  while (name.size() <= kSensitiveBytesMax) name += name;
  const auto rejection = CheckAll(ARecord("ProfileRecorded", "name: '" + name + "'"));
  ASSERT_THAT(rejection, IsRejectedFor(Reason::kTooLarge, "payload.name"));
  EXPECT_EQ(rejection->message.find("Ana"), std::string::npos);
}

TEST(PayloadCheckTest, LimitsLists) {
  v1::PurchaseMade purchase;
  for (int i = 0; i < 1000; ++i) purchase.add_items();
  EventRecord record = APurchaseRecord();
  record.event.set_payload(purchase.SerializeAsString());
  EXPECT_THAT(CheckAll(record), IsAccepted());
  purchase.add_items();
  record.event.set_payload(purchase.SerializeAsString());
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kFieldInvalid, "payload.items"));

  std::string attendees;
  for (int i = 0; i < 64; ++i) attendees += "attendees: 'a' ";
  EXPECT_THAT(CheckAll(ARecord("MeetingHeld", "meeting: 'M' " + attendees)), IsAccepted());
  EXPECT_THAT(CheckAll(ARecord("MeetingHeld", "meeting: 'M' attendees: 'a' " + attendees)),
              IsRejectedFor(Reason::kFieldInvalid, "payload.attendees"));
}

std::optional<Rejection> CheckCorrection(v1::Kind kind, const std::string& payload) {
  v1::EventCorrected correction;
  correction.set_target_event_id("shop:1");
  correction.set_kind(kind);
  correction.set_payload(payload);
  EventRecord record = ARecord("EventCorrected", "");
  record.event.set_payload(correction.SerializeAsString());
  return CheckAll(record);
}

TEST(PayloadCheckTest, ChecksWhatACorrectionPutsInPlace) {
  const std::string purchase = APurchaseRecord().event.payload();
  EXPECT_THAT(CheckCorrection(v1::KIND_PURCHASE_MADE, purchase), IsAccepted());
  EXPECT_THAT(CheckCorrection(v1::KIND_COMPLAINT_RAISED, ""),
              IsRejectedFor(Reason::kFieldInvalid, "payload.payload.case"));
  EXPECT_THAT(CheckCorrection(v1::KIND_PURCHASE_MADE, "\xFF"),
              IsRejectedFor(Reason::kPayloadMalformed, "payload.payload"));
  EXPECT_THAT(CheckCorrection(v1::KIND_UNSPECIFIED, ""),
              IsRejectedFor(Reason::kFieldInvalid, "payload.kind"));
  EXPECT_THAT(CheckCorrection(static_cast<v1::Kind>(777), ""),
              IsRejectedFor(Reason::kKindUnknown, "payload.kind"));
  EXPECT_THAT(CheckCorrection(v1::KIND_EVENT_RETRACTED, ""),
              IsRejectedFor(Reason::kFieldInvalid, "payload.kind"));
}

TEST(PayloadCheckTest, ACorrectionGivesATimeThatAnEventMayHave) {
  v1::EventCorrected correction;
  correction.set_target_event_id("shop:1");
  correction.set_kind(v1::KIND_PURCHASE_MADE);
  correction.set_payload(APurchaseRecord().event.payload());
  EventRecord record = ARecord("EventCorrected", "");
  const auto check = [&](int64_t at_us) {
    correction.set_occurred_at_us(at_us);
    record.event.set_payload(correction.SerializeAsString());
    return CheckAll(record);
  };
  const int64_t latest_us = record.append_time_us + kMicrosPerDay;
  EXPECT_THAT(check(latest_us), IsAccepted());
  EXPECT_THAT(check(latest_us + 1),
              IsRejectedFor(Reason::kTimeOutOfRange, "payload.occurred_at_us"));
  EXPECT_THAT(check(1), IsAccepted());
}

}  // namespace
}  // namespace rapport::event
