// Message -> proto3 JSON in one line, fields in the order of their numbers.
//
//   MessageToJson(money) == R"({"micros":"120000000","currency":"EUR"})"
//
// lowerCamel names, 64-bit integers as text, enum names in full, bytes as base64, a Timestamp as
// RFC 3339, a Duration as `0.200s`, an Any opened beside its `@type`; what is empty or absent is
// left out. Equal messages give equal text.
//
// Threads: pure. Never fails: a value without a name, such as an unknown enum value, is written as
// its number.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace rapport::edge {

std::string MessageToJson(const google::protobuf::Message& message);

}  // namespace rapport::edge
