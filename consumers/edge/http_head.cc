#include "consumers/edge/http_head.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rapport::edge {
namespace {

constexpr size_t kFieldsMax = 100;
constexpr size_t kLengthDigitsMax = 10;

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("PAYLOAD_MALFORMED: the head of the request ", what));
}

bool IsTokenByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("!#$%&'*+-.^_`|~").find(c) != absl::string_view::npos;
}

bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenByte);
}

bool IsVisible(char c) { return c > 0x20 && c < 0x7F; }

// A header's value: visible bytes of any kind, blanks and tabs.
bool IsValueByte(char c) { return IsVisible(c) || c == ' ' || c == '\t' || c < 0; }

absl::Status CheckRequestLine(absl::string_view line, bool& is_version_11) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == absl::string_view::npos || first == last) {
    return Malformed("begins with no request line; write GET /path HTTP/1.1");
  }
  const absl::string_view target = line.substr(first + 1, last - first - 1);
  const absl::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Malformed("names another version than HTTP/1.1");
  }
  is_version_11 = version == "HTTP/1.1";
  if (!IsToken(line.substr(0, first))) return Malformed("has no verb such as GET");
  if ((!absl::StartsWith(target, "/") && target != "*") ||
      !std::all_of(target.begin(), target.end(), IsVisible) || absl::StrContains(target, '#')) {
    return Malformed("has a target that does not begin with / or holds other than visible ASCII");
  }
  return absl::OkStatus();
}

// The fields that say where the request ends, and whom it is meant for.
class Framing {
 public:
  absl::Status Add(absl::string_view name, absl::string_view value) {
    if (name == "content-length") {
      if (has_length_) return Malformed("has two Content-Length");
      has_length_ = true;
      if (value.empty() || value.size() > kLengthDigitsMax ||
          !std::all_of(value.begin(), value.end(), absl::ascii_isdigit)) {
        return Malformed("has a Content-Length that is no plain number");
      }
    } else if (name == "transfer-encoding") {
      if (is_chunked_) return Malformed("has two Transfer-Encoding");
      is_chunked_ = true;
      if (value != "chunked") return Malformed("has a Transfer-Encoding other than chunked");
    } else if (name == "host") {
      if (has_host_) return Malformed("has two Host");
      has_host_ = true;
    }
    return absl::OkStatus();
  }

  absl::Status CheckTogether(bool is_version_11) const {
    if (has_length_ && is_chunked_) {
      return Malformed("has both Content-Length and Transfer-Encoding");
    }
    if (is_chunked_ && !is_version_11) return Malformed("has a Transfer-Encoding in HTTP/1.0");
    if (!has_host_ && is_version_11) return Malformed("has no Host");
    return absl::OkStatus();
  }

 private:
  bool has_length_ = false;
  bool is_chunked_ = false;
  bool has_host_ = false;
};

absl::Status CheckField(absl::string_view line, Framing& framing) {
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos || !IsToken(line.substr(0, colon))) {
    return Malformed("has a line that is no header field");
  }
  const absl::string_view value = line.substr(colon + 1);
  if (!std::all_of(value.begin(), value.end(), IsValueByte)) {
    return Malformed("has a control character in a field");
  }
  const std::string name = absl::AsciiStrToLower(line.substr(0, colon));
  // Some read it as the field with a hyphen.
  if (name == "content_length" || name == "transfer_encoding") {
    return Malformed("has a field that is written almost as one that frames");
  }
  return framing.Add(name, absl::StripAsciiWhitespace(value));
}

}  // namespace

size_t FindHeadEnd(absl::string_view bytes, size_t from) {
  // A line may end without CR; that is refused afterwards, but it must not be waited for.
  for (size_t at = bytes.find('\n', from); at != absl::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    const absl::string_view rest = bytes.substr(at + 1);
    if (absl::StartsWith(rest, "\n")) return at + 2;
    if (absl::StartsWith(rest, "\r\n")) return at + 3;
  }
  return absl::string_view::npos;
}

absl::Status CheckHttpHead(absl::string_view head) {
  bool is_version_11 = false;
  Framing framing;
  size_t lines = 0;
  for (;; ++lines) {
    const size_t end = head.find('\n');
    if (end == absl::string_view::npos || end == 0 || head[end - 1] != '\r') {
      return Malformed("has a line that does not end with CR LF");
    }
    const absl::string_view line = head.substr(0, end - 1);
    head.remove_prefix(end + 1);
    if (line.empty()) break;
    if (absl::StrContains(line, '\r')) return Malformed("has a CR within a line");
    if (lines > kFieldsMax) return Malformed("has more than 100 fields");
    const absl::Status status =
        lines == 0 ? CheckRequestLine(line, is_version_11) : CheckField(line, framing);
    if (!status.ok()) return status;
  }
  if (lines == 0) return Malformed("begins with an empty line");
  if (!head.empty()) return Malformed("goes on behind its empty line");
  return framing.CheckTogether(is_version_11);
}

}  // namespace rapport::edge
