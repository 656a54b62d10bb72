#include "consumers/edge/page.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "engine/base/hash.h"

namespace rapport::edge {
namespace {

constexpr int kPageDefault = 50;
constexpr int kPageMax = 200;

std::string Token(const Page& page, const google::protobuf::Message& query) {
  return absl::StrFormat("%08x%x.%x%s%s", Crc32c(0, query.SerializeAsString()), page.begin,
                         page.as_of_us, page.rules.empty() ? "" : ".", page.rules);
}

// Reads back what Token has written, not whether it belongs to the query.
bool ReadToken(absl::string_view token, Page& page) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  uint64_t begin = 0, as_of = 0;
  if (parts.size() < 2 || parts.size() > 3 || parts[0].size() < 9 ||
      !absl::SimpleHexAtoi(parts[0].substr(8), &begin) || !absl::SimpleHexAtoi(parts[1], &as_of)) {
    return false;
  }
  page.begin = begin;
  page.as_of_us = static_cast<int64_t>(as_of);
  if (parts.size() == 3) page.rules = std::string(parts[2]);
  return true;
}

}  // namespace

absl::StatusOr<Page> PageOf(int page_size, const std::string& page_token,
                            const google::protobuf::Message& query) {
  if (page_size < 0) {
    return absl::InvalidArgumentError("FIELD_INVALID: page_size: must not be negative");
  }
  Page page;
  page.size = static_cast<size_t>(page_size == 0 ? kPageDefault : std::min(page_size, kPageMax));
  if (page_token.empty()) return page;
  if (!ReadToken(page_token, page) || Token(page, query) != page_token) {
    return absl::InvalidArgumentError(
        "PAGE_TOKEN_INVALID: page_token: does not belong to this query; begin without one");
  }
  return page;
}

std::string NextPageToken(const Page& page, size_t total, const google::protobuf::Message& query,
                          int64_t as_of_us, absl::string_view rules) {
  const size_t next = page.begin + page.size;
  if (next >= total) return "";
  return Token({next, page.size, as_of_us, std::string(rules)}, query);
}

v1::Viewpoint OfPage(v1::Viewpoint viewpoint, const Page& page) {
  if (page.as_of_us != 0 && !viewpoint.has_as_of_us()) viewpoint.set_as_of_us(page.as_of_us);
  return viewpoint;
}

}  // namespace rapport::edge
