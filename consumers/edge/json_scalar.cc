#include "consumers/edge/json_scalar.h"

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "consumers/edge/json_mask.h"
#include "consumers/edge/nearest_name.h"
#include "engine/base/time.h"

namespace rapport::edge {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Timestamp;

constexpr int64_t kNanosPerMicro = 1'000;
constexpr double kExactDoubleMax = 9'007'199'254'740'992.0;

absl::Status Wrong(const FieldDescriptor& field) {
  return absl::InvalidArgumentError(absl::StrCat("must be ", Expected(field)));
}

// Calls Reflection's Set<Type> or Add<Type>.
#define RAPPORT_PUT(Type, value)                                                     \
  (field.is_repeated() ? message.GetReflection()->Add##Type(&message, &field, value) \
                       : message.GetReflection()->Set##Type(&message, &field, value))

template <typename T>
bool Fits(__int128 number) {
  return number >= std::numeric_limits<T>::min() && number <= std::numeric_limits<T>::max();
}

// CHANNEL_ for Channel: every enum's value 0 is its prefix and UNSPECIFIED.
std::string PrefixOf(const EnumDescriptor& type) {
  return std::string(absl::StripSuffix(type.value(0)->name(), "UNSPECIFIED"));
}

absl::Status SetEnumName(const std::string& name, const FieldDescriptor& field, Message& message) {
  const EnumDescriptor& type = *field.enum_type();
  const std::string prefix = PrefixOf(type);
  const EnumValueDescriptor* value = type.FindValueByName(name);
  if (value == nullptr) value = type.FindValueByName(prefix + name);
  if (value != nullptr) {
    RAPPORT_PUT(Enum, value);
    return absl::OkStatus();
  }
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    names.emplace_back(absl::StripPrefix(type.value(i)->name(), prefix));
  }
  const std::string nearest = NearestName(absl::StripPrefix(name, prefix), names);
  return absl::InvalidArgumentError(
      absl::StrCat("'", ShownName(name), "' is no ", type.name(),
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?")));
}

absl::Status SetBytes(const std::string& text, const FieldDescriptor& field, Message& message) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes) && !absl::WebSafeBase64Unescape(text, &bytes)) {
    return absl::InvalidArgumentError("must be base64");
  }
  RAPPORT_PUT(String, std::move(bytes));
  return absl::OkStatus();
}

// RFC 3339 wants date, T, time and offset; ParseTime alone would take less.
bool LooksLikeRfc3339(absl::string_view text) {
  constexpr absl::string_view kShortest = "2026-01-31T09:30:00Z";
  if (text.size() < kShortest.size() || absl::ascii_toupper(text[10]) != 'T') return false;
  if (absl::ascii_toupper(text.back()) == 'Z') return true;
  const char sign = text[text.size() - 6];
  return sign == '+' || sign == '-';
}

// The message of the field to be filled.
Message& Fresh(const FieldDescriptor& field, Message& message) {
  const auto* reflection = message.GetReflection();
  return *(field.is_repeated() ? reflection->AddMessage(&message, &field)
                               : reflection->MutableMessage(&message, &field));
}

absl::Status SetMask(const std::string& text, const FieldDescriptor& field, Message& message) {
  FieldMask mask;
  if (!ReadMaskText(text, mask)) return Wrong(field);
  static_cast<FieldMask&>(Fresh(field, message)) = std::move(mask);
  return absl::OkStatus();
}

absl::Status SetMoment(const std::string& text, const FieldDescriptor& field, Message& message) {
  const absl::StatusOr<int64_t> at_us = ParseTime(text);
  if (!at_us.ok() || !LooksLikeRfc3339(text)) return Wrong(field);
  auto& time = static_cast<Timestamp&>(Fresh(field, message));
  const int64_t seconds = FloorDiv(*at_us, kMicrosPerSecond);
  time.set_seconds(seconds);
  time.set_nanos(static_cast<int32_t>((*at_us - seconds * kMicrosPerSecond) * kNanosPerMicro));
  return absl::OkStatus();
}

// Digits, with a sign in front at most.
bool ReadInteger(absl::string_view text, __int128& number) {
  const absl::string_view digits = absl::StripPrefix(text, "-");
  if (digits.empty() || digits.size() > 20 ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) {
    return false;
  }
  number = 0;
  for (const char digit : digits) number = number * 10 + (digit - '0');
  if (digits.size() < text.size()) number = -number;
  return true;
}

bool IsSpan(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_INT64 && absl::EndsWith(field.name(), "_us");
}

}  // namespace

bool IsTimestamp(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

bool IsFieldMask(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == "google.protobuf.FieldMask";
}

bool IsMicros(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_SFIXED64 && absl::EndsWith(field.name(), "_us");
}

bool IsWrittenAsText(const FieldDescriptor& field) {
  return IsTimestamp(field) || IsFieldMask(field);
}

std::string Expected(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat("the name of a ", field.enum_type()->name());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (IsFieldMask(field)) {
        return "lowerCamel paths with commas between, such as standing.score,info.position";
      }
      return IsTimestamp(field) ? "a moment such as 2026-01-31T09:30:00Z" : "an object";
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "base64 text" : "text";
    case FieldDescriptor::CPPTYPE_INT32:
      return "a whole number of 32 bits";
    case FieldDescriptor::CPPTYPE_UINT32:
      return "a whole number of 32 bits, not negative";
    case FieldDescriptor::CPPTYPE_INT64:
      return IsMicros(field) ? "a moment: microseconds since 1970, or such as 2026-01-31T09:30:00Z"
             : IsSpan(field) ? "a span in microseconds, such as 3600000000 for an hour"
                             : "a whole number of 64 bits";
    case FieldDescriptor::CPPTYPE_UINT64:
      return "a whole number of 64 bits, not negative";
    default:
      return "a number";
  }
}

absl::Status SetText(const std::string& text, const FieldDescriptor& field, Message& message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return SetBytes(text, field, message);
      RAPPORT_PUT(String, text);
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnumName(text, field, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (IsFieldMask(field)) return SetMask(text, field, message);
      return IsTimestamp(field) ? SetMoment(text, field, message) : Wrong(field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Wrong(field);
    default: {
      __int128 number = 0;
      if (ReadInteger(text, number)) return SetInteger(number, field, message);
      if (!IsMicros(field)) return Wrong(field);
      const absl::StatusOr<int64_t> at_us = ParseTime(text);
      return at_us.ok() ? SetInteger(*at_us, field, message) : Wrong(field);
    }
  }
}

absl::Status SetInteger(__int128 number, const FieldDescriptor& field, Message& message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      if (!Fits<int32_t>(number)) return Wrong(field);
      RAPPORT_PUT(Int32, static_cast<int32_t>(number));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_UINT32:
      if (!Fits<uint32_t>(number)) return Wrong(field);
      RAPPORT_PUT(UInt32, static_cast<uint32_t>(number));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_INT64:
      if (!Fits<int64_t>(number)) return Wrong(field);
      RAPPORT_PUT(Int64, static_cast<int64_t>(number));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_UINT64:
      if (!Fits<uint64_t>(number)) return Wrong(field);
      RAPPORT_PUT(UInt64, static_cast<uint64_t>(number));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM:
      if (!Fits<int32_t>(number) ||
          field.enum_type()->FindValueByNumber(static_cast<int>(number)) == nullptr) {
        return Wrong(field);
      }
      RAPPORT_PUT(EnumValue, static_cast<int>(number));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_DOUBLE:
      RAPPORT_PUT(Double, static_cast<double>(number));
      return absl::OkStatus();
    default:
      return Wrong(field);
  }
}

absl::Status SetReal(double number, const FieldDescriptor& field, Message& message) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
    RAPPORT_PUT(Double, number);
    return absl::OkStatus();
  }
  if (std::trunc(number) != number || std::fabs(number) > kExactDoubleMax) return Wrong(field);
  return SetInteger(static_cast<__int128>(number), field, message);
}

absl::Status SetTruth(bool truth, const FieldDescriptor& field, Message& message) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) return Wrong(field);
  RAPPORT_PUT(Bool, truth);
  return absl::OkStatus();
}

#undef RAPPORT_PUT

}  // namespace rapport::edge
