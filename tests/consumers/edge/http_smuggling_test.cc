// Requests that two readers might cut differently: each is refused and its connection closed, and
// nothing of it is done.

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consumers/edge/http_door.h"
#include "tests/consumers/edge/http_kit.h"
#include "tests/consumers/edge/raw_http.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

struct Smuggled {
  std::string name;
  std::string bytes;
};

// A second request, which must never be answered.
constexpr absl::string_view kHidden =
    "GET /v1/customers/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string Head(absl::string_view fields, absl::string_view version = "HTTP/1.1") {
  return absl::StrCat("POST /v1/customers:resolve ", version,
                      "\r\nHost: localhost\r\nContent-Type: application/json\r\n", fields, "\r\n");
}

std::string Chunked(absl::string_view chunks) {
  return absl::StrCat(Head("Transfer-Encoding: chunked\r\n"), chunks, kHidden);
}

std::vector<Smuggled> Forms() {
  const std::string tail = absl::StrCat("2\r\n{}\r\n0\r\n\r\n", kHidden);
  const std::string body = absl::StrCat("{}", kHidden);
  return {
      {"LengthAndChunked", Head("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n") + tail},
      {"ChunkedAndLength", Head("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n") + tail},
      {"TwoLengths", Head("Content-Length: 2\r\nContent-Length: 40\r\n") + body},
      {"TwoLengthsAlike", Head("Content-Length: 2\r\nContent-Length: 2\r\n") + body},
      {"LengthList", Head("Content-Length: 2, 2\r\n") + body},
      {"LengthWithPlus", Head("Content-Length: +2\r\n") + body},
      {"LengthNegative", Head("Content-Length: -2\r\n") + body},
      {"LengthHexadecimal", Head("Content-Length: 0x2\r\n") + body},
      {"LengthWithPoint", Head("Content-Length: 2.0\r\n") + body},
      {"LengthWithBlank", Head("Content-Length: 2 0\r\n") + body},
      {"LengthEmpty", Head("Content-Length:\r\n") + body},
      {"LengthBeyondNumbers", Head("Content-Length: 18446744073709551618\r\n") + body},
      {"LengthInWords", Head("Content-Length: two\r\n") + body},
      {"TwoChunked", Head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + tail},
      {"ChunkedThenIdentity",
       Head("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") + tail},
      {"ChunkedInList", Head("Transfer-Encoding: gzip, chunked\r\n") + tail},
      {"ChunkedNotLast", Head("Transfer-Encoding: chunked, identity\r\n") + tail},
      {"EncodingIdentity", Head("Transfer-Encoding: identity\r\n") + tail},
      {"EncodingMisspelt", Head("Transfer-Encoding: xchunked\r\n") + tail},
      {"EncodingQuoted", Head("Transfer-Encoding: \"chunked\"\r\n") + tail},
      {"EncodingInCapitals", Head("Transfer-Encoding: CHUNKED\r\n") + tail},
      {"EncodingWithVerticalTab", Head("Transfer-Encoding: \x0b chunked\r\n") + tail},
      {"EncodingBlankBeforeColon", Head("Transfer-Encoding : chunked\r\n") + tail},
      {"LengthBlankBeforeColon", Head("Content-Length : 2\r\n") + body},
      {"LengthTabBeforeColon", Head("Content-Length\t: 2\r\n") + body},
      {"EncodingFolded", Head("Transfer-Encoding:\r\n chunked\r\n") + tail},
      {"FieldFolded", Head("X: a\r\n Content-Length: 2\r\n") + body},
      {"EncodingWithUnderscore", Head("Transfer_Encoding: chunked\r\n") + tail},
      {"EncodingOfOldVersion", Head("Transfer-Encoding: chunked\r\n", "HTTP/1.0") + tail},
      {"LineFeedAlone",
       "POST /v1/customers:resolve HTTP/1.1\nHost: localhost\n"
       "Content-Length: 2\n\n" +
           body},
      {"LineFeedAloneInField", Head("X: a\nTransfer-Encoding: chunked\r\n") + tail},
      {"CarriageReturnAlone", Head("X: a\rTransfer-Encoding: chunked\r\n") + tail},
      {"NulInValue", Head(absl::string_view("X: a\0b\r\nContent-Length: 2\r\n", 27)) + body},
      {"NameWithBlank", Head("Content Length: 2\r\n") + body},
      {"NoColon", Head("Content-Length 2\r\n") + body},
      {"EmptyName", Head(": 2\r\n") + body},
      {"TwoHosts", Head("Host: elsewhere\r\nContent-Length: 2\r\n") + body},
      {"NoHost", absl::StrCat("GET /v1/customers/ana HTTP/1.1\r\n\r\n", kHidden)},
      {"EmptyLineFirst", absl::StrCat("\r\n", Get("/v1/customers/ana"), kHidden)},
      {"WholeUri", absl::StrCat("GET http://localhost/v1/customers/ana HTTP/1.1\r\n"
                                "Host: localhost\r\n\r\n",
                                kHidden)},
      {"BlankInTarget",
       absl::StrCat("GET /v1/customers/a na HTTP/1.1\r\nHost: localhost\r\n\r\n", kHidden)},
      {"NoVersion", absl::StrCat("GET /v1/customers/ana\r\n\r\n", kHidden)},
      {"OtherVersion", absl::StrCat("GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", kHidden)},
      {"NextProtocol", absl::StrCat("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", kHidden)},
      {"ChunkSizeNegative", Chunked("-2\r\n{}\r\n0\r\n\r\n")},
      {"ChunkSizeWithPrefix", Chunked("0x2\r\n{}\r\n0\r\n\r\n")},
      {"ChunkSizeEmpty", Chunked("\r\n{}\r\n0\r\n\r\n")},
      {"ChunkSizeBeyondNumbers", Chunked("10000000000000002\r\n{}\r\n0\r\n\r\n")},
      {"ChunkSizeOtherLineEnd", Chunked("2\n{}\n0\n\n")},
      {"ChunkLongerThanItsSize", Chunked("1\r\n{}\r\n0\r\n\r\n")},
      {"ChunkWithoutLineEnd", Chunked("2\r\n{}0\r\n\r\n")},
  };
}

class HttpSmugglingTest : public testing::TestWithParam<Smuggled> {
 protected:
  HttpSmugglingTest() {
    Register(&service_, table_);
    dispatcher_ = std::make_unique<Dispatcher>(&table_, &gate_);
    auto door = HttpDoor::Open({.address = "127.0.0.1:0"}, dispatcher_.get(), {});
    EXPECT_OK(door);
    door_ = *std::move(door);
  }
  ~HttpSmugglingTest() override { door_->Close(); }

  RecordingService service_;
  MethodTable table_;
  OpenGate gate_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<HttpDoor> door_;
};

TEST_P(HttpSmugglingTest, IsRefusedAndTheConnectionClosed) {
  RawHttp client(door_->port());
  client.Write(GetParam().bytes);
  const RawHttp::Answer answer = client.ReadAnswer();
  EXPECT_EQ(answer.status, 400) << answer.head;
  EXPECT_THAT(answer.head, testing::HasSubstr("Connection: close"));
  EXPECT_THAT(answer.body, testing::HasSubstr("PAYLOAD_MALFORMED"));
  client.EndWriting();
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(service_.calls(), 0) << service_.asked();
}

INSTANTIATE_TEST_SUITE_P(Forms, HttpSmugglingTest, testing::ValuesIn(Forms()),
                         [](const auto& info) { return info.param.name; });

TEST(HttpSmugglingFormsTest, AreFortyOrMore) { EXPECT_GE(Forms().size(), 40u); }

}  // namespace
}  // namespace rapport::edge
