// The quick look at a payload against the long one, over payloads of all kinds, good and bad.
#include "engine/event/payload_quick.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/event/kinds.h"
#include "engine/event/payload_check.h"
#include "tests/engine/event/random_message.h"

namespace rapport::event {
namespace {

using google::protobuf::Message;

constexpr int kPayloadsOfAKind = 400;

TEST(PayloadQuickTest, WhatIsSurelyValidIsValid) {
  RandomMessage random(20'261'126);
  int sure = 0, unsure = 0;
  for (const KindInfo& kind : AllKinds()) {
    const PayloadPlan& plan = PlanOf(kind);
    for (int i = 0; i < kPayloadsOfAKind; ++i) {
      const std::string bytes = random.Bytes(*kind.prototype);
      const std::unique_ptr<Message> payload(kind.prototype->New());
      if (ParseMessage(bytes, "payload", *payload).has_value()) continue;
      const bool is_sure = IsSurelyValid(plan, bytes);
      ++(is_sure ? sure : unsure);
      if (!is_sure) continue;
      const auto rejection = CheckEachField(plan, bytes, *payload);
      ASSERT_FALSE(rejection.has_value())
          << kind.name << " " << payload->ShortDebugString() << ": " << rejection->field;
    }
  }
  EXPECT_GT(sure, 5'000);
  EXPECT_GT(unsure, 5'000);
}

// protobuf reads a tag of five bytes by its lower half: this one is field 2.
TEST(PayloadQuickTest, ATagThatIsLongerThanItMustBeHidesNoField) {
  const KindInfo& purchase = *FindKind(v1::KIND_PURCHASE_MADE);
  std::string bytes = "\x92\x80\x80\x80\x10";
  v1::Money money;
  money.set_micros(-5);
  money.set_currency("EUR");
  bytes.push_back(static_cast<char>(money.ByteSizeLong()));
  bytes += money.SerializeAsString();
  const std::unique_ptr<Message> message(purchase.prototype->New());
  ASSERT_FALSE(ParseMessage(bytes, "payload", *message).has_value());
  const auto rejection = CheckPayloadFields(purchase, bytes, *message, v1::Event());
  ASSERT_TRUE(rejection.has_value());
  EXPECT_EQ(rejection->field, "payload.amount.micros");
}

TEST(PayloadQuickTest, GoodPayloadsAreMostlySure) {
  v1::Event envelope;
  const KindInfo& purchase = *FindKind(v1::KIND_PURCHASE_MADE);
  const std::unique_ptr<Message> message(purchase.prototype->New());
  for (const char* bytes : {"", "\x0a\x02o1",
                            "\x0a\x02o1\x12\x07\x08\x05\x12\x03"
                            "EUR"}) {
    EXPECT_TRUE(IsSurelyValid(PlanOf(purchase), bytes));
  }
}

}  // namespace
}  // namespace rapport::event
