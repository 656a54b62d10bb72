// The limits of a payload: every field of every kind, by a plan made once from the descriptors.
//
//   if (auto rejection = ParsePayload(event.payload(), "payload", message)) return rejection;
//   if (auto rejection = CheckPayloadFields(*kind, bytes, message, event)) return rejection;
//
// Paths begin with `payload.`, such as `payload.amount.currency`.
//
// Threads: pure.
#pragma once

#include <google/protobuf/message.h>

#include <optional>

#include "absl/strings/string_view.h"
#include "engine/event/kinds.h"
#include "engine/event/payload_plan.h"
#include "engine/model/rejection.h"
#include "rapport/v1/event.pb.h"

namespace rapport::event {

// Parses `bytes` into `message`. TEXT_NOT_UTF8 names the field; PAYLOAD_MALFORMED for the rest.
// `path` is where the message stands, empty for the event itself.
std::optional<Rejection> ParseMessage(absl::string_view bytes, absl::string_view path,
                                      google::protobuf::Message& message);

// What the plan says of each field, and nothing that is about several of them.
// REQUIRES: as CheckPayloadFields.
std::optional<Rejection> CheckEachField(const PayloadPlan& plan, absl::string_view bytes,
                                        const google::protobuf::Message& payload);

// `bytes` tell which fields are there at all: most fields of most events are not, and asking the
// message for each of them would cost more than the rest of the check.
// REQUIRES: `payload` has the type of `kind` and was parsed from `bytes`.
std::optional<Rejection> CheckPayloadFields(const KindInfo& kind, absl::string_view bytes,
                                            const google::protobuf::Message& payload,
                                            const v1::Event& envelope);

}  // namespace rapport::event
