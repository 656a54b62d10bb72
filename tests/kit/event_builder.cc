#include "tests/kit/event_builder.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::kit {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kMicrosPerUnit = 1'000'000;
constexpr int64_t kDay20200101 = 18'262;

// `PurchaseMade` for KIND_PURCHASE_MADE.
std::string MessageName(v1::Kind kind) {
  std::string name;
  bool upper = true;
  for (const char c : v1::Kind_Name(kind).substr(sizeof("KIND_") - 1)) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper ? c : absl::ascii_tolower(static_cast<unsigned char>(c));
    upper = false;
  }
  return name;
}

std::unique_ptr<Message> NewPayload(v1::Kind kind) {
  // The touchpoint's file names all payloads, so their descriptors are in the pool from here on.
  const auto* pool = v1::Touchpoint::descriptor()->file()->pool();
  const std::string name = MessageName(kind);
  const auto* descriptor = pool->FindMessageTypeByName("rapport.v1." + name);
  RAPPORT_CHECK(descriptor != nullptr) << "there is no payload " << name;
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<Message>(factory->GetPrototype(descriptor)->New());
}

const FieldDescriptor* FieldNamed(const Message& message, absl::string_view name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(name));
  RAPPORT_CHECK(field != nullptr) << message.GetTypeName() << " has no field " << name;
  return field;
}

}  // namespace

EventBuilder::EventBuilder(v1::Kind kind)
    : envelope_(std::make_unique<v1::Event>()), payload_(NewPayload(kind)) {
  envelope_->set_kind(kind);
  envelope_->set_source("test");
  Of("cust-1").Id(1).OnDay(kDay20200101);
}

EventBuilder::EventBuilder(const EventBuilder& other)
    : envelope_(std::make_unique<v1::Event>(*other.envelope_)),
      payload_(other.payload_->New()),
      offset_(other.offset_) {
  payload_->CopyFrom(*other.payload_);
}

EventBuilder& EventBuilder::operator=(EventBuilder other) {
  envelope_ = std::move(other.envelope_);
  payload_ = std::move(other.payload_);
  offset_ = other.offset_;
  return *this;
}

EventBuilder& EventBuilder::Of(absl::string_view customer_id) {
  envelope_->set_customer_id(std::string(customer_id));
  return *this;
}

EventBuilder& EventBuilder::Id(uint64_t n) {
  return Id(absl::StrFormat("00000000-0000-0000-0000-%012d", n));
}

EventBuilder& EventBuilder::Id(absl::string_view text) {
  envelope_->set_event_id(std::string(text));
  return *this;
}

EventBuilder& EventBuilder::At(int64_t occurred_at_us) {
  envelope_->set_occurred_at_us(occurred_at_us);
  return *this;
}

EventBuilder& EventBuilder::OnDay(int64_t day) { return At(day * kMicrosPerDay); }

EventBuilder& EventBuilder::AtHour(int64_t hour) { return At(hour * kMicrosPerHour); }

EventBuilder& EventBuilder::Offset(rapport::Offset offset) {
  offset_ = offset;
  return *this;
}

EventBuilder& EventBuilder::Key(absl::string_view key) {
  const auto* field = payload_->GetDescriptor()->FindFieldByNumber(1);
  RAPPORT_CHECK(field != nullptr) << payload_->GetTypeName() << " has no key";
  return Set(field->name(), key);
}

EventBuilder& EventBuilder::Set(absl::string_view name, int64_t value) {
  const auto* field = FieldNamed(*payload_, name);
  const auto* reflection = payload_->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection->SetBool(payload_.get(), field, value != 0);
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection->SetEnumValue(payload_.get(), field, static_cast<int>(value));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection->SetInt32(payload_.get(), field, static_cast<int32_t>(value));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->SetUInt32(payload_.get(), field, static_cast<uint32_t>(value));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection->SetInt64(payload_.get(), field, value);
      break;
    default:
      RAPPORT_CHECK(false) << payload_->GetTypeName() << "." << name << " is no number";
  }
  return *this;
}

EventBuilder& EventBuilder::Set(absl::string_view name, absl::string_view value) {
  const auto* field = FieldNamed(*payload_, name);
  RAPPORT_CHECK(field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
      << payload_->GetTypeName() << "." << name << " is no text";
  payload_->GetReflection()->SetString(payload_.get(), field, std::string(value));
  return *this;
}

EventBuilder& EventBuilder::Worth(int64_t units, absl::string_view currency) {
  return WorthMicros(units * kMicrosPerUnit, currency);
}

EventBuilder& EventBuilder::WorthMicros(int64_t micros, absl::string_view currency) {
  const auto* field = FieldNamed(*payload_, "amount");
  auto* amount =
      static_cast<v1::Money*>(payload_->GetReflection()->MutableMessage(payload_.get(), field));
  amount->set_micros(micros);
  amount->set_currency(std::string(currency));
  return *this;
}

EventBuilder& EventBuilder::On(v1::Channel channel) {
  envelope_->set_channel(channel);
  return *this;
}

EventBuilder& EventBuilder::Note(absl::string_view text) {
  envelope_->set_note(std::string(text));
  return *this;
}

ValidEvent EventBuilder::View() const {
  ValidEvent event;
  event.id = EventId::FromText(envelope_->event_id());
  event.occurred_at_us = envelope_->occurred_at_us();
  event.customer_id = envelope_->customer_id();
  event.kind = envelope_->kind();
  event.envelope = envelope_.get();
  event.payload = payload_.get();
  event.offset = offset_;
  event.append_time_us = envelope_->occurred_at_us();
  return event;
}

EventBuilder ACorrection(absl::string_view target, const EventBuilder& content) {
  EventBuilder correction(v1::KIND_EVENT_CORRECTED);
  v1::Event envelope = content.envelope();
  envelope.set_kind(v1::KIND_EVENT_CORRECTED);
  envelope.set_event_id(correction.envelope().event_id());
  envelope.set_occurred_at_us(correction.envelope().occurred_at_us());
  correction.envelope() = std::move(envelope);
  correction.Key(target).Set("kind", content.envelope().kind());
  correction.Set("payload", content.payload().SerializeAsString());
  return correction;
}

v1::Kind KindOfName(absl::string_view name) {
  std::string constant = "KIND";
  for (const char c : name) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c))) constant += '_';
    constant += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  v1::Kind kind = v1::KIND_UNSPECIFIED;
  RAPPORT_CHECK(v1::Kind_Parse(constant, &kind)) << "there is no kind " << name;
  return kind;
}

}  // namespace rapport::kit
