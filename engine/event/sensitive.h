// Sensitive texts: the fields marked with `(rapport.v1.sensitive)`, found in an event wherever they
// stand: in the envelope, in the payload, in the payload that a correction puts in place.
//
//   VisitTexts(event, [](const std::string& path, std::string& text) { text.clear(); });
//
// Paths are those of `SealedField.field`: `note`, `payload.name`, `payload.payload.value`.
//
// Threads: pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "engine/model/rejection.h"
#include "rapport/v1/event.pb.h"
#include "rapport/v1/known.pb.h"

namespace rapport::event {

inline constexpr size_t kSensitiveBytesMax = 8 * 1024;

// True for a field that may not stand in the log in clear.
bool IsSensitive(const google::protobuf::FieldDescriptor& field);

// False when the event cannot hold a sensitive text; costs next to nothing.
bool MayHoldText(const v1::Event& event);

// Calls `visit` with each sensitive text that is there, in the order of the fields, and puts back
// what it made of it. A payload that cannot be parsed has none.
void VisitTexts(v1::Event& event,
                absl::FunctionRef<void(const std::string& path, std::string& text)> visit);

// Puts `text` back where it came from. False when the event has no such field.
bool PutText(v1::Event& event, absl::string_view path, const std::string& text);

// The alias that `event` links, itself or as a correction; absent for all other events.
std::optional<v1::AliasLinked> LinkedAlias(const v1::Event& event);
// Sets its hash; empty takes it away. Other events stay as they are.
void SetLookup(v1::Event& event, const std::string& lookup);

// A text that is too long. `path` is its place.
std::optional<Rejection> CheckSensitiveText(absl::string_view path, absl::string_view text);

}  // namespace rapport::event
