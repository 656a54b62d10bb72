#include "consumers/edge/http_head.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;

TEST(HttpHeadTest, FindsTheEmptyLineHoweverLinesEnd) {
  EXPECT_EQ(FindHeadEnd("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest", 0), 27u);
  EXPECT_EQ(FindHeadEnd("GET / HTTP/1.1\n\nrest", 0), 16u);
  EXPECT_EQ(FindHeadEnd("GET / HTTP/1.1\r\nHost: a\r\n\r", 0), absl::string_view::npos);
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (size_t seen = 0; seen < head.size(); ++seen) {
    const size_t from = seen < 3 ? 0 : seen - 3;
    EXPECT_EQ(FindHeadEnd(absl::string_view(head).substr(0, seen), from), absl::string_view::npos);
    EXPECT_EQ(FindHeadEnd(head, from), head.size()) << seen;
  }
}

TEST(HttpHeadTest, TakesPlainHeads) {
  EXPECT_OK(CheckHttpHead("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_OK(CheckHttpHead("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_OK(CheckHttpHead("POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"));
  EXPECT_OK(CheckHttpHead("POST /x?a=b HTTP/1.1\r\nHOST:a\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_OK(CheckHttpHead("OPTIONS * HTTP/1.1\r\nHost: a\r\nX: caf\xc3\xa9\t;\r\nY:\r\n\r\n"));
}

TEST(HttpHeadTest, RefusesMoreThanOneHundredFields) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 99; ++i) absl::StrAppend(&head, "X: ", i, "\r\n");
  EXPECT_OK(CheckHttpHead(head + "\r\n"));
  EXPECT_THAT(CheckHttpHead(head + "Y: 1\r\n\r\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "PAYLOAD_MALFORMED"));
}

TEST(HttpHeadTest, NeverRepeatsWhatStandsThere) {
  EXPECT_THAT(CheckHttpHead("GET /ana HTTP/1.1\r\nHost: a\r\nsecret\r\n\r\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "PAYLOAD_MALFORMED: the head of the request has a line that is no header "
                       "field"));
}

}  // namespace
}  // namespace rapport::edge
