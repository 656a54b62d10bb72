#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"
#include "engine/base/hash.h"
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

// Where an event's texts were, in clear or sealed, as one text.
std::string PlacesOf(const ValidEvent& event) {
  std::vector<std::string> paths = event.clear_fields;
  for (const v1::SealedField& sealed : event.envelope->sealed()) paths.push_back(sealed.field());
  std::sort(paths.begin(), paths.end());
  std::string places;
  for (const std::string& path : paths) AppendSized(places, path);
  return places;
}

}  // namespace

Content ContentOf(const ValidEvent& event) {
  Content content;
  content.visible =
      Blake2b128Framed({CanonicalContent(*event.envelope), PlacesOf(event),
                        event.customer_id.empty() ? absl::StrCat(event.occurred_at_us) : ""});
  content.tag = event.envelope->content_tag();
  if (!event.clear_fields.empty()) content.clear = event.clear_content;
  return content;
}

bool SameContent(const Content& a, const Content& b) {
  if (a.visible != b.visible) return false;
  if (!a.tag.empty() && !b.tag.empty()) return a.tag == b.tag;
  return !a.clear.has_value() || !b.clear.has_value() || a.clear == b.clear;
}

bool SameContent(const ValidEvent& a, const ValidEvent& b) {
  return SameContent(ContentOf(a), ContentOf(b));
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
