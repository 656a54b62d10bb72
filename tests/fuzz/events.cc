#include "tests/fuzz/events.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "engine/event/payload_plan.h"
#include "engine/event/sensitive.h"
#include "engine/event/validator.h"
#include "tests/fuzz/input.h"

namespace rapport::fuzz {
namespace {

using event::Check;
using event::FieldCheck;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// 2015-01-01, and when the log took all events: no event may be much later.
constexpr int64_t kFirstDay = 16'436;
constexpr int64_t kTakenAtUs = 20'454 * kMicrosPerDay;
constexpr int64_t kMoneyMicrosMax = 1'000'000'000'000'000;
constexpr absl::string_view kCustomer = "k0";
constexpr absl::string_view kCodes[] = {"k0", "k1", "k2", "delivery", "product", "marketing"};
constexpr absl::string_view kCurrencies[] = {"EUR", "USD", "GBP", "XXX"};

template <typename Words>
std::string OneOf(const Words& words, uint64_t number) {
  return std::string(words[number % std::size(words)]);
}

event::Validator& TheValidator() {
  static auto* const kValidator = new event::Validator(event::ValidatorOptions{});
  return *kValidator;
}

// A number of [min, max]: an end, something near zero, or any.
int64_t NumberWithin(int64_t min, int64_t max, uint8_t how, FuzzInput& in) {
  switch (how % 6) {
    case 0:
      return min;
    case 1:
      return max;
    case 2:
      return std::clamp<int64_t>(in.Byte(), min, max);
    case 3:
      return std::clamp<int64_t>(-in.Byte(), min, max);
    case 4:
      return std::clamp<int64_t>(static_cast<int64_t>(in.Number(3)), min, max);
    default: {
      const uint64_t range = static_cast<uint64_t>(max) - static_cast<uint64_t>(min);
      const uint64_t any = in.Number(8);
      return static_cast<int64_t>(static_cast<uint64_t>(min) +
                                  (range == UINT64_MAX ? any : any % (range + 1)));
    }
  }
}

int64_t MomentOf(uint8_t how, FuzzInput& in) {
  if (how % 8 == 7) return NumberWithin(1, kEndOfTimeMicros - 1, how / 8, in);
  return kFirstDay * kMicrosPerDay + static_cast<int64_t>(in.Number(3)) * 20 * kMicrosPerSecond;
}

std::string TextOf(Check check, uint8_t how) {
  switch (check) {
    case Check::kEventId:
      return absl::StrCat("e", how % kEventsMax);
    case Check::kFollowUpId:
      return std::string(32, static_cast<char>('a' + how % 3));
    default:
      return OneOf(kCodes, how);
  }
}

void FillMoney(Message& owner, const FieldDescriptor& field, uint8_t how, FuzzInput& in) {
  auto& money = static_cast<v1::Money&>(*owner.GetReflection()->MutableMessage(&owner, &field));
  money.set_currency(OneOf(kCurrencies, how / 8));
  money.set_micros(NumberWithin(0, kMoneyMicrosMax, how, in));
}

void FillNumber(Message& message, const FieldDescriptor& field, const FieldCheck& check,
                uint8_t how, FuzzInput& in) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      reflection->SetInt32(
          &message, &field,
          static_cast<int32_t>(NumberWithin(std::max<int64_t>(check.min, INT32_MIN),
                                            std::min<int64_t>(check.max, INT32_MAX), how, in)));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->SetUInt32(&message, &field,
                            static_cast<uint32_t>(NumberWithin(check.min, check.max, how, in)));
      return;
    default:
      reflection->SetInt64(&message, &field, NumberWithin(check.min, check.max, how, in));
  }
}

void FillField(Message& message, const FieldDescriptor& field, const FieldCheck& check, uint8_t how,
               FuzzInput& in) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(
          &message, &field,
          field.enum_type()->value(how % field.enum_type()->value_count())->number());
    case FieldDescriptor::CPPTYPE_STRING:
      if (event::IsSensitive(field) || field.type() == FieldDescriptor::TYPE_BYTES) return;
      return reflection->SetString(&message, &field, TextOf(check.check, how));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return FillMoney(message, field, how, in);
    default:
      if (check.check == Check::kMoment) {
        return reflection->SetInt64(&message, &field, MomentOf(how, in));
      }
      return FillNumber(message, field, check, how, in);
  }
}

// What the Validator checks of a field; whatever fits for one that it lets be.
FieldCheck CheckOf(const event::PayloadPlan& plan, const FieldDescriptor& field) {
  for (const FieldCheck& check : plan.fields) {
    if (check.field == &field) return check;
  }
  FieldCheck any;
  any.check = Check::kNumber;
  any.min = INT64_MIN;
  any.max = INT64_MAX;
  return any;
}

std::string MakePayload(const event::KindInfo& kind, FuzzInput& in) {
  const std::unique_ptr<Message> payload(kind.prototype->New());
  const auto& descriptor = *payload->GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.is_repeated()) continue;
    const FieldCheck check = CheckOf(event::PlanOf(kind), field);
    const uint8_t how = in.Byte();
    if (how != 0) {
      FillField(*payload, field, check, how, in);
    } else if (check.required) {
      FillField(*payload, field, check, 2, in);
    }
  }
  return payload->SerializeAsString();
}

// Half of the events say more about the touch itself.
void FillEnvelope(FuzzInput& in, v1::Event& event) {
  const uint8_t how = in.Byte();
  if (how < 128) return;
  event.set_channel(static_cast<v1::Channel>(how % 8));
  event.set_initiator(static_cast<v1::Initiator>(how / 8 % 3));
  event.set_phase(static_cast<v1::Phase>(in.Byte() % 5));
  event.set_duration_s(static_cast<uint32_t>(NumberWithin(0, INT32_MAX, in.Byte(), in)));
  event.set_wait_s(static_cast<uint32_t>(NumberWithin(0, INT32_MAX, in.Byte(), in)));
  event.set_customer_feeling(static_cast<int32_t>(NumberWithin(-2, 2, in.Byte(), in)));
  const uint8_t money = in.Byte();
  const auto& descriptor = *v1::Event::descriptor();
  if (money & 1) FillMoney(event, *descriptor.FindFieldByName("value"), money / 2, in);
  if (money & 128) FillMoney(event, *descriptor.FindFieldByName("cost"), money / 4, in);
  event.set_live_person(how & 1);
  if (how & 2) event.set_intended_outcome(OneOf(kCodes, how / 16));
  if (how & 4) event.set_outcome(OneOf(kCodes, in.Byte()));
  if (how & 8) event.set_follow_up_id(TextOf(Check::kFollowUpId, how));
}

v1::Event MakeEvent(FuzzInput& in, size_t number) {
  const event::KindInfo& kind = event::AllKinds()[in.Byte() % event::AllKinds().size()];
  v1::Event event;
  event.set_event_id(absl::StrCat("e", number));
  event.set_customer_id(std::string(kCustomer));
  event.set_source("fuzz");
  event.set_kind(kind.kind);
  event.set_occurred_at_us(MomentOf(0, in));
  FillEnvelope(in, event);
  event.set_payload(MakePayload(kind, in));
  return event;
}

}  // namespace

std::vector<v1::Event> MakeEvents(absl::string_view input) {
  FuzzInput in(input);
  event::Validator& validator = TheValidator();
  std::vector<v1::Event> events;
  for (size_t number = 0; !in.empty() && number < kEventsMax; ++number) {
    v1::Event event = MakeEvent(in, number);
    const std::string value = event.SerializeAsString();
    RecordView record;
    record.key = kCustomer;
    record.value = value;
    record.append_time_us = kTakenAtUs;
    if (validator.CheckEnvelope(record).has_value() || validator.CheckPayload().has_value()) {
      continue;
    }
    events.push_back(std::move(event));
  }
  return events;
}

void FoldOne(const fold::Projection& projection, const v1::Event& event, Offset offset,
             FactsBox& facts) {
  if (!projection.Folds(event.kind())) return;
  event::Validator& validator = TheValidator();
  const auto rejection = validator.Adopt(event, 0, offset, kTakenAtUs);
  RAPPORT_CHECK(!rejection.has_value()) << rejection->ToStatus();
  projection.Fold(facts.get(), validator.event());
}

void EvaluateThroughout(const fold::Projection& projection, FactsBox& facts) {
  const int64_t newest_us = projection.NewestAt(facts.get());
  for (const int64_t days : {0, 1, 30, 365, 4'000}) {
    v1::Standing standing;
    projection.Evaluate("fuzz", facts.get(), newest_us + days * kMicrosPerDay, {}, standing);
    RAPPORT_CHECK(standing.as_of_us() >= newest_us);
  }
}

}  // namespace rapport::fuzz
