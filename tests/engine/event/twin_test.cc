// Twins: what each event that concerns a second customer says there, byte by byte.
#include "engine/event/twin.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "rapport/v1/advocacy.pb.h"
#include "rapport/v1/service.pb.h"
#include "rapport/v1/work.pb.h"
#include "tests/kit/event_builder.h"

namespace rapport::event {
namespace {

using kit::AnEvent;
using kit::EventBuilder;

template <typename Message>
Message PayloadOf(const v1::Event& event) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(event.payload()));
  return message;
}

EventBuilder AReferral() {
  EventBuilder made = AnEvent(v1::KIND_REFERRAL_MADE)
                          .Of("ana")
                          .Id(7)
                          .OnDay(20'000)
                          .Key("R1")
                          .Set("referred", "ben");
  made.envelope().set_interaction_id("fair-3");
  return made;
}

EventBuilder AnAnswer() {
  return std::move(AnEvent(v1::KIND_COMMUNITY_ACTED)
                       .Of("ana")
                       .Id(8)
                       .OnDay(20'001)
                       .Key("forum")
                       .Set("form", v1::COMMUNITY_FORM_ANSWERED)
                       .Set("request", "Q1")
                       .Set("asker", "ben"));
}

Introduction BenByAna(const EventId& received) {
  Introduction introduction;
  introduction.is_referred = introduction.has_bought = true;
  introduction.received = received;
  introduction.referral = "R1";
  introduction.referrer = "ana";
  return introduction;
}

// BLAKE2b-128 of the pieces, each behind its length as four bytes, low first, worked out apart:
// python3: hashlib.blake2b(b"\x10\0\0\0" + b"\0"*15 + b"\x07" + b"\3\0\0\0ana" + b"\3\0\0\0ben" +
//          b"\x10\0\0\0ReferralReceived", digest_size=16).hexdigest()
TEST(TwinTest, AnIdIsTheHashOfOriginalBothCustomersAndKind) {
  EXPECT_EQ(TwinId(EventId{0, 7}, "ana", "ben", v1::KIND_REFERRAL_RECEIVED),
            "echo:e7d2978512d89b6114ffc024aa498bb5");
  EXPECT_NE(TwinId(EventId{0, 7}, "an", "aben", v1::KIND_REFERRAL_RECEIVED),
            TwinId(EventId{0, 7}, "ana", "ben", v1::KIND_REFERRAL_RECEIVED));
}

TEST(TwinTest, AReferralIsReceivedByWhomItNames) {
  const auto twin = TwinOf(AReferral().View());
  ASSERT_TRUE(twin.has_value());
  v1::ReferralReceived received;
  received.set_referral("R1");
  received.set_referrer("ana");
  v1::Event wanted;
  wanted.set_event_id(TwinId(AReferral().View().id, "ana", "ben", v1::KIND_REFERRAL_RECEIVED));
  wanted.set_customer_id("ben");
  wanted.set_occurred_at_us(AReferral().View().occurred_at_us);
  wanted.set_kind(v1::KIND_REFERRAL_RECEIVED);
  wanted.set_payload(received.SerializeAsString());
  wanted.set_source("rapport/echo");
  wanted.mutable_actor()->set_id("ana");
  wanted.mutable_actor()->set_party(v1::ACTOR_PARTY_CUSTOMER);
  wanted.set_interaction_id("fair-3");
  EXPECT_EQ(twin->SerializeAsString(), wanted.SerializeAsString());
}

TEST(TwinTest, AnAnswerAnswersWhoAsked) {
  const auto twin = TwinOf(AnAnswer().View());
  ASSERT_TRUE(twin.has_value());
  EXPECT_EQ(twin->customer_id(), "ben");
  EXPECT_EQ(twin->kind(), v1::KIND_QUESTION_ANSWERED);
  EXPECT_EQ(twin->channel(), v1::CHANNEL_COMMUNITY);
  EXPECT_EQ(twin->actor().id(), "ana");
  EXPECT_EQ(PayloadOf<v1::QuestionAnswered>(*twin).request(), "Q1");
  EXPECT_EQ(twin->event_id(), TwinId(AnAnswer().View().id, "ana", "ben", twin->kind()));
}

TEST(TwinTest, WithoutASecondCustomerThereIsNone) {
  for (const char* nobody : {"", "ana", "ben@example.org"}) {
    EXPECT_FALSE(TwinOf(AReferral().Set("referred", nobody).View()).has_value()) << nobody;
    EXPECT_FALSE(TwinOf(AnAnswer().Set("asker", nobody).View()).has_value()) << nobody;
  }
  EXPECT_FALSE(TwinOf(AReferral().Of("").View()).has_value());
  EXPECT_FALSE(TwinOf(AnAnswer().Set("request", "").View()).has_value());
  EXPECT_FALSE(TwinOf(AnAnswer().Set("form", v1::COMMUNITY_FORM_POSTED).View()).has_value());
  EXPECT_FALSE(TwinOf(kit::APurchase().Of("ana").View()).has_value());
}

TEST(TwinTest, AConversionSaysWhatWasBoughtAndIsNamedByTheReferralReceived) {
  const EventBuilder bought =
      std::move(kit::APurchase().Of("ben").Id(9).OnDay(20'010).Key("A1").Worth(50, "EUR"));
  const auto twin = ConversionOf(bought.View(), BenByAna(EventId{0, 3}), bought.View());
  ASSERT_TRUE(twin.has_value());
  EXPECT_EQ(twin->event_id(), TwinId(EventId{0, 3}, "ben", "ana", v1::KIND_REFERRAL_CONVERTED));
  EXPECT_EQ(twin->customer_id(), "ana");
  EXPECT_EQ(twin->occurred_at_us(), bought.View().occurred_at_us);
  EXPECT_EQ(twin->actor().id(), "ben");
  EXPECT_EQ(twin->value().currency(), "EUR");
  EXPECT_EQ(twin->value().micros(), 50'000'000);
  EXPECT_EQ(PayloadOf<v1::ReferralConverted>(*twin).referral(), "R1");
  EXPECT_EQ(PayloadOf<v1::ReferralConverted>(*twin).order(), "A1");
  Introduction alone = BenByAna(EventId{0, 3});
  alone.referrer = "ben";
  EXPECT_FALSE(ConversionOf(bought.View(), alone, bought.View()).has_value());
}

// An amount without a currency is one that the pipeline refuses.
TEST(TwinTest, AConversionByAPurchaseWithoutAnAmountIsWorthNothingInParticular) {
  const EventBuilder bought = std::move(kit::AnEvent(v1::KIND_PURCHASE_MADE).Of("ben").Id(9));
  const auto twin = ConversionOf(bought.View(), BenByAna(EventId{0, 3}), bought.View());
  ASSERT_TRUE(twin.has_value());
  EXPECT_FALSE(twin->has_value());
}

TEST(TwinTest, WhatIsTakenBackTakesItsTwinBack) {
  const EventBuilder retraction = std::move(kit::ARetraction("x").Of("ana").Id(20).OnDay(20'100));
  for (const EventBuilder& original : {AReferral(), AnAnswer()}) {
    const auto twin = RetractionOfTwin(retraction.View(), original.View());
    ASSERT_TRUE(twin.has_value());
    EXPECT_EQ(twin->customer_id(), "ben");
    EXPECT_EQ(twin->kind(), v1::KIND_EVENT_RETRACTED);
    EXPECT_EQ(twin->event_id(),
              TwinId(retraction.View().id, "ana", "ben", v1::KIND_EVENT_RETRACTED));
    EXPECT_EQ(twin->occurred_at_us(), retraction.View().occurred_at_us);
    EXPECT_EQ(PayloadOf<v1::EventRetracted>(*twin).target_event_id(),
              TwinOf(original.View())->event_id());
  }
  EXPECT_FALSE(RetractionOfTwin(retraction.View(), kit::APurchase().Of("ana").View()).has_value());
}

TEST(TwinTest, AConversionIsTakenBackByTheReferralItCameOf) {
  const EventBuilder retraction = std::move(kit::ARetraction("x").Of("ben").Id(20).OnDay(20'100));
  const auto twin = RetractionOfConversion(retraction.View(), EventId{0, 3}, "ana");
  ASSERT_TRUE(twin.has_value());
  EXPECT_EQ(twin->customer_id(), "ana");
  EXPECT_EQ(PayloadOf<v1::EventRetracted>(*twin).target_event_id(),
            TwinId(EventId{0, 3}, "ben", "ana", v1::KIND_REFERRAL_CONVERTED));
  EXPECT_FALSE(RetractionOfConversion(retraction.View(), EventId{0, 3}, "ben").has_value());
}

}  // namespace
}  // namespace rapport::event
