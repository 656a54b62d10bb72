#include "consumers/edge/json_mask.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace rapport::edge {
namespace {

// `nextChangeAtUs` -> `next_change_at_us`, behind what `path` holds.
bool AddName(absl::string_view lower_camel, std::string& path) {
  if (lower_camel.empty() || !absl::ascii_islower(lower_camel[0])) return false;
  for (const char c : lower_camel) {
    if (!absl::ascii_isalnum(c)) return false;
    if (absl::ascii_isupper(c)) path += '_';
    path += absl::ascii_tolower(c);
  }
  return true;
}

}  // namespace

bool ReadMaskText(absl::string_view text, google::protobuf::FieldMask& mask) {
  if (text.empty()) return true;
  for (const absl::string_view one : absl::StrSplit(text, ',')) {
    std::string path;
    for (const absl::string_view name : absl::StrSplit(one, '.')) {
      if (!path.empty()) path += '.';
      if (!AddName(name, path)) return false;
    }
    mask.add_paths(std::move(path));
  }
  return true;
}

std::string MaskText(const google::protobuf::FieldMask& mask) {
  std::string text;
  for (const std::string& path : mask.paths()) {
    if (!text.empty()) text += ',';
    for (size_t i = 0; i < path.size(); ++i) {
      const bool joins = path[i] == '_' && i + 1 < path.size() && absl::ascii_islower(path[i + 1]);
      text += joins ? absl::ascii_toupper(path[++i]) : path[i];
    }
  }
  return text;
}

}  // namespace rapport::edge
