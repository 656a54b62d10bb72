// Pages of a list: what every service checks alike.
//
//   ASSIGN_OR_RETURN(Page page, tokens.Read(request.page_size(), request.page_token(), query));
//   response.set_next_page_token(tokens.Next(page, total, query));
//
// A token is sealed under a secret of these PageTokens: nobody reads, makes or changes one, and one
// of another query does not open. The secret is drawn when they are made and is kept nowhere, so
// there is no file of it to guard or lose; whoever pages while a server restarts begins anew.
//
// Threads: all methods from any thread. Ownership: borrows the clock.
// Errors:  INVALID_ARGUMENT, PAGE_TOKEN_INVALID or FIELD_INVALID.
// Limits:  a token holds for an hour.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/base/clock.h"
#include "engine/event/secret.h"
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
  // Where the pages before ended, in the list's own words; empty where entries are counted.
  std::string after = "";
};

class PageTokens {
 public:
  explicit PageTokens(const Clock* clock) : clock_(clock) {}

  // Reads `page_size` (0 = 50, above 200 = 200) and `page_token` of a request. `query` is the
  // request with both left empty: a token of another query is refused.
  absl::StatusOr<Page> Read(int page_size, const std::string& page_token,
                            const google::protobuf::Message& query) const;

  // The token of the page after `page`, empty when `total` entries end there. All pages of a list
  // are about the moment of the first, and by its rules, which the token carries.
  std::string Next(const Page& page, size_t total, const google::protobuf::Message& query,
                   int64_t as_of_us = 0, absl::string_view rules = "") const;

  // The same of a list whose pages go on behind a place: who comes or goes before it moves nobody
  // to another page. Empty when no place is given.
  std::string NextAfter(const Page& page, absl::string_view place,
                        const google::protobuf::Message& query, int64_t as_of_us,
                        absl::string_view rules) const;

 private:
  std::string Seal(const Page& page, const google::protobuf::Message& query) const;

  const Clock* const clock_;
  const event::Secret secret_ = event::Secret::Random();
};

// `viewpoint`, with the moment of the pages before when it names none.
v1::Viewpoint OfPage(v1::Viewpoint viewpoint, const Page& page);

}  // namespace rapport::edge
