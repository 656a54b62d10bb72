#include "consumers/edge/touchpoint_json.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/event/kinds.h"
#include "engine/event/touchpoint.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kRounds = 5;
constexpr uint32_t kSeed = 7;

void FillScalar(std::mt19937& random, const FieldDescriptor& field, Message& message) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(&message, &field, random() % 2 == 0);
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(&message, &field, static_cast<int32_t>(random()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->SetUInt32(&message, &field, static_cast<uint32_t>(random()));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(&message, &field,
                                  static_cast<int64_t>((uint64_t{random()} << 32) | random()));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* type = field.enum_type();
      return reflection->SetEnum(&message, &field,
                                 type->value(static_cast<int>(random() % type->value_count())));
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const bool bytes = field.type() == FieldDescriptor::TYPE_BYTES;
      std::string text = bytes ? std::string(1, static_cast<char>(random())) : "\"\\\n\xC3\xA9 ";
      return reflection->SetString(&message, &field, text + std::to_string(random()));
    }
    default:
      FAIL() << field.full_name();
  }
}

// Sets about half of the fields; of the payloads none.
void FillAtRandom(std::mt19937& random, Message& message) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (random() % 2 == 0 || field.real_containing_oneof() != nullptr) continue;
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      if (field.is_repeated()) {
        reflection->AddString(&message, &field, std::to_string(random()));
      } else {
        FillScalar(random, field, message);
      }
    } else if (field.message_type()->name() == "Timestamp") {
      auto* time =
          static_cast<google::protobuf::Timestamp*>(reflection->MutableMessage(&message, &field));
      time->set_seconds(static_cast<int64_t>(random()));
      time->set_nanos(static_cast<int32_t>(random() % 1'000'000) * 1'000);
    } else if (field.is_repeated()) {
      for (size_t n = random() % 3; n > 0; --n) {
        FillAtRandom(random, *reflection->AddMessage(&message, &field));
      }
    } else {
      FillAtRandom(random, *reflection->MutableMessage(&message, &field));
    }
  }
}

TEST(TouchpointJsonTest, ReadsBackWhatItWroteOfEveryKind) {
  std::mt19937 random(kSeed);
  for (const event::KindInfo& kind : event::AllKinds()) {
    for (int round = 0; round < kRounds; ++round) {
      v1::Touchpoint touchpoint;
      FillAtRandom(random, touchpoint);
      const auto* field =
          v1::Touchpoint::descriptor()->FindFieldByName(std::string(kind.field_name));
      FillAtRandom(random, *touchpoint.GetReflection()->MutableMessage(&touchpoint, field));
      const std::string json = MessageToJson(touchpoint);
      const auto again = JsonToTouchpoint(json);
      ASSERT_OK(again) << json;
      ASSERT_EQ(again->SerializeAsString(), touchpoint.SerializeAsString()) << json;
      const v1::Event event = event::TouchpointToEvent(touchpoint);
      ASSERT_EQ(EventToJson(event), json);
    }
  }
}

TEST(TouchpointJsonTest, MakesAnEventOfALine) {
  const auto event = JsonToEvent(
      R"({"eventId":"shop:1001","customerId":"cust-0311","occurredAt":"2026-03-31T11:15:00Z",)"
      R"("source":"shop","purchaseMade":{"order":"1001","amount":{"micros":"19990000",)"
      R"("currency":"EUR"}}})");
  ASSERT_OK(event);
  EXPECT_EQ(event->kind(), v1::KIND_PURCHASE_MADE);
  EXPECT_EQ(event->occurred_at_us(), 1'774'955'700'000'000);
  v1::PurchaseMade purchase;
  ASSERT_TRUE(purchase.ParseFromString(event->payload()));
  EXPECT_EQ(purchase.amount().micros(), 19'990'000);
}

TEST(TouchpointJsonTest, ShowsEventsThatItCannotOpenAsTheyStand) {
  v1::Event event;
  event.set_event_id("x");
  event.set_kind(static_cast<v1::Kind>(777));
  event.set_payload("\xFF");
  EXPECT_EQ(EventToJson(event), R"({"eventId":"x","kind":777,"payload":"/w=="})");
  event.set_kind(v1::KIND_PURCHASE_MADE);
  EXPECT_EQ(EventToJson(event), R"({"eventId":"x","kind":"KIND_PURCHASE_MADE","payload":"/w=="})");
}

TEST(TouchpointJsonTest, PassesOnWhatTheReaderRefuses) {
  EXPECT_THAT(JsonToEvent("{\"custmerId\":\"a\"}"),
              kit::StatusIs(absl::StatusCode::kInvalidArgument, "did you mean customerId?"));
}

// Whatever is cut out of or put into a line, reading it ends with a value or an error.
TEST(TouchpointJsonTest, SurvivesDamagedLines) {
  const std::string line =
      R"({"eventId":"e","occurredAt":"2026-03-31T11:15:00Z","measures":[{"name":"a","value":"1"}],)"
      R"("actor":{"role":"SALES"},"purchaseMade":{"order":"1","amount":{"micros":1}}})";
  std::mt19937 random(kSeed);
  constexpr absl::string_view kPieces = "{}[]\",:\\0e-+.tn\xC3 ";
  int good = 0, bad = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string damaged = line;
    for (size_t times = 1 + random() % 2; times > 0; --times) {
      const size_t at = random() % damaged.size();
      if (random() % 2 == 0) {
        damaged[at] = kPieces[random() % kPieces.size()];
      } else {
        damaged.erase(at, 1 + random() % 8);
      }
    }
    const auto touchpoint = JsonToTouchpoint(damaged);
    ++(touchpoint.ok() ? good : bad);
    if (!touchpoint.ok()) {
      ASSERT_EQ(touchpoint.status().code(), absl::StatusCode::kInvalidArgument) << damaged;
      continue;
    }
    const auto again = JsonToTouchpoint(MessageToJson(*touchpoint));
    ASSERT_OK(again) << damaged;
    ASSERT_EQ(again->SerializeAsString(), touchpoint->SerializeAsString()) << damaged;
  }
  EXPECT_GT(good, 20);
  EXPECT_GT(bad, 1'000);
}

}  // namespace
}  // namespace rapport::edge
