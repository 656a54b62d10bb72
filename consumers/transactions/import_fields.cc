#include "consumers/transactions/import_fields.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "consumers/transactions/import_text.h"
#include "engine/base/status_macros.h"
#include "engine/event/sensitive.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/money.pb.h"

namespace rapport::transactions {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What a mapping says elsewhere, and what only ingress may say.
constexpr absl::string_view kReserved[] = {
    "event_id", "customer_id", "occurred_at_us", "kind",         "payload",
    "source",   "sealed",      "publisher",      "trace_parent", "content_tag"};

bool CanBeFilled(const FieldDescriptor& field) {
  if (field.containing_type() == v1::Event::descriptor() &&
      std::find(std::begin(kReserved), std::end(kReserved), field.name()) != std::end(kReserved)) {
    return false;
  }
  if (field.type() == FieldDescriptor::TYPE_BYTES) return false;
  if (const Descriptor* message = field.message_type()) {
    return message->name() == "Money" || message->name() == "PurchaseItem" ||
           message->name() == "Measure" || message->name() == "Actor";
  }
  return !field.is_repeated();
}

// `valid_until` for valid_until_us.
absl::string_view NameInMapping(const FieldDescriptor& field) {
  return IsMoment(field) ? absl::StripSuffix(field.name(), "_us") : field.name();
}

// REVERSAL_FORM_ of REVERSAL_FORM_UNSPECIFIED.
absl::string_view PrefixOf(const EnumDescriptor& type) {
  return absl::StripSuffix(type.FindValueByNumber(0)->name(), "UNSPECIFIED");
}

absl::StatusOr<int64_t> EnumNumber(const EnumDescriptor& type, absl::string_view text) {
  std::vector<absl::string_view> known;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;
    const absl::string_view name = absl::StripPrefix(type.value(i)->name(), PrefixOf(type));
    if (absl::EqualsIgnoreCase(name, text)) return type.value(i)->number();
    known.push_back(name);
  }
  return absl::InvalidArgumentError(absl::StrCat("is not one of ", absl::StrJoin(known, ", ")));
}

absl::StatusOr<int64_t> BoolNumber(absl::string_view text) {
  for (const absl::string_view yes : {"true", "yes", "1"}) {
    if (absl::EqualsIgnoreCase(text, yes)) return 1;
  }
  for (const absl::string_view no : {"false", "no", "0"}) {
    if (absl::EqualsIgnoreCase(text, no)) return 0;
  }
  return absl::InvalidArgumentError("is neither true, yes, 1 nor false, no, 0");
}

absl::Status CheckRange(const FieldDescriptor& field, int64_t number) {
  int64_t least = INT64_MIN;
  int64_t greatest = INT64_MAX;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    least = INT32_MIN;
    greatest = INT32_MAX;
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    // The contract keeps them below 2^31.
    least = 0;
    greatest = INT32_MAX;
  }
  if (least <= number && number <= greatest) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("is not between ", least, " and ", greatest));
}

// The number that `text` means in a bool, enum or integer field.
absl::StatusOr<int64_t> NumberIn(const FieldDescriptor& field, absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
    return EnumNumber(*field.enum_type(), text);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return BoolNumber(text);
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return absl::InvalidArgumentError("is not a whole number");
  RETURN_IF_ERROR(CheckRange(field, number));
  return number;
}

}  // namespace

const FieldDescriptor* FindField(const Descriptor& message, absl::string_view name) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (CanBeFilled(*field) && NameInMapping(*field) == name) return field;
  }
  return nullptr;
}

std::vector<std::string> FieldNames(const Descriptor& message) {
  std::vector<std::string> names;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (CanBeFilled(field)) names.emplace_back(NameInMapping(field));
  }
  return names;
}

bool IsMoney(const FieldDescriptor& field) {
  return field.message_type() == v1::Money::descriptor();
}

bool IsMoment(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_SFIXED64 && absl::EndsWith(field.name(), "_us");
}

bool IsInteger(const FieldDescriptor& field) {
  const auto type = field.cpp_type();
  return type == FieldDescriptor::CPPTYPE_INT32 || type == FieldDescriptor::CPPTYPE_INT64 ||
         type == FieldDescriptor::CPPTYPE_UINT32;
}

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), absl::ascii_isupper);
}

absl::Status CheckText(const FieldDescriptor& field, absl::string_view text) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return NumberIn(field, text).status();
  // Free words, which are sealed when they are published.
  if (event::IsSensitive(field)) {
    if (!event::CheckSensitiveText("", text).has_value()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("has ", text.size(), " bytes, of ", event::kSensitiveBytesMax, " at most"));
  }
  if (HasControl(text)) {
    return absl::InvalidArgumentError("has control characters; it is a key or code");
  }
  if (text.size() <= kCodeBytesMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("has ", text.size(), " bytes, of ", kCodeBytesMax,
                                                 " at most; it is a key or code"));
}

absl::Status SetInteger(const FieldDescriptor& field, int64_t number, Message& message) {
  RETURN_IF_ERROR(CheckRange(field, number));
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(&message, &field, static_cast<int32_t>(number));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection.SetUInt32(&message, &field, static_cast<uint32_t>(number));
      break;
    default:
      reflection.SetInt64(&message, &field, number);
  }
  return absl::OkStatus();
}

absl::Status SetText(const FieldDescriptor& field, absl::string_view text, Message& message) {
  if (text.empty()) return absl::OkStatus();
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    RETURN_IF_ERROR(CheckText(field, text));
    reflection.SetString(&message, &field, std::string(text));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int64_t number, NumberIn(field, text));
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    reflection.SetEnumValue(&message, &field, static_cast<int>(number));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection.SetBool(&message, &field, number != 0);
  } else {
    return SetInteger(field, number, message);
  }
  return absl::OkStatus();
}

}  // namespace rapport::transactions
