// A FieldMask as JSON and queries write it: `standing.score,standing.flags.flag`, lowerCamel names
// with dots between, paths with commas between. Empty text is a mask without paths.
//
// Which fields there are is not known here: read_mask.h looks the paths up.
//
// Threads: pure.
#pragma once

#include <google/protobuf/field_mask.pb.h>

#include <string>

#include "absl/strings/string_view.h"

namespace rapport::edge {

// Adds the paths, by the names of the .proto file; false when the text is no such list.
bool ReadMaskText(absl::string_view text, google::protobuf::FieldMask& mask);

// A name that has no lowerCamel form stands as it is.
std::string MaskText(const google::protobuf::FieldMask& mask);

}  // namespace rapport::edge
