// `rapport token new`: a new token, and the line of the file of tokens that lets it in.
//
// Threads: one. Errors: INVALID_ARGUMENT for words that the file would not take.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace rapport::operations {

struct TokenNew {
  std::string name;
  // Joined with commas.
  std::string roles;
  std::string sources;
  int days = 365;
};

// Prints the token, which is kept nowhere, and its line.
absl::Status MakeToken(const TokenNew& order);

}  // namespace rapport::operations
