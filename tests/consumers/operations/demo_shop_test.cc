#include "consumers/operations/demo_shop.h"

#include <map>
#include <set>
#include <string>

#include "consumers/operations/demo_lives.h"
#include "consumers/operations/demo_random.h"
#include "engine/base/time.h"
#include "engine/event/validator.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapport/v1/advocacy.pb.h"

namespace rapport::operations {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;

const int64_t kEndDay = DayOfCivil({2026, 4, 1});

std::vector<v1::Event> SmallShop(uint64_t seed = 1) {
  return MakeShop({.seed = seed, .customers = 120, .end_day = kEndDay});
}

std::string BytesOf(const std::vector<v1::Event>& events) {
  std::string bytes;
  for (const v1::Event& event : events) bytes += event.SerializeAsString();
  return bytes;
}

// Events by customer and by kind.
struct Counts {
  explicit Counts(const std::vector<v1::Event>& events) {
    for (const v1::Event& event : events) {
      ++kinds[event.kind()];
      ++customers[event.customer_id()];
      ids.insert(event.event_id());
    }
  }
  std::map<v1::Kind, int> kinds;
  std::map<std::string, int> customers;
  std::set<std::string> ids;
};

TEST(DemoRandomTest, GivesTheNumbersOfSplitmix64) {
  DemoRandom random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317u);
  EXPECT_EQ(random.Next(), 3203168211198807973u);
}

TEST(DemoShopTest, GivesTheSameEventsForTheSameSeed) {
  EXPECT_EQ(BytesOf(SmallShop(7)), BytesOf(SmallShop(7)));
}

TEST(DemoShopTest, GivesOtherEventsForAnotherSeed) {
  EXPECT_NE(BytesOf(SmallShop(7)), BytesOf(SmallShop(8)));
}

TEST(DemoShopTest, HasTwoThousandCustomersAndAHundredThousandTouchpoints) {
  const std::vector<v1::Event> events = MakeShop({.seed = 1, .end_day = kEndDay});
  EXPECT_THAT(events.size(), AllOf(Ge(90'000u), Le(110'000u)));
  const Counts counts(events);
  EXPECT_EQ(counts.customers.size(), 2'000u);
  EXPECT_EQ(counts.ids.size(), events.size());
}

TEST(DemoShopTest, HasAllFourGroups) {
  Counts counts(MakeShop({.seed = 1, .customers = 500, .end_day = kEndDay}));
  EXPECT_GT(counts.kinds[v1::KIND_PURCHASE_MADE], 3'000);
  EXPECT_GT(counts.kinds[v1::KIND_PURCHASE_REVERSED], 50);
  for (const v1::Kind kind :
       {v1::KIND_COMPLAINT_RAISED, v1::KIND_COMPLAINT_ACKNOWLEDGED, v1::KIND_COMPLAINT_RESOLVED}) {
    EXPECT_GT(counts.kinds[kind], 80) << v1::Kind_Name(kind);
  }
  for (const v1::Kind kind :
       {v1::KIND_COMPLAINT_ESCALATED, v1::KIND_COMPLAINT_REOPENED, v1::KIND_REFERRAL_CONVERTED}) {
    EXPECT_GT(counts.kinds[kind], 2) << v1::Kind_Name(kind);
  }
  EXPECT_GT(counts.kinds[v1::KIND_RESOLUTION_ANSWERED], 50);
  EXPECT_GT(counts.kinds[v1::KIND_THANKS_GIVEN], 2'000);
  EXPECT_GT(counts.kinds[v1::KIND_OUTREACH_MADE], 5'000);
  EXPECT_GT(counts.kinds[v1::KIND_OUTREACH_ANSWERED], 300);
  // The shop asks, and follows what its rules would have it do.
  for (const v1::Kind kind : {v1::KIND_FEEDBACK_REQUESTED, v1::KIND_SURVEY_ANSWERED}) {
    EXPECT_GT(counts.kinds[kind], 2'000) << v1::Kind_Name(kind);
  }
  for (const v1::Kind kind :
       {v1::KIND_PREFERENCE_RECORDED, v1::KIND_OFFER_MADE, v1::KIND_ENQUIRY_MADE,
        v1::KIND_QUESTION_ANSWERED, v1::KIND_EXPECTATION_MET, v1::KIND_CONSENT_CHANGED}) {
    EXPECT_GT(counts.kinds[kind], 100) << v1::Kind_Name(kind);
  }
  for (const v1::Kind kind :
       {v1::KIND_ROOT_CAUSE_FOUND, v1::KIND_PROMISE_KEPT, v1::KIND_DATE_RECORDED,
        v1::KIND_MEETING_HELD, v1::KIND_EXPECTATION_MISSED}) {
    EXPECT_GT(counts.kinds[kind], 2) << v1::Kind_Name(kind);
  }
  EXPECT_GT(counts.kinds[v1::KIND_REFERRAL_MADE], 20);
  EXPECT_GT(counts.kinds[v1::KIND_REFERRAL_RECEIVED], 20);
}

TEST(DemoShopTest, LiesWithinEighteenMonthsAndIsInOrder) {
  int64_t before_us = ShopBeginDay(kEndDay) * kMicrosPerDay;
  for (const v1::Event& event : SmallShop()) {
    ASSERT_GE(event.occurred_at_us(), before_us) << event.ShortDebugString();
    before_us = event.occurred_at_us();
  }
  EXPECT_LT(before_us, kEndDay * kMicrosPerDay);
}

TEST(DemoShopTest, BeginsEighteenMonthsBefore) {
  EXPECT_EQ(FormatDay(ShopBeginDay(DayOfCivil({2026, 4, 1}))), "2024-10-01");
  EXPECT_EQ(FormatDay(ShopBeginDay(DayOfCivil({2026, 8, 31}))), "2025-02-28");
}

TEST(DemoShopTest, IsValidEventByEvent) {
  event::Validator validator(event::ValidatorOptions{});
  for (const v1::Event& event : SmallShop()) {
    const std::string bytes = event.SerializeAsString();
    RecordView record;
    record.key = event.customer_id();
    record.value = bytes;
    record.append_time_us = kEndDay * kMicrosPerDay;
    std::optional<Rejection> rejection = validator.CheckEnvelope(record);
    if (!rejection.has_value()) rejection = validator.CheckPayload();
    if (!rejection.has_value()) {
      rejection = event::CheckCustomerIdLooksPersonal(event.customer_id());
    }
    ASSERT_FALSE(rejection.has_value()) << rejection->ToStatus() << " " << event.ShortDebugString();
  }
}

TEST(DemoShopTest, TellsEachReferralToBothSides) {
  std::map<std::string, std::pair<std::string, std::string>> made, received;
  for (const v1::Event& event : SmallShop()) {
    if (event.kind() == v1::KIND_REFERRAL_MADE) {
      v1::ReferralMade referral;
      ASSERT_TRUE(referral.ParseFromString(event.payload()));
      if (!referral.referred().empty()) {
        made[referral.referral()] = {event.customer_id(), referral.referred()};
      }
    }
    if (event.kind() == v1::KIND_REFERRAL_RECEIVED) {
      v1::ReferralReceived referral;
      ASSERT_TRUE(referral.ParseFromString(event.payload()));
      received[referral.referral()] = {referral.referrer(), event.customer_id()};
    }
  }
  EXPECT_EQ(made, received);
  EXPECT_GT(made.size(), 3u);
}

TEST(DemoShopTest, HasTheTenEvenWhenItIsTiny) {
  const Counts counts(MakeShop({.seed = 3, .customers = 12, .end_day = kEndDay}));
  EXPECT_EQ(counts.customers.size(), 12u);
  for (const DemoLife& life : DemoLives()) {
    EXPECT_TRUE(counts.customers.contains(std::string(life.customer_id))) << life.customer_id;
  }
}

}  // namespace
}  // namespace rapport::operations
