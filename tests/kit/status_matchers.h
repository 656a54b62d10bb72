// IsOk and StatusIs for gmock, shaped like Abseil's, which Debian 12 does not have
// yet.
#pragma once

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rapport::kit {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).ok();
}

// The code, and a piece of the message.
MATCHER_P2(StatusIs, code, text, "has the code and text") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).code() == code &&
         std::string(StatusOf(arg).message()).find(text) != std::string::npos;
}

}  // namespace rapport::kit

#define ASSERT_OK(expression) ASSERT_THAT((expression), ::rapport::kit::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT((expression), ::rapport::kit::IsOk())
