// What is said of a story that is wrong: a line that cannot be understood, or an answer that is not
// as the story has it.
//
// Threads: pure.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rapport::stories {

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

template <typename... Parts>
absl::Status Differs(const Parts&... parts) {
  return absl::FailedPreconditionError(absl::StrCat(parts...));
}

}  // namespace rapport::stories
