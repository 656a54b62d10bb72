// One JSON value -> one field of a message: numbers, truth, text, enum names, bytes, moments,
// masks.
//
//   absl::Status status = SetText("EUR", *field, message);     // a message, not yet a path
//
// 64-bit integers come as text or number, enums by name with or without the enum's own prefix
// (`WEBSITE`, `CHANNEL_WEBSITE`) or by number, bytes as base64, a Timestamp as RFC 3339,
// also for integers of microseconds, a
// FieldMask as lowerCamel paths with commas between. A repeated field gets the value added.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT with a text that says what was expected; the caller adds the path.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"

namespace rapport::edge {

absl::Status SetText(const std::string& text, const google::protobuf::FieldDescriptor& field,
                     google::protobuf::Message& message);
// An integer of JSON; it may be larger than the field takes.
absl::Status SetInteger(__int128 number, const google::protobuf::FieldDescriptor& field,
                        google::protobuf::Message& message);
// A number with fraction or exponent; whole ones count as integers.
absl::Status SetReal(double number, const google::protobuf::FieldDescriptor& field,
                     google::protobuf::Message& message);
absl::Status SetTruth(bool truth, const google::protobuf::FieldDescriptor& field,
                      google::protobuf::Message& message);

// What a value of the field looks like: "a list", "text", "true or false".
std::string Expected(const google::protobuf::FieldDescriptor& field);

bool IsTimestamp(const google::protobuf::FieldDescriptor& field);
bool IsFieldMask(const google::protobuf::FieldDescriptor& field);
// An integer of eight bytes whose name ends in `_us`: a moment in microseconds. Spans are varints.
bool IsMicros(const google::protobuf::FieldDescriptor& field);
// True for a message that JSON writes as text: a moment or a mask.
bool IsWrittenAsText(const google::protobuf::FieldDescriptor& field);

}  // namespace rapport::edge
