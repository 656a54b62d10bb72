#include "engine/model/position.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace rapport {
namespace {

// Reads a number of digits only.
template <typename Number>
bool ParseNumber(absl::string_view text, Number& number) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, &number);
}

// Reads `7c1e90ab.1`, or `p` for no identity.
bool ParseIdentity(absl::string_view text, LogIdentity& log) {
  if (text == "p") return true;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  return parts.size() == 2 && parts[0].size() == 8 &&
         std::all_of(parts[0].begin(), parts[0].end(), absl::ascii_isxdigit) &&
         absl::SimpleHexAtoi(parts[0], &log.id) && ParseNumber(parts[1], log.epoch) &&
         log.epoch > 0;
}

// A watch joins parts of its own, `t@`, `r@` and `s@` with letters, digits, `-` and `:`. They are
// passed over here, so that its places are positions, too.
bool IsOfWatch(absl::string_view text) {
  if (text.size() < 3 || text[1] != '@') return false;
  if (text[0] != 't' && text[0] != 'r' && text[0] != 's') return false;
  return std::all_of(text.begin() + 2, text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == ':';
  });
}

bool ParsePart(absl::string_view text, Position& position) {
  if (IsOfWatch(text)) return true;
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) return false;
  LogIdentity log;
  if (!ParseIdentity(text.substr(0, colon), log)) return false;
  if (position.log.epoch == 0) position.log = log;
  if (log.epoch != 0 && !(position.log == log)) return false;
  for (const absl::string_view item : absl::StrSplit(text.substr(colon + 1), ',')) {
    const size_t at = item.find('@');
    Partition partition = 0;
    Offset next = 0;
    if (at == absl::string_view::npos || !ParseNumber(item.substr(0, at), partition) ||
        !ParseNumber(item.substr(at + 1), next)) {
      return false;
    }
    Offset& greatest = position.next[partition];
    greatest = std::max(greatest, next);
  }
  return true;
}

}  // namespace

std::string LogIdentity::ToString() const { return absl::StrFormat("%08x.%d", id, epoch); }

std::string Position::ToString() const {
  if (next.empty()) return "";
  std::string out = log.epoch == 0 ? "p:" : absl::StrCat(log.ToString(), ":");
  const char* separator = "";
  for (const auto& [partition, offset] : next) {
    absl::StrAppend(&out, separator, partition, "@", offset);
    separator = ",";
  }
  return out;
}

absl::StatusOr<Position> Position::Parse(absl::string_view text) {
  Position position;
  if (text.empty()) return position;
  for (const absl::string_view part : absl::StrSplit(text, ';')) {
    if (!ParsePart(part, position)) {
      return absl::InvalidArgumentError(
          absl::StrCat("POSITION_MALFORMED: '", text,
                       "' is not a position; write 7c1e90ab.1:3@1043 as publish returned it"));
    }
  }
  return position;
}

}  // namespace rapport
