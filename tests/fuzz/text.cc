// Texts that people and other programs write: JSON of touchpoints and of CloudEvents, positions,
// moments, filters, files of tokens.

#include <string>

#include "absl/strings/match.h"
#include "consumers/edge/cloud_event.h"
#include "consumers/edge/json_writer.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/token_file.h"
#include "consumers/edge/touchpoint_json.h"
#include "consumers/support/base_filter.h"
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

void CloudEvent(absl::string_view json) {
  v1::Event event;
  const std::optional<Rejection> rejection = edge::ReadStructuredEvent(json, event);
  RAPPORT_CHECK(!rejection.has_value() || !rejection->message.empty());
}

void Filter(absl::string_view text) {
  const auto filter = support::BaseFilter::Parse(text);
  RAPPORT_CHECK(filter.ok() || edge::ReasonOf(filter.status()) == "FILTER_INVALID")
      << filter.status();
  if (filter.ok()) filter->Matches(v1::Standing());
}

// Nobody is let in by a token that the file does not hold the hash of.
void Tokens(absl::string_view text) {
  const auto file = edge::TokenFile::Parse(text, "tokens");
  if (!file.ok()) {
    RAPPORT_CHECK(absl::IsInvalidArgument(file.status())) << file.status();
    return;
  }
  RAPPORT_CHECK(file->FindToken("") == nullptr && file->FindToken(text) == nullptr);
}

}  // namespace

void FuzzText(absl::string_view input) {
  if (absl::StartsWith(input, "@")) return Token(input.substr(1));
  if (absl::StartsWith(input, "#")) return MomentText(input.substr(1));
  if (absl::StartsWith(input, "~")) return Filter(input.substr(1));
  if (absl::StartsWith(input, "$")) return Tokens(input.substr(1));
  if (absl::StartsWith(input, "{\"specversion\"")) return CloudEvent(input);
  Json(input);
}

}  // namespace rapport::fuzz
