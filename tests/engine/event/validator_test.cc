#include "engine/event/validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rapport/v1/known.pb.h"
#include "rapport/v1/work.pb.h"
#include "tests/engine/event/event_record.h"

namespace rapport::event {
namespace {

constexpr int64_t kDay = 86'400'000'000;

// The verdict on a purchase that `change` has touched.
template <typename Change>
std::optional<Rejection> CheckChanged(Change change) {
  EventRecord record = APurchaseRecord();
  change(record.event);
  return CheckAll(record);
}

TEST(ValidatorTest, AcceptsAPurchase) {
  EventRecord record = APurchaseRecord();
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  ASSERT_THAT(validator.CheckPayload(), IsAccepted());
  const ValidEvent& event = validator.event();
  EXPECT_EQ(event.id, EventId::FromText("shop:1"));
  EXPECT_EQ(event.customer_id, "cust-1");
  EXPECT_EQ(event.occurred_at_us, kOccurredAt);
  EXPECT_EQ(event.append_time_us, kAppendedAt);
  EXPECT_EQ(event.offset, 7);
  EXPECT_EQ(event.kind, v1::KIND_PURCHASE_MADE);
  EXPECT_EQ(event.envelope, &validator.envelope());
  EXPECT_EQ(static_cast<const v1::PurchaseMade&>(*event.payload).amount().micros(), 120'000'000);
}

TEST(ValidatorTest, LeavesAValueAloneWhenItIsToldTo) {
  EventRecord record = APurchaseRecord();
  record.headers = {{"ce_id", "shop:9"}, {"ce_source", "shop"}};
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  validator.SalvageOnly(record.View());
  EXPECT_EQ(validator.envelope().customer_id(), "cust-1") << "the key";
  EXPECT_EQ(validator.envelope().event_id(), "shop:9");
  EXPECT_EQ(validator.envelope().source(), "shop");
  EXPECT_EQ(validator.envelope().kind(), v1::KIND_UNSPECIFIED);
  EXPECT_TRUE(validator.envelope().payload().empty());
}

TEST(ValidatorTest, ToldToLeaveAValueAloneTellsAnAnonymousEventByItsFirstBytes) {
  EventRecord record = APurchaseRecord();
  record.event.clear_customer_id();
  record.key = "shop:1";
  Validator validator{ValidatorOptions{}};
  const auto salvaged = [&] {
    validator.SalvageOnly(record.View());
    return std::make_pair(validator.envelope().event_id(), validator.envelope().customer_id());
  };
  const std::pair<std::string, std::string> anonymous = {"shop:1", ""};
  EXPECT_EQ(salvaged(), anonymous);
  record.headers = {{"ce_id", "shop:9"}};
  EXPECT_EQ(salvaged(), anonymous) << "the body beats a header";
  record.headers = {};
  record.value = std::string("\0\0\0\0\1\0", 6) + record.event.SerializeAsString();
  EXPECT_EQ(salvaged(), anonymous) << "in a frame";
  const std::pair<std::string, std::string> customers = {"", "shop:1"};
  record.value.clear();
  record.event.set_customer_id("shop:1");
  EXPECT_EQ(salvaged(), customers) << "a customer whose id is the event's";
  record.event.set_event_id("shop:2");
  EXPECT_EQ(salvaged(), customers);
  for (const char* damaged : {"\x0a", "\x0a\x06shop:", "\xff", "\x01"}) {
    record.value = damaged;
    EXPECT_EQ(salvaged(), customers);
  }
}

TEST(ValidatorTest, AcceptsAFullEnvelope) {
  EXPECT_THAT(CheckChanged([](v1::Event& e) {
                e.set_channel(v1::CHANNEL_OTHER);
                e.set_channel_name("carrier pigeon");
                e.set_initiator(v1::INITIATOR_CUSTOMER);
                e.set_area(v1::AREA_SALES);
                e.set_phase(v1::PHASE_AT);
                e.mutable_actor()->set_id("agent-1");
                e.mutable_actor()->set_role(v1::ACTOR_ROLE_SALES);
                e.mutable_actor()->set_party(v1::ACTOR_PARTY_EMPLOYEE);
                e.set_contact("p-1");
                e.set_duration_s(0x7FFF'FFFF);
                e.set_wait_s(0);
                e.mutable_value()->set_currency("EUR");
                e.mutable_cost()->set_currency("USD");
                e.mutable_cost()->set_micros(1'000'000'000'000'000);
                e.set_live_person(true);
                e.set_customer_feeling(2);
                e.set_employee_feeling(-2);
                e.set_reason(std::string(64, 'r'));
                e.set_follow_up_id("0123456789abcdef0123456789abcdef");
                e.set_publisher("till");
                e.set_trace_parent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
                UnknownFields(e).AddVarint(99, 1);
              }),
              IsAccepted());
}

// A sealed text as the ingress leaves it.
v1::SealedField& ASealedField(v1::Event& event) {
  v1::SealedField& sealed = *event.add_sealed();
  sealed.set_field("note");
  sealed.set_key_version(1);
  sealed.set_box(std::string(50, 'b'));
  return sealed;
}

struct BadEnvelope {
  Reason reason;
  const char* field;
  void (*change)(v1::Event&);
};

constexpr Reason kInvalid = Reason::kFieldInvalid;
constexpr Reason kUnknown = Reason::kKindUnknown;
constexpr Reason kTime = Reason::kTimeOutOfRange;

const BadEnvelope kBadEnvelopes[] = {
    {kInvalid, "event_id", [](v1::Event& e) { e.set_event_id(""); }},
    {kInvalid, "event_id", [](v1::Event& e) { e.set_event_id("a b"); }},
    {kInvalid, "event_id", [](v1::Event& e) { e.set_event_id(std::string(65, 'e')); }},
    {kInvalid, "source", [](v1::Event& e) { e.set_source(""); }},
    {kInvalid, "source", [](v1::Event& e) { e.set_source("Shop"); }},
    {kInvalid, "source", [](v1::Event& e) { e.set_source(std::string(65, 's')); }},
    {kInvalid, "kind", [](v1::Event& e) { e.set_kind(v1::KIND_UNSPECIFIED); }},
    {kUnknown, "kind", [](v1::Event& e) { e.set_kind(static_cast<v1::Kind>(187)); }},
    {kUnknown, "kind", [](v1::Event& e) { e.set_kind(static_cast<v1::Kind>(-1)); }},
    {kUnknown, "channel", [](v1::Event& e) { e.set_channel(static_cast<v1::Channel>(19)); }},
    {kUnknown, "initiator", [](v1::Event& e) { e.set_initiator(static_cast<v1::Initiator>(4)); }},
    {kUnknown, "area", [](v1::Event& e) { e.set_area(static_cast<v1::Area>(5)); }},
    {kUnknown, "phase", [](v1::Event& e) { e.set_phase(static_cast<v1::Phase>(5)); }},
    {kUnknown, "actor.role",
     [](v1::Event& e) { e.mutable_actor()->set_role(static_cast<v1::ActorRole>(8)); }},
    {kUnknown, "actor.party",
     [](v1::Event& e) { e.mutable_actor()->set_party(static_cast<v1::ActorParty>(7)); }},
    {kInvalid, "actor.id", [](v1::Event& e) { e.mutable_actor()->set_id(std::string(65, 'a')); }},
    {kInvalid, "channel_name", [](v1::Event& e) { e.set_channel_name("pigeon"); }},
    {kInvalid, "contact", [](v1::Event& e) { e.set_contact(std::string(65, 'c')); }},
    {kInvalid, "intended_outcome", [](v1::Event& e) { e.set_intended_outcome("a\n"); }},
    {kInvalid, "outcome", [](v1::Event& e) { e.set_outcome(std::string(65, 'o')); }},
    {kInvalid, "reason", [](v1::Event& e) { e.set_reason("a\x7F"); }},
    {kInvalid, "place", [](v1::Event& e) { e.set_place("\xC2\x85"); }},
    {kInvalid, "subject", [](v1::Event& e) { e.set_subject(std::string(65, 's')); }},
    {kInvalid, "campaign", [](v1::Event& e) { e.set_campaign(std::string(65, 'c')); }},
    {kInvalid, "playbook", [](v1::Event& e) { e.set_playbook(std::string(65, 'p')); }},
    {kInvalid, "interaction_id", [](v1::Event& e) { e.set_interaction_id(std::string(65, 'i')); }},
    {kInvalid, "follow_up_id", [](v1::Event& e) { e.set_follow_up_id("12"); }},
    {kInvalid, "duration_s", [](v1::Event& e) { e.set_duration_s(0x8000'0000u); }},
    {kInvalid, "wait_s", [](v1::Event& e) { e.set_wait_s(0xFFFF'FFFFu); }},
    {kInvalid, "value.currency", [](v1::Event& e) { e.mutable_value()->set_micros(1); }},
    {kInvalid, "value.currency", [](v1::Event& e) { e.mutable_value()->set_currency("eur"); }},
    {kInvalid, "cost.micros",
     [](v1::Event& e) {
       e.mutable_cost()->set_currency("EUR");
       e.mutable_cost()->set_micros(-1);
     }},
    {kInvalid, "cost.micros",
     [](v1::Event& e) {
       e.mutable_cost()->set_currency("EUR");
       e.mutable_cost()->set_micros(1'000'000'000'000'001);
     }},
    {kInvalid, "customer_feeling", [](v1::Event& e) { e.set_customer_feeling(3); }},
    {kInvalid, "employee_feeling", [](v1::Event& e) { e.set_employee_feeling(-3); }},
    {kInvalid, "measures[0].name", [](v1::Event& e) { e.add_measures(); }},
    {kInvalid, "measures[1].name",
     [](v1::Event& e) {
       e.add_measures()->set_name("b");
       e.add_measures()->set_name("a");
     }},
    {kInvalid, "measures[1].name",
     [](v1::Event& e) {
       e.add_measures()->set_name("a");
       e.add_measures()->set_name("a");
     }},
    {kInvalid, "measures",
     [](v1::Event& e) {
       for (char c = 'a'; c < 'a' + 17; ++c) e.add_measures()->set_name(std::string(1, c));
     }},
    {Reason::kTooLarge, "note", [](v1::Event& e) { e.set_note(std::string(8193, 'n')); }},
    {kInvalid, "content_tag", [](v1::Event& e) { ASealedField(e); }},
    {kInvalid, "sealed",
     [](v1::Event& e) {
       ASealedField(e).clear_field();
       e.set_content_tag(std::string(16, 't'));
     }},
    {kInvalid, "sealed",
     [](v1::Event& e) {
       ASealedField(e).set_box("short");
       e.set_content_tag(std::string(16, 't'));
     }},
    {kInvalid, "sealed",
     [](v1::Event& e) {
       ASealedField(e).set_key_version(0);
       e.set_content_tag(std::string(16, 't'));
     }},
    {kInvalid, "sealed",
     [](v1::Event& e) {
       for (int i = 0; i < 9; ++i) ASealedField(e);
       e.set_content_tag(std::string(16, 't'));
     }},
    {kInvalid, "publisher", [](v1::Event& e) { e.set_publisher(std::string(129, 'p')); }},
    {kInvalid, "trace_parent", [](v1::Event& e) { e.set_trace_parent("\n"); }},
    {kInvalid, "content_tag", [](v1::Event& e) { e.set_content_tag(std::string(15, 't')); }},
    {kTime, "occurred_at_us", [](v1::Event& e) { e.set_occurred_at_us(0); }},
    {kTime, "occurred_at_us", [](v1::Event& e) { e.set_occurred_at_us(-1); }},
    {kTime, "occurred_at_us", [](v1::Event& e) { e.set_occurred_at_us(INT64_MIN); }},
    {kTime, "occurred_at_us", [](v1::Event& e) { e.set_occurred_at_us(kAppendedAt + kDay + 1); }},
    {kTime, "occurred_at_us", [](v1::Event& e) { e.set_occurred_at_us(INT64_MAX); }},
    {Reason::kTooLarge, "payload",
     [](v1::Event& e) { e.set_payload(std::string(60 * 1024 + 1, 'p')); }},
    {Reason::kTooLarge, "", [](v1::Event& e) { e.set_payload(std::string(64 * 1024, 'p')); }},
};

TEST(ValidatorTest, RejectsEveryBreachOfTheEnvelope) {
  for (const BadEnvelope& bad : kBadEnvelopes) {
    EventRecord record = APurchaseRecord();
    bad.change(record.event);
    EXPECT_THAT(CheckAll(record), IsRejectedFor(bad.reason, bad.field))
        << "row " << &bad - kBadEnvelopes;
  }
}

TEST(ValidatorTest, RejectsBadCustomerIds) {
  for (const std::string& id : {std::string("-"), std::string(129, 'c'), std::string("a\tb")}) {
    EventRecord record = APurchaseRecord();
    record.event.set_customer_id(id);
    record.key = id;
    EXPECT_THAT(CheckAll(record), IsRejectedFor(kInvalid, "customer_id"));
  }
}

TEST(ValidatorTest, AcceptsValuesAtTheirLimits) {
  EventRecord record = APurchaseRecord();
  record.event.set_event_id(std::string(64, 'e'));
  record.event.set_customer_id(std::string(128, 'c'));
  record.key = record.event.customer_id();
  record.event.set_source(std::string(64, 's'));
  record.event.set_occurred_at_us(kAppendedAt + kDay);
  for (char c = 'a'; c < 'a' + 16; ++c) record.event.add_measures()->set_name(std::string(1, c));
  EXPECT_THAT(CheckAll(record), IsAccepted());
  record.event.set_occurred_at_us(1);
  EXPECT_THAT(CheckAll(record), IsAccepted());
}

TEST(ValidatorTest, RejectsTheYear2100WhateverTheLogsClockSays) {
  EventRecord record = APurchaseRecord();
  record.append_time_us = 4'200'000'000'000'000;
  record.event.set_occurred_at_us(4'102'444'800'000'000);
  EXPECT_THAT(CheckAll(record), IsRejectedFor(kTime, "occurred_at_us"));
  record.event.set_occurred_at_us(4'102'444'799'999'999);
  EXPECT_THAT(CheckAll(record), IsAccepted());
}

TEST(ValidatorTest, RejectsPurchaseWithoutCurrency) {
  EXPECT_THAT(CheckAll(ARecord("PurchaseMade", "order: 'A1' amount { micros: 5 }")),
              IsRejectedFor(kInvalid, "payload.amount.currency"));
}

TEST(ValidatorTest, FillsEmptyFieldsFromHeadersAndKey) {
  EventRecord record = APurchaseRecord();
  record.event.clear_event_id();
  record.event.clear_source();
  record.event.clear_customer_id();
  record.event.clear_occurred_at_us();
  record.headers = {{"id", "not-this"},
                    {"ce_id", "ce-1"},
                    {"ce_source", "till"},
                    {"ce_time", "2020-01-01T00:00:00.5Z"},
                    {"ce_type", "whatever"}};
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  EXPECT_EQ(validator.envelope().event_id(), "ce-1");
  EXPECT_EQ(validator.envelope().source(), "till");
  EXPECT_EQ(validator.envelope().customer_id(), "cust-1");
  EXPECT_EQ(validator.event().customer_id, "cust-1");
  EXPECT_EQ(validator.event().occurred_at_us, kOccurredAt + 500'000);
  EXPECT_EQ(validator.event().id, EventId::FromText("ce-1"));
}

TEST(ValidatorTest, TakesDebeziumsIdWhenThereIsNoOther) {
  EventRecord record = APurchaseRecord();
  record.event.clear_event_id();
  record.headers = {{"id", "dbz-1"}};
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  EXPECT_EQ(validator.envelope().event_id(), "dbz-1");
}

TEST(ValidatorTest, LetsTheBodyBeatTheHeaders) {
  EventRecord record = APurchaseRecord();
  record.headers = {{"ce_id", "x"}, {"ce_source", "y"}, {"ce_time", "not even a time"}};
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  EXPECT_EQ(validator.envelope().event_id(), "shop:1");
  EXPECT_EQ(validator.envelope().source(), "shop");
  EXPECT_EQ(validator.event().occurred_at_us, kOccurredAt);
}

TEST(ValidatorTest, RejectsHeadersThatItCannotUse) {
  EventRecord record = APurchaseRecord();
  record.event.clear_occurred_at_us();
  record.headers = {{"ce_time", "yesterday"}};
  EXPECT_THAT(CheckAll(record), IsRejectedFor(kInvalid, "occurred_at_us"));
  record = APurchaseRecord();
  record.event.clear_event_id();
  record.headers = {{"ce_id", "\xFF"}};
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kTextNotUtf8, "event_id"));
  record = APurchaseRecord();
  record.event.clear_customer_id();
  record.key = "\xFF";
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kTextNotUtf8, "customer_id"));
}

TEST(ValidatorTest, TakesAnEventUnderItsOwnIdAsAnonymous) {
  EventRecord record = APurchaseRecord();
  record.event.clear_customer_id();
  record.key = "shop:1";
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  EXPECT_EQ(validator.event().customer_id, "");
}

TEST(ValidatorTest, RejectsKeysThatAreNotTheCustomer) {
  EventRecord record = APurchaseRecord();
  record.key = "cust-2";
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kKeyMismatch, "customer_id"));
  record.key = "";
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kKeyEmpty, ""));
  record.event.clear_customer_id();
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kKeyEmpty, ""));
}

Partition ThirdPartition(absl::string_view, int) { return 3; }

TEST(ValidatorTest, RejectsAForeignPartitioner) {
  Validator validator{ValidatorOptions{15, &ThirdPartition}};
  EventRecord record = APurchaseRecord();
  record.partition = 3;
  EXPECT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  record.partition = 4;
  EXPECT_THAT(validator.CheckEnvelope(record.View()), IsRejectedFor(Reason::kPartitionWrong, ""));
}

TEST(ValidatorTest, TellsBadTextFromBrokenBytes) {
  EventRecord record = APurchaseRecord();
  record.value = "\x0A\x01\xFF";
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kTextNotUtf8, "event_id"));
  record.value = "\x0A\x09zu kurz";
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kPayloadMalformed, ""));
  record = APurchaseRecord();
  record.event.set_payload("\x0A\x01\xFF");
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kTextNotUtf8, "payload.order"));
  record.event.set_payload("\x0A\x09zu kurz");
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kPayloadMalformed, "payload"));
}

TEST(ValidatorTest, RejectsEventsOver64KiB) {
  EventRecord record = APurchaseRecord();
  const size_t plain = record.event.SerializeAsString().size();
  // A field of a later version: tag of two bytes, size of three.
  std::string* later = UnknownFields(record.event).AddLengthDelimited(99);
  later->assign(64 * 1024 - plain - 5, 'x');
  ASSERT_EQ(record.event.SerializeAsString().size(), 64u * 1024);
  EXPECT_THAT(CheckAll(record), IsAccepted());
  later = UnknownFields(record.event).mutable_field(0)->mutable_length_delimited();
  later->push_back('x');
  EXPECT_THAT(CheckAll(record), IsRejectedFor(Reason::kTooLarge, ""));
}

TEST(ValidatorTest, KeepsWhatARejectedRecordTells) {
  EventRecord record = APurchaseRecord();
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  // Event id and customer come before the byte that breaks; the note after it never counts.
  record.key = "cust-9";
  record.value =
      "\x0A\x03new\x12\x06"
      "cust-9\xFF";
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsRejectedFor(Reason::kPayloadMalformed, ""));
  EXPECT_EQ(validator.envelope().event_id(), "new");
  EXPECT_EQ(validator.envelope().customer_id(), "cust-9");
  EXPECT_EQ(validator.envelope().source(), "");
  EXPECT_EQ(validator.event().envelope, nullptr);
  // Nothing readable at all: only the key is left.
  record.value = "{}";
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsRejectedFor(Reason::kFrameUnknown, ""));
  EXPECT_EQ(validator.envelope().event_id(), "");
  EXPECT_EQ(validator.envelope().customer_id(), "cust-9");
}

TEST(ValidatorTest, ForgetsTheEventBefore) {
  Validator validator{ValidatorOptions{}};
  EventRecord first = APurchaseRecord();
  first.event.set_reason("gift");
  first.event.mutable_value()->set_currency("EUR");
  ASSERT_THAT(validator.CheckEnvelope(first.View()), IsAccepted());
  ASSERT_THAT(validator.CheckPayload(), IsAccepted());
  EventRecord second = ARecord("PurchaseMade", "order: 'A2'");
  ASSERT_THAT(validator.CheckEnvelope(second.View()), IsAccepted());
  ASSERT_THAT(validator.CheckPayload(), IsAccepted());
  EXPECT_EQ(validator.envelope().reason(), "");
  EXPECT_FALSE(validator.envelope().has_value());
  EXPECT_FALSE(static_cast<const v1::PurchaseMade&>(*validator.event().payload).has_amount());
}

TEST(ValidatorTest, AcceptsSealedTextsFromTheLog) {
  EventRecord record = APurchaseRecord();
  ASealedField(record.event);
  record.event.set_content_tag(std::string(16, 't'));
  EXPECT_THAT(CheckAll(record), IsAccepted());
  record.event.clear_customer_id();
  record.key = record.event.event_id();
  EXPECT_THAT(CheckAll(record), IsRejectedFor(kInvalid, "sealed"));
}

TEST(ValidatorTest, TakesTextsInClearOutOfTheEventAndSaysWhere) {
  Validator validator{ValidatorOptions{}};
  EventRecord record = ARecord("ContactPersonRecorded", "person: 'p' name: 'Ana Example'");
  record.event.set_note("Rang twice, sounded upset.");
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  ASSERT_THAT(validator.CheckPayload(), IsAccepted());
  EXPECT_THAT(validator.event().clear_fields, testing::ElementsAre("note", "payload.name"));
  EXPECT_EQ(validator.envelope().SerializeAsString().find("Ana"), std::string::npos);
  EXPECT_EQ(validator.envelope().note(), "");
  const auto& person = static_cast<const v1::ContactPersonRecorded&>(*validator.event().payload);
  EXPECT_EQ(person.name(), "");
  EXPECT_EQ(person.person(), "p");
  EventRecord next = APurchaseRecord();
  ASSERT_THAT(validator.CheckEnvelope(next.View()), IsAccepted());
  EXPECT_TRUE(validator.event().clear_fields.empty());
}

TEST(ValidatorTest, TakesTextsOutOfWhatACorrectionPutsInPlace) {
  EventRecord record = ARecord("EventCorrected", "target_event_id: 'shop:0'");
  v1::EventCorrected correction;
  ASSERT_TRUE(correction.ParseFromString(record.event.payload()));
  correction.set_kind(v1::KIND_PROFILE_RECORDED);
  correction.set_payload(ARecord("ProfileRecorded", "name: 'Ana Example'").event.payload());
  record.event.set_payload(correction.SerializeAsString());
  Validator validator{ValidatorOptions{}};
  ASSERT_THAT(validator.CheckEnvelope(record.View()), IsAccepted());
  EXPECT_THAT(validator.event().clear_fields, testing::ElementsAre("payload.payload.name"));
  EXPECT_EQ(validator.envelope().payload().find("Ana"), std::string::npos);
  EXPECT_THAT(validator.CheckPayload(), IsAccepted());
}

TEST(CheckPublishedTest, LeavesToTheEngineItsIds) {
  v1::Event event = ARecord("PraiseGiven", "").event;
  event.set_event_id("rapport:erasure-requested");
  EXPECT_THAT(CheckPublished(event), IsRejectedFor(kInvalid, "event_id"));
  event.set_event_id("rapport-shop:1");
  EXPECT_THAT(CheckPublished(event), IsAccepted());
}

TEST(CheckPublishedTest, LeavesToTheEngineWhatIsTheEngines) {
  v1::Event event = APurchaseRecord().event;
  EXPECT_THAT(CheckPublished(event), IsAccepted());
  ASealedField(event);
  EXPECT_THAT(CheckPublished(event), IsRejectedFor(kInvalid, "sealed"));
  event.clear_sealed();
  event.set_content_tag(std::string(16, 't'));
  EXPECT_THAT(CheckPublished(event), IsRejectedFor(kInvalid, "content_tag"));
  for (const std::string kind : {"ErasureRequested", "ErasureCompleted"}) {
    EXPECT_THAT(CheckPublished(ARecord(kind, "").event), IsRejectedFor(kInvalid, "kind"));
  }
  EXPECT_THAT(CheckPublished(ARecord("AliasLinked", "value: 'ana'").event), IsAccepted());
  EXPECT_THAT(CheckPublished(ARecord("AliasLinked", "value: 'ana' lookup: 'ana'").event),
              IsRejectedFor(kInvalid, "payload.lookup"));
}

TEST(CheckCustomerIdLooksPersonalTest, RefusesAnAddress) {
  EXPECT_THAT(CheckCustomerIdLooksPersonal("ana@example.org"),
              IsRejectedFor(Reason::kCustomerIdLooksPersonal, "customer_id"));
  EXPECT_THAT(CheckCustomerIdLooksPersonal("cust-1"), IsAccepted());
}

}  // namespace
}  // namespace rapport::event
