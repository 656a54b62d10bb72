#include "tests/stories/event_line.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"
#include "rapport/v1/commerce.pb.h"
#include "tests/stories/verdict.h"
#include "tests/stories/words.h"

namespace rapport::stories {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kMicrosPerThousandth = 1'000;
constexpr int64_t kPpmPerThousandthOfPercent = 10;

// `40.00EUR`; `40.00` has no currency.
absl::Status ReadMoney(absl::string_view text, v1::Money& money) {
  size_t digits = 0;
  while (digits < text.size() && !absl::ascii_isupper(static_cast<unsigned char>(text[digits]))) {
    ++digits;
  }
  ASSIGN_OR_RETURN(const int64_t thousandths, ReadThousandths(text.substr(0, digits)));
  money.set_micros(thousandths * kMicrosPerThousandth);
  money.set_currency(std::string(text.substr(digits)));
  return absl::OkStatus();
}

// `A1:2:30.00EUR`: stock code, quantity, amount of the line.
absl::Status ReadItem(absl::string_view text, v1::PurchaseItem& item) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() != 3) return Wrong("`", text, "` is no item: write SKU:QUANTITY:AMOUNT");
  item.set_sku(std::string(parts[0]));
  ASSIGN_OR_RETURN(const int64_t quantity_milli, ReadThousandths(parts[1]));
  item.set_quantity_milli(quantity_milli);
  return ReadMoney(parts[2], *item.mutable_amount());
}

absl::Status ReadMeasure(absl::string_view text, v1::Event& event) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  int64_t value = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &value)) {
    return Wrong("`", text, "` is no measure: write NAME:VALUE");
  }
  v1::Measure* measure = event.add_measures();
  measure->set_name(parts[0]);
  measure->set_value(value);
  std::sort(event.mutable_measures()->begin(), event.mutable_measures()->end(),
            [](const v1::Measure& a, const v1::Measure& b) { return a.name() < b.name(); });
  return absl::OkStatus();
}

absl::Status SetEnum(const FieldDescriptor& field, absl::string_view text, Message& message) {
  // The first value is PREFIX_UNSPECIFIED.
  absl::string_view prefix = field.enum_type()->value(0)->name();
  RAPPORT_CHECK(absl::ConsumeSuffix(&prefix, "UNSPECIFIED")) << prefix;
  const auto* value = field.enum_type()->FindValueByName(absl::StrCat(prefix, text));
  if (value == nullptr) {
    return Wrong("`", text, "` is none of ", field.enum_type()->name(), ": write one such as ",
                 field.enum_type()->value(1)->name().substr(prefix.size()));
  }
  message.GetReflection()->SetEnum(&message, &field, value);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ReadNumber(const FieldDescriptor& field, absl::string_view text,
                                   int64_t base_us) {
  if (absl::EndsWith(field.name(), "_us")) {
    size_t next = 0;
    return TakeMoment({std::string(text)}, next, base_us);
  }
  int64_t number = 0;
  if (absl::SimpleAtoi(text, &number)) return number;
  if (absl::EndsWith(field.name(), "_s")) {
    ASSIGN_OR_RETURN(const int64_t length, ReadLength(text));
    return length / kMicrosPerSecond;
  }
  if (absl::EndsWith(field.name(), "_ppm") && absl::ConsumeSuffix(&text, "%")) {
    ASSIGN_OR_RETURN(const int64_t percent, ReadThousandths(text));
    return percent * kPpmPerThousandthOfPercent;
  }
  return Wrong("`", text, "` is no number");
}

absl::Status SetRepeated(const FieldDescriptor& field, absl::string_view text, Message& message) {
  const auto* reflection = message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    for (absl::string_view part : absl::StrSplit(text, ',')) {
      reflection->AddString(&message, &field, std::string(part));
    }
    return absl::OkStatus();
  }
  if (field.message_type()->name() != "PurchaseItem") return Wrong("cannot be written in a story");
  return ReadItem(text, static_cast<v1::PurchaseItem&>(*reflection->AddMessage(&message, &field)));
}

absl::Status SetField(const FieldDescriptor& field, absl::string_view text, int64_t base_us,
                      Message& message) {
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) return SetRepeated(field, text, message);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection->SetString(&message, &field, std::string(text));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "yes" && text != "no") return Wrong("`", text, "` is neither yes nor no");
      reflection->SetBool(&message, &field, text == "yes");
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(field, text, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->name() != "Money") return Wrong("cannot be written in a story");
      return ReadMoney(text,
                       static_cast<v1::Money&>(*reflection->MutableMessage(&message, &field)));
    default:
      break;
  }
  ASSIGN_OR_RETURN(const int64_t number, ReadNumber(field, text, base_us));
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      reflection->SetInt32(&message, &field, static_cast<int32_t>(number));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->SetUInt32(&message, &field, static_cast<uint32_t>(number));
      break;
    default:
      reflection->SetInt64(&message, &field, number);
  }
  return absl::OkStatus();
}

// `due_at` finds due_at_us, `item` finds items.
const FieldDescriptor* FindField(const Message& message, absl::string_view name) {
  for (const char* suffix : {"", "_us", "_s", "_ppm", "s"}) {
    const auto* field = message.GetDescriptor()->FindFieldByName(absl::StrCat(name, suffix));
    if (field != nullptr) return field;
  }
  return nullptr;
}

// Opens and closes the payload around its fields.
class FieldSetter {
 public:
  FieldSetter(const event::KindInfo& kind, v1::Event& event)
      : event_(event), payload_(kind.prototype->New()) {
    RAPPORT_CHECK(payload_->ParseFromString(event.payload())) << kind.name;
  }
  ~FieldSetter() { event_.set_payload(payload_->SerializeAsString()); }

  absl::Status Set(absl::string_view name, absl::string_view value) {
    if (const auto* field = FindField(*payload_, name)) return SetIn(*field, value, *payload_);
    if (name == "id") {
      event_.set_event_id(std::string(value));
      return absl::OkStatus();
    }
    if (name == "measure") {
      if (begun_.insert("measure").second) event_.clear_measures();
      return ReadMeasure(value, event_);
    }
    if (name == "actor" || name == "role" || name == "party") {
      v1::Actor& actor = *event_.mutable_actor();
      return SetIn(*FindField(actor, name == "actor" ? "id" : name), value, actor);
    }
    if (const auto* field = FindField(event_, name)) return SetIn(*field, value, event_);
    return Wrong("is neither a field of ", payload_->GetDescriptor()->name(),
                 " nor of its envelope");
  }

 private:
  absl::Status SetIn(const FieldDescriptor& field, absl::string_view value, Message& message) {
    if (field.is_repeated() && begun_.insert(field.full_name()).second) {
      message.GetReflection()->ClearField(&message, &field);
    }
    return SetField(field, value, event_.occurred_at_us(), message);
  }

  v1::Event& event_;
  const std::unique_ptr<Message> payload_;
  // Lists that were written already; the first value begins a list anew.
  std::set<std::string> begun_;
};

}  // namespace

absl::Status SetFields(const std::vector<std::string>& fields, v1::Event& event) {
  const event::KindInfo* kind = event::FindKind(event.kind());
  RAPPORT_CHECK(kind != nullptr) << event.kind();
  FieldSetter setter(*kind, event);
  for (const std::string& field : fields) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Wrong("`", field, "` is no field: write name=value");
    }
    const std::string name = field.substr(0, equals);
    const absl::Status set = setter.Set(name, absl::string_view(field).substr(equals + 1));
    if (!set.ok()) return Wrong("field ", name, ": ", set.message());
  }
  return absl::OkStatus();
}

std::string KeyOfPayload(const v1::Event& event) {
  const event::KindInfo* kind = event::FindKind(event.kind());
  RAPPORT_CHECK(kind != nullptr) << event.kind();
  const auto* field = kind->prototype->GetDescriptor()->FindFieldByNumber(1);
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  const std::unique_ptr<Message> payload(kind->prototype->New());
  RAPPORT_CHECK(payload->ParseFromString(event.payload())) << kind->name;
  return payload->GetReflection()->GetString(*payload, field);
}

}  // namespace rapport::stories
