#include "consumers/edge/json_writer.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "consumers/edge/json_scalar.h"
#include "engine/base/time.h"

namespace rapport::edge {
namespace {

using google::protobuf::Any;
using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

constexpr int64_t kNanosPerMicro = 1'000;
constexpr int64_t kTimestampMin = -62'135'596'800;
constexpr int64_t kTimestampMax = 253'402'300'799;

void AppendQuoted(std::string& out, absl::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void AppendMessage(std::string& out, const Message& message);

// `{"@type":"...","reason":"..."}`, when the type is one of ours.
void AppendAny(std::string& out, const Any& any) {
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      any.type_url().substr(any.type_url().rfind('/') + 1));
  if (type == nullptr) return AppendMessage(out, any);
  const std::unique_ptr<Message> content(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!content->ParseFromString(any.value())) return AppendMessage(out, any);
  out += "{\"@type\":";
  AppendQuoted(out, any.type_url());
  std::string fields;
  AppendMessage(fields, *content);
  // The content's own brace goes.
  if (fields.size() > 2) out += ',';
  out.append(fields, 1);
}

// `0.200s`; none of ours is negative.
void AppendDuration(std::string& out, const Duration& duration) {
  absl::StrAppendFormat(&out, "\"%d.%03ds\"", duration.seconds(), duration.nanos() / 1'000'000);
}

void AppendInner(std::string& out, const FieldDescriptor& field, const Message& inner) {
  if (inner.GetDescriptor() == Any::descriptor()) {
    return AppendAny(out, static_cast<const Any&>(inner));
  }
  if (inner.GetDescriptor() == Duration::descriptor()) {
    return AppendDuration(out, static_cast<const Duration&>(inner));
  }
  if (!IsTimestamp(field)) return AppendMessage(out, inner);
  const auto& time = static_cast<const Timestamp&>(inner);
  // What lies outside the years 1 to 9999 is no Timestamp and is shown at the end of the range.
  const int64_t seconds = std::clamp(time.seconds(), kTimestampMin, kTimestampMax);
  AppendQuoted(out, FormatTime(seconds * kMicrosPerSecond + time.nanos() / kNanosPerMicro));
}

void AppendEnum(std::string& out, const FieldDescriptor& field, int number) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) {
    absl::StrAppend(&out, number);
  } else {
    AppendQuoted(out, value->name());
  }
}

void AppendText(std::string& out, const FieldDescriptor& field, const std::string& text) {
  AppendQuoted(out, field.type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text) : text);
}

// Calls Reflection's Get<Type> or GetRepeated<Type>.
#define RAPPORT_GET(Type)                                                     \
  (field.is_repeated() ? reflection.GetRepeated##Type(message, &field, index) \
                       : reflection.Get##Type(message, &field))

// The value at `index` of a repeated field, else the field's only one.
void AppendValue(std::string& out, const Message& message, const FieldDescriptor& field,
                 int index) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      out += RAPPORT_GET(Bool) ? "true" : "false";
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(&out, RAPPORT_GET(Int32));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(&out, RAPPORT_GET(UInt32));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      absl::StrAppend(&out, "\"", RAPPORT_GET(Int64), "\"");
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      absl::StrAppend(&out, "\"", RAPPORT_GET(UInt64), "\"");
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      absl::StrAppendFormat(&out, "%.9g", RAPPORT_GET(Float));
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      absl::StrAppendFormat(&out, "%.17g", RAPPORT_GET(Double));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      AppendEnum(out, field, RAPPORT_GET(EnumValue));
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      AppendText(out, field, RAPPORT_GET(String));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      AppendInner(out, field, RAPPORT_GET(Message));
      break;
  }
}

#undef RAPPORT_GET

void AppendMessage(std::string& out, const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  absl::string_view separator = "{";
  for (const FieldDescriptor* field : fields) {
    absl::StrAppend(&out, separator, "\"", field->json_name(), "\":");
    separator = ",";
    if (!field->is_repeated()) {
      AppendValue(out, message, *field, 0);
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      out += i == 0 ? "[" : ",";
      AppendValue(out, message, *field, i);
    }
    out += "]";
  }
  out += fields.empty() ? "{}" : "}";
}

}  // namespace

std::string MessageToJson(const Message& message) {
  std::string out;
  AppendMessage(out, message);
  return out;
}

}  // namespace rapport::edge
