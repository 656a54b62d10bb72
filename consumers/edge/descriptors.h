// The contract itself: all protos with their comments, as a google.protobuf.FileDescriptorSet.
//
// Threads: any. Lifetime: what is returned lives as long as the process.
#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/strings/string_view.h"

namespace rapport::edge {

// As clients and tools read it.
absl::string_view DescriptorSet();

// The same descriptors with comments; those of the generated classes have none.
const google::protobuf::DescriptorPool& CommentedPool();

}  // namespace rapport::edge
