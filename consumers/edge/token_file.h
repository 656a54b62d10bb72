// TokenFile: who may call, one a line. Of a token only its hash stands there.
//
//   # comment
//   token name=shop roles=publisher sources=shop,web expires=2027-01-01 sha256=9f86d0...
//   certificate name=crm.example.org roles=reader,worker
//
// `name` stands in the audit and on events, up to 64 visible letters. Who is a publisher needs
// `sources`; `*` is all but those that begin with `rapport/`, which must be named. Without
// `expires`, a day or an RFC 3339 moment in UTC, it holds for ever. What is changed counts within
// some seconds (token_follower.h); a stream ends with the token that let it in. A certificate is
// that of a client whose name (subject alternative, else common name) is `name`, verified through
// --client-ca. Two tokens may have one name, so that the old one holds until the new one is in use.
//
// Threads: values that do not change.
// Errors:  INVALID_ARGUMENT with file and line, those of ReadSecretFile.
// Limits:  1 MiB, 1,024 lines that say something.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "consumers/edge/role.h"

namespace rapport::edge {

// What a line grants.
struct Grant {
  std::string name;
  RoleSet roles;
  std::vector<std::string> sources;
  absl::Time expires = absl::InfiniteFuture();
};

class TokenFile {
 public:
  // Its mode must be 0600.
  static absl::StatusOr<TokenFile> Read(const std::string& path);
  // `path` is for messages.
  static absl::StatusOr<TokenFile> Parse(absl::string_view text, absl::string_view path);

  // Whether it grants nothing to anybody.
  bool empty() const { return tokens_.empty() && certificates_.empty(); }
  // Null when there is no such token; one that has expired is found.
  const Grant* FindToken(absl::string_view token) const;
  const Grant* FindCertificate(absl::string_view name) const;

 private:
  struct Token {
    std::string hash;
    Grant grant;
  };
  class Line;
  absl::Status Add(const Line& line);

  // By the first bytes of the hash, which say nothing about a token.
  std::multimap<std::string, Token, std::less<>> tokens_;
  std::map<std::string, Grant, std::less<>> certificates_;
};

// 256 random bits, recognisable in files where they should not be: `rapport_` and 64 digits.
std::string NewToken();
// 64 hexadecimal digits, as a line of the file has them.
std::string TokenHash(absl::string_view token);

}  // namespace rapport::edge
