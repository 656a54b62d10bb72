// Fields of a request that HTTP gives outside the body: in the path, and as query parameters.
//
//   RETURN_IF_ERROR(ReadQuery("minPosition=7c1e90ab.1:5@12&viewpoint.asOfUs=1700000000000000",
//                             request));
//
// A name may be lowerCamel or as in the .proto file, dots lead into messages, a list is its name
// repeated. As strict as JSON (json_reader.h): what is unknown, given twice or of the wrong form is
// refused by name.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT: FIELD_UNKNOWN, FIELD_INVALID, TEXT_NOT_UTF8.
// Never:   repeats a value in a message, except the name of an enum value.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rapport::edge {

// Adds the parameters to what `request` holds; a field that it holds already is refused.
absl::Status ReadQuery(absl::string_view query, google::protobuf::Message& request);

// A field of the path. Refused when the body has given it as well.
absl::Status SetPathField(const google::protobuf::FieldDescriptor& field, const std::string& value,
                          google::protobuf::Message& request);

}  // namespace rapport::edge
