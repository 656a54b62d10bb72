// Pages of a list: what every service checks alike.
//
// Threads: all functions are pure. Errors: INVALID_ARGUMENT, PAGE_TOKEN_INVALID or FIELD_INVALID.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::edge {

// Entries [begin, begin + size) of a list.
struct Page {
  size_t begin = 0;
  size_t size = 50;
  // The moment that the pages before were about; 0 on the first page, and where a list has none.
  int64_t as_of_us = 0;
  // The rules that the pages before were by; likewise empty. viewpoint.h compares them.
  std::string rules = "";
};

// Reads `page_size` (0 = 50, above 200 = 200) and `page_token` of a request. `query` is the request
// with both left empty: a token of another query is refused.
absl::StatusOr<Page> PageOf(int page_size, const std::string& page_token,
                            const google::protobuf::Message& query);

// The token of the page after `page`, empty when `total` entries end there. All pages of a list are
// about the moment of the first, and by its rules, which the token carries.
std::string NextPageToken(const Page& page, size_t total, const google::protobuf::Message& query,
                          int64_t as_of_us = 0, absl::string_view rules = "");

// `viewpoint`, with the moment of the pages before when it names none.
v1::Viewpoint OfPage(v1::Viewpoint viewpoint, const Page& page);

}  // namespace rapport::edge
