// Errors as the HTTP door tells them.
//
//   HttpAnswer answer = ErrorAnswer(status);
//   404 {"code":5,"message":"...","details":[{"@type":".../rapport.v1.ErrorInfo","reason":...}]}
//
// Fields are named as JSON has them. The status follows the code, but for a few reasons that HTTP
// has a number of its own for. Where waiting helps, Retry-After says how long.
//
// Threads: all functions are pure.
#pragma once

#include "absl/status/status.h"
#include "consumers/edge/http_message.h"

namespace rapport::edge {

int HttpStatusOf(const absl::Status& status);

HttpAnswer ErrorAnswer(const absl::Status& status);

// The same as Connect has it: the code by name, details as base64.
HttpAnswer ConnectErrorAnswer(const absl::Status& status);

}  // namespace rapport::edge
