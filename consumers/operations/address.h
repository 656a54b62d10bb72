// Addresses of servers as they are typed: `127.0.0.1:8471`, `localhost:8471`, `[::1]:8471`,
// `unix:/run/rapport`.
//
//   RETURN_IF_ERROR(CheckAddress("--server", text));
//   RETURN_IF_ERROR(CheckListenAddress("--grpc", text));   // port 0 takes a free one
//   AwaitListener(text, absl::Seconds(3));
//
// Threads: any. Errors: INVALID_ARGUMENT for what is no address, or others can reach;
// UNAVAILABLE (PORT_IN_USE) when another program listens there.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rapport::operations {

// `flag` is named in the message.
absl::Status CheckAddress(absl::string_view flag, const std::string& address);

// Only this machine can reach it, or `is_guarded`: by TLS, clients' certificates and tokens.
absl::Status CheckReach(const std::string& address, bool is_guarded);
bool IsLoopbackAddress(const std::string& address);

// All of these, and nobody listens there now.
absl::Status CheckListenAddress(absl::string_view flag, const std::string& address,
                                bool is_guarded = false);

// Where a server that listens on `address` is reached, `port` being the one it was given.
std::string ReachedAt(const std::string& address, int port);

// Waits while connections to a port of this machine are refused, as they are when its server is
// just coming up. Returns at once for other addresses and for any other answer.
void AwaitListener(const std::string& address, absl::Duration at_most);

}  // namespace rapport::operations
