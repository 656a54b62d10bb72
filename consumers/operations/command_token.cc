#include "consumers/operations/command_token.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "consumers/edge/token_file.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

absl::Status MakeToken(const TokenNew& order) {
  const std::string token = edge::NewToken();
  const std::string expires =
      absl::FormatTime("%Y-%m-%d", absl::Now() + absl::Hours(24) * order.days, absl::UTCTimeZone());
  const std::string line =
      absl::StrCat("token name=", order.name, " roles=", order.roles,
                   order.sources.empty() ? "" : absl::StrCat(" sources=", order.sources),
                   " expires=", expires, " sha256=", edge::TokenHash(token));
  const absl::Status fits = edge::TokenFile::Parse(line, "token").status();
  if (!fits.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("wrong usage: ", absl::StripPrefix(fits.message(), "token:1: ")));
  }
  std::printf("%s\n%s\n", token.c_str(), line.c_str());
  Talk(
      "the first line is the token: it is shown this once; the second belongs into the file that "
      "serve --tokens names");
  return absl::OkStatus();
}

}  // namespace rapport::operations
