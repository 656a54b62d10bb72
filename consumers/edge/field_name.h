// Fields of messages by the names that JSON and queries use: lowerCamel, or as in the .proto file.
//
// Threads: pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "absl/strings/string_view.h"

namespace rapport::edge {

// Null when there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& type,
                                                   const std::string& name);

// `unknown field; did you mean currency?`
std::string UnknownField(const google::protobuf::Descriptor& type, const std::string& name);

}  // namespace rapport::edge
