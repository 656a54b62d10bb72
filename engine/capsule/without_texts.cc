#include "engine/capsule/without_texts.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/event/framing.h"
#include "engine/event/kinds.h"
#include "engine/event/sensitive.h"
#include "engine/log/partitioner.h"
#include "rapport/v1/work.pb.h"

namespace rapport::capsule {
namespace {

// Nothing that is longer is an event in any framing.
constexpr size_t kValueBytesMax = size_t{512} << 10;

// A value that was taken apart.
struct Opened {
  v1::Event event;
  // What stands before the event's bytes, and those; empty for JSON.
  absl::string_view frame;
  absl::string_view bytes;
  bool structured = false;
};

std::optional<Opened> Open(const RecordView& record) {
  if (record.value.size() > kValueBytesMax) return std::nullopt;
  Opened opened;
  opened.structured = event::IsStructured(record.value);
  if (opened.structured) {
    const event::StructuredReader read = event::TheStructuredReader();
    if (read == nullptr || read(record.value, opened.event).has_value()) return std::nullopt;
    return opened;
  }
  const event::Hints hints = event::ReadHints(record.headers);
  if (event::Unframe(record.value, hints, opened.bytes).has_value()) return std::nullopt;
  if (!opened.event.ParseFromArray(opened.bytes.data(), static_cast<int>(opened.bytes.size()))) {
    return std::nullopt;
  }
  opened.frame = record.value.substr(0, record.value.size() - opened.bytes.size());
  return opened;
}

// Of a payload what the fields of its kind hold; nothing of one that is not of its kind.
std::string KnownPart(v1::Kind number, const std::string& payload) {
  const event::KindInfo* kind = event::FindKind(number);
  if (kind == nullptr) return "";
  const std::unique_ptr<google::protobuf::Message> message(kind->prototype->New());
  if (!message->ParseFromString(payload)) return "";
  message->DiscardUnknownFields();
  if (number == v1::KIND_EVENT_CORRECTED) {
    auto& correction = static_cast<v1::EventCorrected&>(*message);
    // The content of a correction is no correction.
    const bool known = correction.kind() != number;
    correction.set_payload(known ? KnownPart(correction.kind(), correction.payload()) : "");
  }
  return message->SerializeAsString();
}

bool IsSameRejection(const std::optional<Rejection>& a, const std::optional<Rejection>& b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return a->reason == b->reason && a->field == b->field;
}

std::optional<Rejection> Judge(const RecordView& record, event::Validator& validator) {
  if (auto rejection = validator.CheckEnvelope(record)) return rejection;
  return validator.CheckPayload();
}

}  // namespace

WithoutTexts::WithoutTexts(int partitions)
    : validator_(event::ValidatorOptions{partitions, &log::PartitionOf}),
      of_copy_(event::ValidatorOptions{partitions, &log::PartitionOf}) {}

std::string WithoutTexts::PlaceOf(const std::string& text) {
  return absl::StrCat("#", places_.try_emplace(text, places_.size() + 1).first->second);
}

bool WithoutTexts::Copy(const RecordView& record, v1::CapsuleRecord& copy) {
  event_ = ValidEvent();
  std::optional<Opened> opened = Open(record);
  if (!opened.has_value()) return false;
  v1::Event& event = opened->event;
  event.DiscardUnknownFields();
  if (!event.payload().empty()) event.set_payload(KnownPart(event.kind(), event.payload()));
  v1::CapsuleRecord made;
  event::VisitTexts(event, [&](const std::string& path, std::string& text) {
    made.add_texts_taken_out(path);
    text = PlaceOf(text);
  });
  const std::string bytes = event.SerializeAsString();
  // Other libraries write the fields in another order. More bytes than the fields need are others.
  const bool holds_no_more =
      opened->structured ? !event::MayHoldText(event) : bytes.size() == opened->bytes.size();
  if (made.texts_taken_out().empty() && holds_no_more) {
    made.set_value(record.value.data(), record.value.size());
  } else {
    made.set_value(absl::StrCat(opened->frame, bytes));
  }
  for (const HeaderView& header : record.headers) {
    if (!event::IsHint(header.name)) continue;
    v1::CapsuleHeader& kept = *made.add_headers();
    kept.set_name(header.name.data(), header.name.size());
    kept.set_value(header.value.data(), header.value.size());
  }
  if (!IsJudgedAlike(record, made)) return false;
  *copy.mutable_value() = std::move(*made.mutable_value());
  *copy.mutable_headers() = std::move(*made.mutable_headers());
  *copy.mutable_texts_taken_out() = std::move(*made.mutable_texts_taken_out());
  return true;
}

bool WithoutTexts::IsJudgedAlike(const RecordView& record, const v1::CapsuleRecord& copy) {
  std::vector<HeaderView> headers;
  for (const v1::CapsuleHeader& header : copy.headers()) {
    headers.push_back({header.name(), header.value()});
  }
  RecordView copied = record;
  copied.value = copy.value();
  copied.headers = headers;
  const std::optional<Rejection> rejection = Judge(record, validator_);
  if (!IsSameRejection(rejection, Judge(copied, of_copy_))) return false;
  event_ = validator_.event();
  if (rejection.has_value()) return true;
  const ValidEvent& other = of_copy_.event();
  return event_.id == other.id && event_.kind == other.kind &&
         event_.occurred_at_us == other.occurred_at_us && event_.clear_fields == other.clear_fields;
}

}  // namespace rapport::capsule
