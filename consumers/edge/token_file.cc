#include "consumers/edge/token_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "consumers/edge/nearest_name.h"
#include "engine/base/hash.h"
#include "engine/base/secret_file.h"
#include "engine/base/sha256.h"
#include "engine/base/status_macros.h"
#include "engine/event/secret.h"

namespace rapport::edge {
namespace {

// Of every token, so that it is recognised where it should not be.
constexpr char kTokenPrefix[] = "rapport_";

constexpr size_t kGrantsMax = 1024;
constexpr size_t kNameBytesMax = 64;
constexpr size_t kTokenBytesMax = 256;
constexpr size_t kBucketBytes = 8;
constexpr size_t kHashDigits = 64;

const std::vector<std::string>& RoleNames() {
  static const auto* const names = new std::vector<std::string>{
      "publisher", "reader", "revealer", "worker", "analyst", "operator", "eraser"};
  return *names;
}

std::string DidYouMean(absl::string_view word, const std::vector<std::string>& known) {
  const std::string nearest = NearestName(word, known);
  return nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?");
}

bool IsName(absl::string_view text) {
  if (text.empty() || text.size() > kNameBytesMax) return false;
  for (const char c : text) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c)) || c == ',' || c == '=') return false;
  }
  return true;
}

bool ParseMoment(absl::string_view text, absl::Time& moment) {
  std::string why;
  return absl::ParseTime(absl::RFC3339_full, text, &moment, &why) ||
         absl::ParseTime("%Y-%m-%d", text, &moment, &why);
}

}  // namespace

// One line, its words taken apart.
class TokenFile::Line {
 public:
  Line(absl::string_view path, int number) : at_(absl::StrCat(path, ":", number, ": ")) {}

  absl::Status Parse(absl::string_view text) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(text, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    kind = std::string(words[0]);
    if (absl::StartsWith(kind, kTokenPrefix)) {
      // What is shown stands in journals.
      return Wrong(
          "is a token itself; only the line that begins with token name= belongs here, and "
          "the token to who calls");
    }
    if (kind != "token" && kind != "certificate") {
      return Wrong(absl::StrCat("begins with ", ShownName(kind),
                                DidYouMean(kind, {"token", "certificate"}),
                                "; write token or "
                                "certificate, then NAME=VALUE words"));
    }
    for (size_t i = 1; i < words.size(); ++i) {
      const std::pair<absl::string_view, absl::string_view> word =
          absl::StrSplit(words[i], absl::MaxSplits('=', 1));
      if (!seen_.insert(std::string(word.first)).second) {
        return Wrong(absl::StrCat("says ", ShownName(word.first), " twice"));
      }
      RETURN_IF_ERROR(Take(word.first, word.second));
    }
    return CheckWhole();
  }

  absl::Status Wrong(absl::string_view why) const {
    return absl::InvalidArgumentError(absl::StrCat(at_, why));
  }

  std::string kind;
  Grant grant;
  // 32 bytes.
  std::string hash;

 private:
  absl::Status Take(absl::string_view key, absl::string_view value) {
    if (key == "name") {
      grant.name = std::string(value);
      return IsName(value) ? absl::OkStatus()
                           : Wrong("name must be 1 to 64 visible letters without , and =");
    }
    if (key == "roles") return TakeRoles(value);
    if (key == "sources") {
      grant.sources = absl::StrSplit(value, ',', absl::SkipEmpty());
      const bool ok = std::all_of(grant.sources.begin(), grant.sources.end(),
                                  [](const std::string& source) { return IsName(source); });
      return ok ? absl::OkStatus() : Wrong("sources must be names joined with commas");
    }
    if (key == "expires") {
      return ParseMoment(value, grant.expires)
                 ? absl::OkStatus()
                 : Wrong("expires must be a day such as 2027-01-01, or an RFC 3339 moment");
    }
    if (key == "sha256" && kind == "token") return TakeHash(value);
    std::vector<std::string> known = {"name", "roles", "sources", "expires"};
    if (kind == "token") known.push_back("sha256");
    return Wrong(absl::StrCat("a ", kind, " has no ", ShownName(key), DidYouMean(key, known)));
  }

  absl::Status TakeRoles(absl::string_view value) {
    for (const absl::string_view name : absl::StrSplit(value, ',', absl::SkipEmpty())) {
      const std::optional<Role> role = RoleFromName(name);
      if (!role.has_value() || role == Role::kAny) {
        return Wrong(
            absl::StrCat("there is no role ", ShownName(name), DidYouMean(name, RoleNames())));
      }
      grant.roles.Add(*role);
    }
    return absl::OkStatus();
  }

  absl::Status TakeHash(absl::string_view value) {
    const bool ok = value.size() == kHashDigits &&
                    std::all_of(value.begin(), value.end(),
                                [](unsigned char c) { return absl::ascii_isxdigit(c); });
    if (!ok) return Wrong("sha256 must be the 64 hexadecimal digits that rapport token new prints");
    hash = absl::HexStringToBytes(value);
    return absl::OkStatus();
  }

  absl::Status CheckWhole() const {
    if (!seen_.contains("name") || grant.roles.ToString().empty()) {
      return Wrong("needs name= and roles=");
    }
    if (kind == "token" && hash.empty()) return Wrong("needs sha256=, as rapport token new prints");
    if (grant.roles.Cover(Role::kPublisher) && grant.sources.empty()) {
      return Wrong("a publisher needs sources=, the names it may publish as, or * for any");
    }
    return absl::OkStatus();
  }

  const std::string at_;
  std::set<std::string> seen_;
};

absl::StatusOr<TokenFile> TokenFile::Read(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadSecretFile("tokens", path));
  return Parse(text, path);
}

absl::StatusOr<TokenFile> TokenFile::Parse(absl::string_view text, absl::string_view path) {
  TokenFile file;
  int number = 0;
  for (const absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view words = absl::StripAsciiWhitespace(raw);
    if (words.empty() || words.front() == '#') continue;
    Line line(path, number);
    RETURN_IF_ERROR(line.Parse(words));
    RETURN_IF_ERROR(file.Add(line));
  }
  return file;
}

absl::Status TokenFile::Add(const Line& line) {
  if (tokens_.size() + certificates_.size() == kGrantsMax) {
    return line.Wrong("holds more than 1,024 tokens and certificates");
  }
  if (line.kind == "certificate") {
    return certificates_.try_emplace(line.grant.name, line.grant).second
               ? absl::OkStatus()
               : line.Wrong("names a certificate that stands above already");
  }
  const std::string bucket = line.hash.substr(0, kBucketBytes);
  const auto [begin, end] = tokens_.equal_range(bucket);
  for (auto token = begin; token != end; ++token) {
    if (token->second.hash == line.hash) return line.Wrong("has the hash of a line above");
  }
  tokens_.insert({bucket, {line.hash, line.grant}});
  return absl::OkStatus();
}

const Grant* TokenFile::FindToken(absl::string_view token) const {
  if (token.empty() || token.size() > kTokenBytesMax) return nullptr;
  const std::string hash = Sha256(token);
  const auto [begin, end] = tokens_.equal_range(absl::string_view(hash).substr(0, kBucketBytes));
  for (auto entry = begin; entry != end; ++entry) {
    if (EqualInConstantTime(entry->second.hash, hash)) return &entry->second.grant;
  }
  return nullptr;
}

const Grant* TokenFile::FindCertificate(absl::string_view name) const {
  const auto found = certificates_.find(name);
  return found == certificates_.end() ? nullptr : &found->second;
}

std::string NewToken() { return absl::StrCat(kTokenPrefix, Hex(event::Secret::Random().bytes())); }

std::string TokenHash(absl::string_view token) { return Hex(Sha256(token)); }

}  // namespace rapport::edge
