// The quick look at a payload against the long one, over payloads of all kinds, good and bad.
#include "engine/event/payload_quick.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/payload_check.h"

namespace rapport::event {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kPayloadsOfAKind = 400;

class RandomPayload {
 public:
  explicit RandomPayload(uint32_t seed) : random_(seed) {}

  // Every field has an even chance to be given, and a small one to be bad.
  std::string Bytes(const Message& prototype) {
    const std::unique_ptr<Message> message(prototype.New());
    Fill(*message);
    std::string bytes = message->SerializeAsString();
    // The same fields again, of which the last count.
    if (Below(8) == 0) {
      Fill(*message);
      bytes += message->SerializeAsString();
    }
    if (Below(8) == 0 && !bytes.empty())
      bytes[Below(bytes.size())] ^= static_cast<char>(1 + Below(7));
    return bytes;
  }

 private:
  size_t Below(size_t n) { return random_() % n; }
  bool IsBad() { return Below(30) == 0; }

  void Fill(Message& message) {
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      if (Below(8) == 0) continue;
      if (field->is_repeated()) continue;
      Set(message, *field);
    }
  }

  void Set(Message& message, const FieldDescriptor& field) {
    const auto& reflection = *message.GetReflection();
    const bool is_moment = field.type() == FieldDescriptor::TYPE_SFIXED64;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(&message, &field, Text(field));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnumValue(&message, &field, static_cast<int>(Below(IsBad() ? 90 : 3)));
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(&message, &field, Below(2) == 0);
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, &field, static_cast<int32_t>(Number()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.SetUInt32(&message, &field, static_cast<uint32_t>(Number()));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field, is_moment ? Moment() : Number());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(*reflection.MutableMessage(&message, &field));
      default:
        FAIL() << field.full_name();
    }
  }

  std::string Text(const FieldDescriptor& field) {
    if (field.name() == "currency") return IsBad() ? "euro" : "EUR";
    if (IsBad()) return Below(2) == 0 ? std::string(200, 'x') : "with\ttab";
    if (field.name() == "follow_up_id") return std::string(32, 'a');
    return Below(10) == 0 ? "" : "caf\xc3\xa9";
  }
  int64_t Number() { return IsBad() ? -1 : static_cast<int64_t>(1 + Below(12)); }
  int64_t Moment() { return IsBad() ? kEndOfTimeMicros : static_cast<int64_t>(1 + Below(1'000)); }

  std::mt19937 random_;
};

TEST(PayloadQuickTest, WhatIsSurelyValidIsValid) {
  RandomPayload random(20'261'126);
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
