// CloudEvents 1.0 -> Event: over HTTP in both modes of its HTTP binding, on Kafka in structured
// mode (its binary mode is the engine's own, engine/event/framing.h).
//
//   binary      ce-id, ce-source, ce-time, ce-subject headers; the body is the Touchpoint as JSON
//   or
//               the Event as protobuf
//   structured  application/cloudevents+json: `data` is the Touchpoint, or `data_base64` the Event
//
// Attributes fill what the event leaves empty, as headers do on Kafka: the body beats them, and
// `subject` stands where the key does. Extension attributes are left aside, as is `type`: what
// happened stands in the body.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT: those of json_reader.h and event::Fill, PAYLOAD_MALFORMED.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "consumers/edge/http_message.h"
#include "engine/model/rejection.h"
#include "rapport/v1/event.pb.h"

namespace rapport::edge {

// Whether the headers are those of the binary mode.
bool IsBinaryCloudEvent(const HttpHead& head);

absl::StatusOr<v1::Event> BinaryCloudEvent(const HttpHead& head, const std::string& body,
                                           bool is_json);
// `is_touchpoint` is told whether it came as `data`, not as bytes.
absl::StatusOr<v1::Event> StructuredCloudEvent(absl::string_view json,
                                               bool* is_touchpoint = nullptr);

// The same for a record's value: an event::StructuredReader.
std::optional<Rejection> ReadStructuredEvent(absl::string_view json, v1::Event& event);

}  // namespace rapport::edge
