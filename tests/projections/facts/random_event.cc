#include "tests/projections/facts/random_event.h"

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "projections/facts/codec.h"
#include "projections/facts/fold.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool Even(std::mt19937_64& random) { return random() % 2 == 0; }

std::string RandomText(std::mt19937_64& random) { return absl::StrCat("t", random() % 12); }

int RandomValue(std::mt19937_64& random, const EnumDescriptor& type) {
  return type.value(static_cast<int>(random() % static_cast<uint64_t>(type.value_count())))
      ->number();
}

void FillMoney(std::mt19937_64& random, v1::Money& money) {
  constexpr const char* kCurrencies[] = {"EUR", "GBP", "USD", "JPY"};
  money.set_currency(kCurrencies[random() % 4]);
  money.set_micros(random() % 4 == 0 ? 0 : static_cast<int64_t>(random() % 1'000'000'000));
}

void FillNumber(std::mt19937_64& random, Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const auto small = static_cast<int>(random() % 5);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, Even(random));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, &field, RandomValue(random, *field.enum_type()));
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, small - 2);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, static_cast<uint32_t>(small));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, small);
    default:
      return;
  }
}

void Fill(std::mt19937_64& random, Message& message) {
  const auto* descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    if (field.is_repeated() || (i > 0 && Even(random))) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      message.GetReflection()->SetString(&message, &field, RandomText(random));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      auto* money = message.GetReflection()->MutableMessage(&message, &field);
      FillMoney(random, static_cast<v1::Money&>(*money));
    } else {
      FillNumber(random, message, field);
    }
  }
}

void FillEnvelope(std::mt19937_64& random, v1::Event& envelope) {
  envelope.set_channel(static_cast<v1::Channel>(RandomValue(random, *v1::Channel_descriptor())));
  envelope.set_area(static_cast<v1::Area>(RandomValue(random, *v1::Area_descriptor())));
  envelope.set_phase(static_cast<v1::Phase>(RandomValue(random, *v1::Phase_descriptor())));
  envelope.set_initiator(
      static_cast<v1::Initiator>(RandomValue(random, *v1::Initiator_descriptor())));
  if (random() % 4 == 0) {
    envelope.mutable_actor()->set_party(
        static_cast<v1::ActorParty>(RandomValue(random, *v1::ActorParty_descriptor())));
  }
  if (Even(random)) envelope.set_duration_s(static_cast<uint32_t>(random() % 1000));
  if (Even(random)) envelope.set_wait_s(static_cast<uint32_t>(random() % 100));
  if (Even(random)) FillMoney(random, *envelope.mutable_value());
  if (Even(random)) FillMoney(random, *envelope.mutable_cost());
  if (Even(random)) envelope.set_intended_outcome(RandomText(random));
  if (Even(random)) envelope.set_outcome(RandomText(random));
  if (Even(random)) envelope.set_customer_feeling(static_cast<int>(random() % 5) - 2);
  if (Even(random)) envelope.set_employee_feeling(static_cast<int>(random() % 5) - 2);
  if (Even(random)) envelope.set_subject(RandomText(random));
}

}  // namespace

kit::EventBuilder RandomEvent(std::mt19937_64& random, v1::Kind kind, uint64_t id) {
  kit::EventBuilder event(kind);
  event.Id(id).Offset(static_cast<int64_t>(id));
  // Most of two years, some of sixty, so that rings both fill and forget.
  const uint64_t day = random() % 5 == 0 ? random() % 22'000 : 20'000 + random() % 730;
  event.At(static_cast<int64_t>(day) * kMicrosPerDay + static_cast<int64_t>(random() % 3) + 1);
  FillEnvelope(random, event.envelope());
  Fill(random, event.payload());
  if (kind == v1::KIND_SURVEY_ANSWERED) {
    event.Set("min", 0).Set("max", 10).Set("score", static_cast<int64_t>(random() % 11));
  }
  return event;
}

std::vector<kit::EventBuilder> RandomEvents(std::mt19937_64& random, size_t count,
                                            uint64_t first_id) {
  std::vector<kit::EventBuilder> events;
  while (events.size() < count) {
    const v1::Kind kind = KindAt(1 + static_cast<int>(random() % (kKindCount - 1)));
    if (Folds(kind)) events.push_back(RandomEvent(random, kind, first_id + events.size()));
  }
  return events;
}

Facts FactsOf(const std::vector<const kit::EventBuilder*>& events, const FoldRules& rules) {
  Facts facts;
  for (const kit::EventBuilder* event : events) Fold(facts, event->View(), rules);
  return facts;
}

std::vector<const kit::EventBuilder*> PointersTo(const std::vector<kit::EventBuilder>& events) {
  std::vector<const kit::EventBuilder*> pointers;
  for (const kit::EventBuilder& event : events) pointers.push_back(&event);
  return pointers;
}

std::string BytesOf(const Facts& facts) {
  std::string bytes;
  Encode(facts, kit::WithOwnKinds().fold, true, bytes);
  return bytes;
}

}  // namespace rapport::facts
