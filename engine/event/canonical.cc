#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/event/kinds.h"
#include "engine/event/validator.h"
#include "rapport/v1/known.pb.h"
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
  // Added by ingress, as the fields 40 to 43 are.
  if (kind->kind == v1::KIND_ALIAS_LINKED) static_cast<v1::AliasLinked&>(*message).clear_lookup();
  return SerializeDeterministic(*message);
}

// Where an event's texts were, in clear or sealed.
std::vector<std::string> PathsOf(const ValidEvent& event) {
  std::vector<std::string> paths = event.clear_fields;
  for (const v1::SealedField& sealed : event.envelope->sealed()) paths.push_back(sealed.field());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The same texts, as far as that can be told without a key: two tags, or two texts in clear, tell
// it exactly. Of one sealed and one in clear, which comes from Kafka, only the place is compared.
bool SameTexts(const ValidEvent& a, const ValidEvent& b) {
  if (PathsOf(a) != PathsOf(b)) return false;
  const std::string& tag_a = a.envelope->content_tag();
  const std::string& tag_b = b.envelope->content_tag();
  if (!tag_a.empty() && !tag_b.empty()) return tag_a == tag_b;
  if (a.clear_fields.empty() || b.clear_fields.empty()) return true;
  return a.clear_content == b.clear_content;
}

}  // namespace

bool SameContent(const ValidEvent& a, const ValidEvent& b) {
  if (a.customer_id.empty() && a.occurred_at_us != b.occurred_at_us) return false;
  return SameTexts(a, b) && CanonicalContent(*a.envelope) == CanonicalContent(*b.envelope);
}

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
