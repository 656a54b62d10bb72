// Texts that people and other programs write: JSON of touchpoints, positions, moments.

#include <string>

#include "absl/strings/match.h"
#include "consumers/edge/json_writer.h"
#include "consumers/edge/touchpoint_json.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/event/touchpoint.h"
#include "engine/model/position.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/unknown_fields.h"

namespace rapport::fuzz {
namespace {

// JSON -> touchpoint -> JSON is the same touchpoint; so it is when it went through an event.
void Json(absl::string_view json) {
  const auto touchpoint = edge::JsonToTouchpoint(json);
  if (!touchpoint.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(touchpoint.status())) << touchpoint.status();
    return;
  }
  const std::string written = edge::MessageToJson(*touchpoint);
  const auto read = edge::JsonToTouchpoint(written);
  RAPPORT_CHECK(read.ok()) << read.status() << " in " << written;
  RAPPORT_CHECK(edge::MessageToJson(*read) == written);
  const v1::Event event = event::TouchpointToEvent(*touchpoint);
  v1::Event parsed;
  if (!parsed.ParseFromString(event.SerializeAsString())) return;  // A text that is not UTF-8.
  const auto opened = event::EventToTouchpoint(parsed);
  // The moment 0 means that there is none.
  if (!opened.ok() || HasUnknownFields(*opened) || parsed.occurred_at_us() == 0) return;
  RAPPORT_CHECK(edge::MessageToJson(*opened) == written);
}

void Token(absl::string_view text) {
  const auto position = Position::Parse(text);
  if (!position.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(position.status())) << position.status();
    return;
  }
  const std::string written = position->ToString();
  const auto read = Position::Parse(written);
  RAPPORT_CHECK(read.ok()) << read.status();
  RAPPORT_CHECK(read->ToString() == written && read->next == position->next);
}

void MomentText(absl::string_view text) {
  const auto at_us = ParseTime(text);
  if (!at_us.ok()) return;
  const auto read = ParseTime(FormatTime(*at_us));
  RAPPORT_CHECK(read.ok()) << read.status();
  RAPPORT_CHECK(*read == *at_us) << *at_us;
}

}  // namespace

void FuzzText(absl::string_view input) {
  if (absl::StartsWith(input, "@")) return Token(input.substr(1));
  if (absl::StartsWith(input, "#")) return MomentText(input.substr(1));
  Json(input);
}

}  // namespace rapport::fuzz
