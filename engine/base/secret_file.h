// Files that nobody but their owner may read: hashes of tokens, private keys, passwords.
//
// Threads: any.
// Errors:  NOT_FOUND; FAILED_PRECONDITION (FILE_EXPOSED) when others may read or write it, or it
//          is not this user's; INVALID_ARGUMENT (TOO_LARGE) beyond 1 MiB; UNAVAILABLE
//          (FILE_UNREADABLE) when reading fails.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rapport {

// `what` names the file in messages, such as `tokens`.
absl::StatusOr<std::string> ReadSecretFile(absl::string_view what, const std::string& path);

// The same of a file that everybody may read, such as a certificate.
absl::StatusOr<std::string> ReadOpenFile(absl::string_view what, const std::string& path);

}  // namespace rapport
