#include "engine/event/payload_quick.h"

#include "engine/base/coding.h"
#include "engine/base/time.h"
#include "engine/event/envelope_check.h"
#include "engine/event/text.h"
#include "engine/event/wire.h"

namespace rapport::event {
namespace {

using google::protobuf::FieldDescriptor;

bool IsGoodNumber(const FieldCheck& check, uint64_t wire) {
  int64_t number = 0;
  switch (check.field->type()) {
    case FieldDescriptor::TYPE_INT64:
      number = static_cast<int64_t>(wire);
      break;
    case FieldDescriptor::TYPE_UINT32:
      number = static_cast<uint32_t>(wire);
      break;
    case FieldDescriptor::TYPE_SINT64:
      number = UnZigZag(wire);
      break;
    default:
      return false;
  }
  return number >= check.min && number <= check.max;
}

bool IsGoodVarint(const FieldCheck& check, uint64_t wire) {
  if (check.check == Check::kNumber) return IsGoodNumber(check, wire);
  return check.check == Check::kEnum && wire < 64 && (check.known_values >> wire & 1) != 0 &&
         (wire != 0 || !check.required);
}

bool IsGoodMoney(absl::string_view bytes) {
  bool has_currency = false;
  for (Wire wire(bytes); !wire.done();) {
    uint64_t tag = 0, micros = 0;
    absl::string_view currency;
    if (!wire.Varint(tag)) return false;
    if (tag == TagOf(v1::Money::kMicrosFieldNumber, WireType::kVarint)) {
      if (!wire.Varint(micros) || micros > kMoneyMicrosMax) return false;
    } else if (tag == TagOf(v1::Money::kCurrencyFieldNumber, WireType::kSized)) {
      if (!wire.Sized(currency) || !IsCurrency(currency)) return false;
      has_currency = true;
    } else {
      return false;
    }
  }
  return has_currency;
}

bool IsGoodSized(const FieldCheck& check, absl::string_view text) {
  if (check.check == Check::kMoney) return IsGoodMoney(text);
  if (text.empty()) return !check.required;
  switch (check.check) {
    case Check::kCode:
      return IsCode(text);
    case Check::kCustomerId:
      return IsCustomerId(text);
    case Check::kEventId:
      return IsEventId(text);
    case Check::kFollowUpId:
      return IsFollowUpId(text);
    case Check::kCustomKind:
      return IsCustomKind(text);
    case Check::kBytes:
      return static_cast<int64_t>(text.size()) <= check.max;
    default:
      return false;
  }
}

// Takes the field's value off `wire`; false when it is bad, or of another type than it should be.
bool TakeGood(const FieldCheck* check, WireType type, Wire& wire) {
  uint64_t varint = 0;
  int64_t fixed = 0;
  absl::string_view sized;
  switch (type) {
    case WireType::kVarint:
      return wire.Varint(varint) && (check == nullptr || IsGoodVarint(*check, varint));
    case WireType::kFixed64:
      return wire.Fixed64(fixed) && (check == nullptr || (check->check == Check::kMoment &&
                                                          fixed > 0 && fixed < kEndOfTimeMicros));
    case WireType::kSized:
      return wire.Sized(sized) && (check == nullptr || IsGoodSized(*check, sized));
    default:
      return false;
  }
}

}  // namespace

bool IsSurelyValid(const PayloadPlan& plan, absl::string_view bytes) {
  uint64_t present = 0;
  for (Wire wire(bytes); !wire.done();) {
    uint64_t tag = 0;
    if (!wire.Varint(tag) || tag >> 3 >= kFieldNumbersEnd) return false;
    const uint64_t number = tag >> 3;
    const int8_t place = plan.place[number];
    const FieldCheck* check = place < 0 ? nullptr : &plan.fields[static_cast<size_t>(place)];
    if (!TakeGood(check, static_cast<WireType>(tag & 7), wire)) return false;
    present |= uint64_t{1} << number;
  }
  return (plan.required & ~present) == 0;
}

}  // namespace rapport::event
