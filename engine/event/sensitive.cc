#include "engine/event/sensitive.h"

#include <google/protobuf/message.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/event/kinds.h"
#include "rapport/v1/options.pb.h"
#include "rapport/v1/work.pb.h"

namespace rapport::event {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Visit = absl::FunctionRef<void(const std::string& path, std::string& text)>;

constexpr absl::string_view kPayload = "payload.";

// Whether payloads of a kind may hold a text, by its place in AllKinds().
std::vector<bool> KindsWithText() {
  std::vector<bool> with_text;
  for (const KindInfo& kind : AllKinds()) {
    bool found = kind.kind == v1::KIND_EVENT_CORRECTED;
    const auto* payload = kind.prototype->GetDescriptor();
    for (int i = 0; i < payload->field_count(); ++i) found |= IsSensitive(*payload->field(i));
    with_text.push_back(found);
  }
  return with_text;
}

bool MayHoldText(v1::Kind number) {
  static const std::vector<bool>* const with_text = new auto(KindsWithText());
  const KindInfo* kind = FindKind(number);
  return kind != nullptr && (*with_text)[kind->index];
}

// The opened payload, or null when there is nothing to be found in it.
std::unique_ptr<Message> Opened(v1::Kind number, const std::string& payload) {
  if (!MayHoldText(number)) return nullptr;
  std::unique_ptr<Message> message(FindKind(number)->prototype->New());
  if (!message->ParseFromString(payload)) return nullptr;
  return message;
}

// Visits one message; true when something changed.
bool VisitMessage(Message& message, const std::string& prefix, Visit visit) {
  bool changed = false;
  const auto* reflection = message.GetReflection();
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!IsSensitive(*field) || !reflection->HasField(message, field)) continue;
    const std::string before = reflection->GetString(message, field);
    std::string text = before;
    visit(absl::StrCat(prefix, field->name()), text);
    if (text == before) continue;
    changed = true;
    if (text.empty()) {
      reflection->ClearField(&message, field);
    } else {
      reflection->SetString(&message, field, text);
    }
  }
  return changed;
}

bool VisitPayload(v1::Kind kind, std::string& payload, const std::string& prefix, Visit visit) {
  const std::unique_ptr<Message> message = Opened(kind, payload);
  if (message == nullptr) return false;
  bool changed = VisitMessage(*message, prefix, visit);
  if (kind == v1::KIND_EVENT_CORRECTED) {
    auto& correction = static_cast<v1::EventCorrected&>(*message);
    // The content of a correction is no correction, so this ends.
    if (correction.kind() != v1::KIND_EVENT_CORRECTED) {
      changed |= VisitPayload(correction.kind(), *correction.mutable_payload(),
                              absl::StrCat(prefix, kPayload), visit);
    }
  }
  if (changed) payload = message->SerializeAsString();
  return changed;
}

bool PutInPayload(v1::Kind kind, std::string& payload, absl::string_view path,
                  const std::string& text) {
  const std::unique_ptr<Message> message = Opened(kind, payload);
  if (message == nullptr || !absl::ConsumePrefix(&path, kPayload)) return false;
  const auto* field = message->GetDescriptor()->FindFieldByName(std::string(path));
  if (field != nullptr && IsSensitive(*field)) {
    message->GetReflection()->SetString(message.get(), field, text);
  } else if (kind == v1::KIND_EVENT_CORRECTED) {
    auto& correction = static_cast<v1::EventCorrected&>(*message);
    if (correction.kind() == kind ||
        !PutInPayload(correction.kind(), *correction.mutable_payload(), path, text)) {
      return false;
    }
  } else {
    return false;
  }
  payload = message->SerializeAsString();
  return true;
}

}  // namespace

bool IsSensitive(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::sensitive) != v1::SENSITIVITY_UNSPECIFIED;
}

bool MayHoldText(const v1::Event& event) {
  return !event.note().empty() || MayHoldText(event.kind());
}

void VisitTexts(v1::Event& event, Visit visit) {
  VisitMessage(event, "", visit);
  VisitPayload(event.kind(), *event.mutable_payload(), std::string(kPayload), visit);
}

bool PutText(v1::Event& event, absl::string_view path, const std::string& text) {
  if (path.rfind(kPayload, 0) == 0) {
    return PutInPayload(event.kind(), *event.mutable_payload(), path, text);
  }
  const auto* field = v1::Event::descriptor()->FindFieldByName(std::string(path));
  if (field == nullptr || !IsSensitive(*field)) return false;
  event.GetReflection()->SetString(&event, field, text);
  return true;
}

std::optional<v1::AliasLinked> LinkedAlias(const v1::Event& event) {
  v1::AliasLinked alias;
  if (event.kind() == v1::KIND_ALIAS_LINKED) {
    return alias.ParseFromString(event.payload()) ? std::make_optional(alias) : std::nullopt;
  }
  v1::EventCorrected correction;
  if (event.kind() == v1::KIND_EVENT_CORRECTED && correction.ParseFromString(event.payload()) &&
      correction.kind() == v1::KIND_ALIAS_LINKED && alias.ParseFromString(correction.payload())) {
    return alias;
  }
  return std::nullopt;
}

void SetLookup(v1::Event& event, const std::string& lookup) {
  std::optional<v1::AliasLinked> alias = LinkedAlias(event);
  if (!alias.has_value()) return;
  alias->set_lookup(lookup);
  if (event.kind() == v1::KIND_ALIAS_LINKED) {
    event.set_payload(alias->SerializeAsString());
    return;
  }
  v1::EventCorrected correction;
  correction.ParseFromString(event.payload());
  correction.set_payload(alias->SerializeAsString());
  event.set_payload(correction.SerializeAsString());
}

std::optional<Rejection> CheckSensitiveText(absl::string_view path, absl::string_view text) {
  if (text.size() <= kSensitiveBytesMax) return std::nullopt;
  return Rejection{Reason::kTooLarge, std::string(path),
                   "is over 8 KiB; keep documents elsewhere and send their key"};
}

}  // namespace rapport::event
