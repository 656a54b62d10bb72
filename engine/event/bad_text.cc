#include "engine/event/bad_text.h"

#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"
#include "engine/event/text.h"

namespace rapport::event {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kSized = 2, kFixed32 = 5 };

}  // namespace

bool SkipWireValue(uint64_t wire_type, absl::string_view& in) {
  uint64_t number = 0;
  absl::string_view bytes;
  switch (wire_type) {
    case kVarint:
      return TakeVarint(in, number);
    case kFixed64:
      return TakeBytes(in, 8, bytes);
    case kSized:
      return TakeSized(in, bytes);
    case kFixed32:
      return TakeBytes(in, 4, bytes);
    default:
      return false;
  }
}

std::optional<std::string> FindBadText(const Descriptor& message, absl::string_view in) {
  while (!in.empty()) {
    uint64_t tag = 0;
    if (!TakeVarint(in, tag)) return std::nullopt;
    if ((tag & 7) != kSized) {
      if (!SkipWireValue(tag & 7, in)) return std::nullopt;
      continue;
    }
    absl::string_view bytes;
    if (!TakeSized(in, bytes)) return std::nullopt;
    const uint64_t number = tag >> 3;
    const FieldDescriptor* field = number > FieldDescriptor::kMaxNumber
                                       ? nullptr
                                       : message.FindFieldByNumber(static_cast<int>(number));
    if (field == nullptr) continue;
    if (field->type() == FieldDescriptor::TYPE_STRING && !IsUtf8(bytes)) return field->name();
    if (field->type() != FieldDescriptor::TYPE_MESSAGE) continue;
    if (auto inner = FindBadText(*field->message_type(), bytes)) {
      return absl::StrCat(field->name(), ".", *inner);
    }
  }
  return std::nullopt;
}

}  // namespace rapport::event
