#include "projections/explain/imagined.h"

#include <string>

#include "engine/base/check.h"
#include "rapport/v1/touchpoint.pb.h"

namespace rapport::explain {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// A field of Touchpoint's `detail` has this number plus the kind's.
constexpr int kDetailBase = 1000;

std::unique_ptr<Message> NewPayload(v1::Kind kind) {
  const FieldDescriptor* detail =
      v1::Touchpoint::descriptor()->FindFieldByNumber(kDetailBase + static_cast<int>(kind));
  RAPPORT_CHECK(detail != nullptr) << "kind " << kind << " has no payload";
  const Message* prototype =
      MessageFactory::generated_factory()->GetPrototype(detail->message_type());
  return std::unique_ptr<Message>(prototype->New());
}

void SetNumber(Message& payload, const char* field, int64_t value) {
  const FieldDescriptor* found = payload.GetDescriptor()->FindFieldByName(field);
  if (found == nullptr) return;
  if (found->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    payload.GetReflection()->SetBool(&payload, found, value != 0);
  } else if (found->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    payload.GetReflection()->SetInt64(&payload, found, value);
  } else if (found->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    payload.GetReflection()->SetInt32(&payload, found, static_cast<int32_t>(value));
  }
}

}  // namespace

ImaginedEvent::ImaginedEvent(v1::Kind kind, absl::string_view key, int64_t at_us)
    : payload_(NewPayload(kind)) {
  envelope_.set_kind(kind);
  envelope_.set_occurred_at_us(at_us);
  const FieldDescriptor* first = payload_->GetDescriptor()->field(0);
  if (first->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    payload_->GetReflection()->SetString(payload_.get(), first,
                                         std::string(key.empty() ? "imagined" : key));
  }
  for (const char* yes : {"accepted", "passed", "granted"}) SetNumber(*payload_, yes, 1);
  SetNumber(*payload_, "max", 10);
  SetNumber(*payload_, "score", 10);
}

ValidEvent ImaginedEvent::View() const {
  ValidEvent event;
  // The last of its instant.
  event.id = {UINT64_MAX, UINT64_MAX};
  event.occurred_at_us = envelope_.occurred_at_us();
  event.kind = envelope_.kind();
  event.envelope = &envelope_;
  event.payload = payload_.get();
  return event;
}

}  // namespace rapport::explain
