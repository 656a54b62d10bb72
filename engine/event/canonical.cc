#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <memory>

#include "engine/event/kinds.h"
#include "engine/event/validator.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {
namespace {

using google::protobuf::Message;

std::string SerializeDeterministic(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

// The payload as our own library writes it; as it came when it is not of its kind.
std::string CanonicalPayload(v1::Kind kind_number, const std::string& payload) {
  const KindInfo* kind = FindKind(kind_number);
  if (kind == nullptr) return payload;
  const std::unique_ptr<Message> message(kind->prototype->New());
  if (!message->ParseFromString(payload)) return payload;
  if (kind->kind == v1::KIND_EVENT_CORRECTED) {
    auto& correction = static_cast<v1::EventCorrected&>(*message);
    // The content of a correction is no correction, so this ends.
    if (correction.kind() != v1::KIND_EVENT_CORRECTED) {
      correction.set_payload(CanonicalPayload(correction.kind(), correction.payload()));
    }
  }
  return SerializeDeterministic(*message);
}

}  // namespace

std::string CanonicalContent(const v1::Event& event) {
  v1::Event plain = event;
  plain.clear_occurred_at_us();
  plain.clear_sealed();
  plain.clear_publisher();
  plain.clear_trace_parent();
  plain.clear_content_tag();
  plain.set_payload(CanonicalPayload(event.kind(), event.payload()));
  return SerializeDeterministic(plain);
}

}  // namespace rapport::event
