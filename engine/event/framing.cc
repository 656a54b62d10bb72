#include "engine/event/framing.h"

#include "absl/strings/str_cat.h"
#include "engine/base/coding.h"

namespace rapport::event {
namespace {

constexpr absl::string_view kIdHeader = "ce_id";
constexpr absl::string_view kDebeziumIdHeader = "id";
constexpr absl::string_view kSourceHeader = "ce_source";
constexpr absl::string_view kTimeHeader = "ce_time";
constexpr absl::string_view kSchemaIdHeader = "__value_schema_id";

constexpr char kSchemaIdFrame = '\x00';
constexpr char kSchemaGuidFrame = '\x01';
constexpr size_t kSchemaIdBytes = 4;
constexpr size_t kSchemaGuidBytes = 16;
// The tag of field 1 as varint: no protobuf begins with less.
constexpr char kLeastTag = '\x08';

constexpr absl::string_view kUnderstood =
    "send a bare rapport.v1.Event, one in a Confluent frame, or a CloudEvent: binary with the "
    "headers ce_id, ce_source, ce_time, or structured in JSON";

Rejection Unknown(absl::string_view what) {
  return {Reason::kFrameUnknown, "", absl::StrCat(what, "; ", kUnderstood)};
}

// Takes the message indexes; false unless they mean the file's first message.
bool TakeFirstMessage(absl::string_view& in) {
  uint64_t count = 0;
  if (!TakeVarint(in, count)) return false;
  if (count == 0) return true;
  // One index: 1, or 2 as zigzag.
  uint64_t index = 0;
  return count <= 2 && TakeVarint(in, index) && index == 0;
}

// Takes a schema id with its magic byte.
bool TakeSchema(absl::string_view& in) {
  if (in.empty()) return false;
  const char magic = in[0];
  if (magic != kSchemaIdFrame && magic != kSchemaGuidFrame) return false;
  in.remove_prefix(1);
  absl::string_view id;
  return TakeBytes(in, magic == kSchemaIdFrame ? kSchemaIdBytes : kSchemaGuidBytes, id);
}

StructuredReader the_structured_reader = nullptr;

}  // namespace

void SetStructuredReader(StructuredReader reader) {
  // Nothing is written once it is known, while others may read it.
  if (reader != the_structured_reader) the_structured_reader = reader;
}

StructuredReader TheStructuredReader() { return the_structured_reader; }

bool IsStructured(absl::string_view value) { return !value.empty() && value[0] == '{'; }

bool IsHint(absl::string_view name) {
  return name == kIdHeader || name == kDebeziumIdHeader || name == kSourceHeader ||
         name == kTimeHeader || name == kSchemaIdHeader;
}

Hints ReadHints(absl::Span<const HeaderView> headers) {
  Hints hints;
  absl::string_view debezium_id;
  for (const HeaderView& header : headers) {
    if (header.name == kIdHeader) hints.event_id = header.value;
    if (header.name == kDebeziumIdHeader) debezium_id = header.value;
    if (header.name == kSourceHeader) hints.source = header.value;
    if (header.name == kTimeHeader) hints.time = header.value;
    if (header.name == kSchemaIdHeader) hints.schema_id = header.value;
  }
  if (hints.event_id.empty()) hints.event_id = debezium_id;
  return hints;
}

std::optional<Rejection> Unframe(absl::string_view value, const Hints& hints,
                                 absl::string_view& event) {
  if (value.empty()) return Unknown("the record has no value");
  if (IsStructured(value)) return Unknown("this engine reads no JSON");
  if (value[0] == '[') return Unknown("batches of CloudEvents are not read");
  event = value;
  if (value[0] == kSchemaIdFrame || value[0] == kSchemaGuidFrame) {
    if (!TakeSchema(event)) return Unknown("the Confluent frame ends within its schema id");
    if (!TakeFirstMessage(event)) {
      return Unknown("the Confluent frame names another message than the schema's first, Event");
    }
    return std::nullopt;
  }
  if (static_cast<uint8_t>(value[0]) < static_cast<uint8_t>(kLeastTag)) {
    return Unknown("the first byte begins no framing");
  }
  // With the schema in a header the message indexes stand there too.
  absl::string_view schema = hints.schema_id;
  if (TakeSchema(schema) && !schema.empty() && !TakeFirstMessage(schema)) {
    return Unknown("header __value_schema_id names another message than the schema's first, Event");
  }
  return std::nullopt;
}

}  // namespace rapport::event
