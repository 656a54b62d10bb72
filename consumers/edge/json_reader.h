// Strict proto3 JSON -> message.
//
//   v1::Touchpoint touchpoint;
//   RETURN_IF_ERROR(JsonToMessage(R"({"customerId": "ana"})", touchpoint));
//
// Stricter than protobuf's own reader: unknown fields, unknown enum names and repeated keys are
// refused by name, and every error carries the path:
//   FIELD_UNKNOWN: purchaseMade.amount.currncy: unknown field; did you mean currency?
// Names may be lowerCamel or as in the .proto file; `null` means absent. At most 32 levels deep.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT: FIELD_UNKNOWN, FIELD_INVALID, or PAYLOAD_MALFORMED (line, column).
// Never:   repeats a value in a message, except the name of an enum value.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rapport::edge {

// Where the text stands in what the user wrote, from 1; for messages.
struct JsonOrigin {
  int64_t line = 1;
  int64_t column = 1;
};

// Replaces the content of `message`; after an error that is undefined.
absl::Status JsonToMessage(absl::string_view json, google::protobuf::Message& message,
                           const JsonOrigin& origin = {});

}  // namespace rapport::edge
