// The head of a request: whether it can be read in one way only, and what it says.
//
//   RETURN_IF_ERROR(CheckHttpHead(raw));          // the bytes up to and with the empty line
//   parser.put(boost::asio::buffer(raw), error);  // the one parser
//
// A proxy in front that reads a head otherwise than we do lets a caller smuggle a second request
// past it. So nothing is guessed or mended: a head that is not written in the plainest form is
// refused, and the connection closed.
//
// Threads: pure. Errors: INVALID_ARGUMENT (PAYLOAD_MALFORMED).
// Never:   repeats what stands in the head.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rapport::edge {

inline constexpr size_t kHttpHeadBytesMax = 16 << 10;
inline constexpr size_t kHttpBodyBytesMax = 1 << 20;

// Where the head ends, behind its empty line; npos when that has not come yet. Looks from `from`
// on, which must not lie behind the last three bytes of what was looked at before.
size_t FindHeadEnd(absl::string_view bytes, size_t from);

absl::Status CheckHttpHead(absl::string_view head);

}  // namespace rapport::edge
