#include "consumers/edge/page.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"

namespace rapport::edge {
namespace {

constexpr int kPageDefault = 50;
constexpr int kPageMax = 200;
constexpr int64_t kHoldsMicros = kMicrosPerHour;

// What a token is bound to: of two requests that look alike on the wire only one may be meant.
std::string Bound(const google::protobuf::Message& query) {
  return absl::StrCat(query.GetDescriptor()->full_name(), "/", query.SerializeAsString());
}

// What a token seals, and back.
std::string ToText(const Page& page, int64_t made_us) {
  return absl::StrFormat("%x.%x.%x.%s.%s", made_us, page.begin, page.as_of_us, page.rules,
                         page.after);
}

bool ReadText(absl::string_view text, Page& page, int64_t& made_us) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('.', 4));
  uint64_t made = 0, begin = 0, as_of = 0;
  if (parts.size() != 5 || !absl::SimpleHexAtoi(parts[0], &made) ||
      !absl::SimpleHexAtoi(parts[1], &begin) || !absl::SimpleHexAtoi(parts[2], &as_of)) {
    return false;
  }
  made_us = static_cast<int64_t>(made);
  page.begin = begin;
  page.as_of_us = static_cast<int64_t>(as_of);
  page.rules = std::string(parts[3]);
  page.after = std::string(parts[4]);
  return true;
}

absl::Status Refuse(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("PAGE_TOKEN_INVALID: page_token: ", why, "; begin without one"));
}

}  // namespace

absl::StatusOr<Page> PageTokens::Read(int page_size, const std::string& page_token,
                                      const google::protobuf::Message& query) const {
  if (page_size < 0) {
    return absl::InvalidArgumentError("FIELD_INVALID: page_size: must not be negative");
  }
  Page page;
  page.size = static_cast<size_t>(page_size == 0 ? kPageDefault : std::min(page_size, kPageMax));
  if (page_token.empty()) return page;
  std::string box;
  std::optional<std::string> text;
  // Of the spellings of base64 that are taken for the same bytes, ours alone is a token.
  if (absl::WebSafeBase64Unescape(page_token, &box) &&
      absl::WebSafeBase64Escape(box) == page_token) {
    text = secret_.Open(Bound(query), box);
  }
  int64_t made_us = 0;
  if (!text.has_value() || !ReadText(*text, page, made_us)) {
    return Refuse("does not belong to this query, or is from before the server's last start");
  }
  // Behind a clock that was set back by more than an hour nobody knows how old it is.
  const int64_t age_us = clock_->NowMicros() - made_us;
  if (age_us > kHoldsMicros || age_us < -kHoldsMicros) return Refuse("is older than an hour");
  return page;
}

std::string PageTokens::Seal(const Page& page, const google::protobuf::Message& query) const {
  return absl::WebSafeBase64Escape(secret_.Seal(Bound(query), ToText(page, clock_->NowMicros())));
}

std::string PageTokens::Next(const Page& page, size_t total, const google::protobuf::Message& query,
                             int64_t as_of_us, absl::string_view rules) const {
  const size_t next = page.begin + page.size;
  if (next >= total) return "";
  return Seal({next, page.size, as_of_us, std::string(rules), ""}, query);
}

std::string PageTokens::NextAfter(const Page& page, absl::string_view place,
                                  const google::protobuf::Message& query, int64_t as_of_us,
                                  absl::string_view rules) const {
  if (place.empty()) return "";
  return Seal({page.begin + page.size, page.size, as_of_us, std::string(rules), std::string(place)},
              query);
}

v1::Viewpoint OfPage(v1::Viewpoint viewpoint, const Page& page) {
  if (page.as_of_us != 0 && !viewpoint.has_as_of_us()) viewpoint.set_as_of_us(page.as_of_us);
  return viewpoint;
}

}  // namespace rapport::edge
