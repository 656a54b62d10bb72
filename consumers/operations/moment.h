// Moments as they are typed: `2026-01-31`, `2026-01-31T09:30:00Z`, or `90d` and `12h` from now.
//
// Threads: any. Errors: INVALID_ARGUMENT says what is understood.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/base/status_macros.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::operations {

int64_t NowMicros();
// On a day before today.
bool IsPast(int64_t at_us);

// The moment a question is about; a span is so long ago, empty is now. `flag` is named in the
// message.
absl::StatusOr<v1::Viewpoint> ViewpointOf(const std::string& as_of, const std::string& known_at,
                                          absl::string_view flag = "--as-of");

// A moment, or a span from `now_us` on; `flag` is named in the message.
absl::StatusOr<int64_t> MomentAfter(absl::string_view flag, const std::string& text,
                                    int64_t now_us);

// A moment, or a span before `now_us`.
absl::StatusOr<int64_t> MomentBefore(absl::string_view flag, const std::string& text,
                                     int64_t now_us);
// The same, of a bare day its end: what happened on that day has happened by then.
absl::StatusOr<int64_t> MomentThrough(absl::string_view flag, const std::string& text,
                                      int64_t now_us);
// Asks for what happened from one such moment on and before another, as far as they are given.
template <typename Request>
absl::Status SetSpan(const std::string& from, const std::string& to, Request& request) {
  const int64_t now_us = NowMicros();
  if (!from.empty()) {
    ASSIGN_OR_RETURN(const int64_t from_us, MomentBefore("--from", from, now_us));
    request.set_from_us(from_us);
  }
  if (!to.empty()) {
    ASSIGN_OR_RETURN(const int64_t to_us, MomentBefore("--to", to, now_us));
    request.set_to_us(to_us);
  }
  return absl::OkStatus();
}
// `7d`, `12h`, `30m` or `20s`, in microseconds.
absl::StatusOr<int64_t> SpanOf(absl::string_view flag, const std::string& text);

}  // namespace rapport::operations
