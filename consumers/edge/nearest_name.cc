#include "consumers/edge/nearest_name.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace rapport::edge {
namespace {

constexpr size_t kShownBytesMax = 64;

// Letters to be added, removed or replaced to make `b` of `a`.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string NearestName(absl::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > kShownBytesMax) return "";
  const std::string wanted = absl::AsciiStrToLower(name);
  std::string nearest;
  // A third of the letters may be wrong.
  size_t least = std::max<size_t>(wanted.size() / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(wanted, absl::AsciiStrToLower(candidate));
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string ShownName(absl::string_view name) {
  if (name.size() <= kShownBytesMax) return absl::CHexEscape(name);
  return absl::CHexEscape(name.substr(0, kShownBytesMax)) + "...";
}

}  // namespace rapport::edge
