// Capsule files: protobuf text that a person can read and review, and a program reads back.
//
//   std::string text = CapsuleText(capsule);
//   ASSIGN_OR_RETURN(v1::Capsule capsule, ReadCapsuleText(text, "ana.capsule"));
//
// The same capsule gives the same text. What happened stands in clear in a comment above each
// record; comments are read by people alone.
//
// Threads: pure.
// Errors:  INVALID_ARGUMENT: CAPSULE_MALFORMED: file:line:column: what is wrong, or with the field;
//          those of CheckCapsule, with the file.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/capsule.pb.h"

namespace rapport::operations {

// By this ending a folder's capsules are found.
inline constexpr absl::string_view kCapsuleEnding = ".capsule";
inline constexpr size_t kCapsuleFileBytesMax = size_t{64} << 20;

std::string CapsuleText(const v1::Capsule& capsule);

// One that can be replayed. `file` is what errors call it.
absl::StatusOr<v1::Capsule> ReadCapsuleText(absl::string_view text, absl::string_view file);

}  // namespace rapport::operations
