// A file of tokens that lets one analyst in, by a token that is his name.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "consumers/edge/token_file.h"

namespace rapport::edge {

inline TokenFile AnalystToken(const std::string& name) {
  return TokenFile::Parse(
             absl::StrCat("token name=", name, " roles=analyst sha256=", TokenHash(name), "\n"),
             "tokens")
      .value();
}

}  // namespace rapport::edge
