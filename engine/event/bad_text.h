// Finds the text that is not UTF-8 in the bytes of a message that would not parse.
//
// The parser only says no. This slow second look over the wire tells a bad text, which a publisher
// can name and mend, from bytes that are no such message at all:
//   FindBadText(*v1::Event::descriptor(), bytes) == "actor.id"
//
// Threads: pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport::event {

// Path of the first text that is not UTF-8; nothing when the bytes are malformed before it.
std::optional<std::string> FindBadText(const google::protobuf::Descriptor& message,
                                       absl::string_view bytes);

// Takes the value after a tag off the front of `in`. False for a group, which nobody writes any
// more, and for a value that does not fit.
bool SkipWireValue(uint64_t wire_type, absl::string_view& in);

}  // namespace rapport::event
