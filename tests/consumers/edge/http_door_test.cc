#include "consumers/edge/http_door.h"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consumers/edge/token_file.h"
#include "tests/consumers/edge/analyst_token.h"
#include "tests/consumers/edge/http_kit.h"
#include "tests/consumers/edge/raw_http.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A moment that is long for a loopback and short for a test.
constexpr absl::Duration kShort = absl::Milliseconds(200);

class HttpDoorTest : public testing::Test {
 protected:
  HttpDoorTest() {
    Register(&service_, table_);
    dispatcher_ = std::make_unique<Dispatcher>(&table_, &gate_);
  }
  ~HttpDoorTest() override {
    if (door_ != nullptr) door_->Close();
  }

  int Open(const HttpLimits& limits = {}) {
    auto door = HttpDoor::Open({"127.0.0.1:0", limits}, dispatcher_.get(),
                               {{"/livez", nullptr, [](const HttpHead&) {
                                   return HttpAnswer{200, "text/plain", "ok\n", {}};
                                 }}});
    EXPECT_OK(door);
    door_ = *std::move(door);
    return door_->port();
  }

  // What one request on a connection of its own is answered.
  RawHttp::Answer Ask(const std::string& request) {
    if (door_ == nullptr) Open();
    RawHttp client(door_->port());
    client.Write(request);
    return client.ReadAnswer();
  }

  RecordingService service_;
  MethodTable table_;
  OpenGate gate_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<HttpDoor> door_;
};

TEST_F(HttpDoorTest, AnswersInJsonWithHeadersThatKeepItFromBeingMisread) {
  const auto answer = Ask(Get("/v1/customers/ana?minPosition=p%3A0@1&viewpoint.asOfUs=7"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"customerId\":\"ana\",\"profile\":{\"name\":\"xxxx\"}}\n");
  for (const char* header :
       {"Content-Type: application/json\r\n", "X-Content-Type-Options: nosniff\r\n",
        "Cache-Control: no-store\r\n", "Date: ", "Content-Security-Policy: default-src 'none'"}) {
    EXPECT_THAT(answer.head, HasSubstr(header));
  }
  EXPECT_EQ(service_.asked(),
            "customer_id: \"ana\" viewpoint { as_of_us: 7 } min_position: \"p:0@1\"");
}

TEST_F(HttpDoorTest, KeepsAConnectionForTheNextRequest) {
  RawHttp client(Open());
  for (int i = 0; i < 3; ++i) {
    client.Write(Get(absl::StrCat("/v1/customers/c", i)));
    EXPECT_THAT(client.ReadAnswer().body, HasSubstr(absl::StrCat("\"c", i, "\"")));
  }
  client.Write(Get("/v1/customers/a") + Post("/v1/customers:resolve", "{\"alias\":\"x\"}") +
               Get("/v1/customers/b", "Connection: close\r\n"));
  EXPECT_THAT(client.ReadAnswer().body, HasSubstr("\"a\""));
  EXPECT_EQ(client.ReadAnswer().body, "{}\n");
  const auto last = client.ReadAnswer();
  EXPECT_THAT(last.body, HasSubstr("\"b\""));
  EXPECT_THAT(last.head, HasSubstr("Connection: close"));
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpDoorTest, ReadsChunkedBodiesAndWaitsToBeTold) {
  RawHttp client(Open());
  client.Write(
      "POST /v1/customers:resolve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer().status, 100);
  client.Write("3\r\n{\"a\r\n9\r\nlias\":\"x\"\r\n1\r\n}\r\n0\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer().status, 200);
  EXPECT_EQ(service_.asked(), "alias: \"x\"");
}

TEST_F(HttpDoorTest, HeadAndOptionsSayWhatGetWould) {
  RawHttp client(Open());
  client.Write("HEAD /v1/customers/ana HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.ReadAnswer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_THAT(head.head, HasSubstr("Content-Length: 47"));
  client.Write("OPTIONS /v1/customers/ana HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto options = client.ReadAnswer();
  EXPECT_EQ(options.status, 204);
  EXPECT_THAT(options.head, HasSubstr("Allow: GET, HEAD, OPTIONS\r\n"));
  client.Write("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer(true).status, 200);
  client.Write(Get("/livez"));
  EXPECT_EQ(client.ReadAnswer().body, "ok\n");
}

TEST_F(HttpDoorTest, TellsErrorsInTheShapeOfTheContract) {
  const auto unknown = Ask(Get("/v1/customers/ana?minPostion=x"));
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.body,
            "{\"code\":3,\"message\":\"minPostion: unknown field; did you mean minPosition?\","
            "\"details\":[{\"@type\":\"type.googleapis.com/rapport.v1.ErrorInfo\","
            "\"reason\":\"FIELD_UNKNOWN\",\"domain\":\"rapport\"},"
            "{\"@type\":\"type.googleapis.com/rapport.v1.BadRequest\",\"fieldViolations\":"
            "[{\"field\":\"minPostion\",\"description\":\"unknown field; did you mean "
            "minPosition?\"}]}]}\n");
  service_.status = absl::ResourceExhaustedError("QUEUE_FULL: later");
  const auto full = Ask(Post("/v1/customers:resolve", "{}"));
  EXPECT_EQ(full.status, 429);
  EXPECT_THAT(full.head, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(full.body, HasSubstr("\"retryDelay\":\"0.200s\""));
  EXPECT_EQ(Ask(Get("/v1/nothing")).status, 404);
  const auto verb = Ask(Get("/v1/customers:resolve"));
  EXPECT_EQ(verb.status, 405);
  EXPECT_THAT(verb.head, HasSubstr("Allow: OPTIONS, POST\r\n"));
}

TEST_F(HttpDoorTest, RefusesBodiesThatAreNotWhatTheySay) {
  const auto post = [this](absl::string_view fields, absl::string_view body) {
    return Ask(absl::StrCat("POST /v1/customers:resolve HTTP/1.1\r\nHost: localhost\r\n", fields,
                            "Content-Length: ", body.size(), "\r\n\r\n", body));
  };
  EXPECT_EQ(post("Content-Type: text/plain\r\n", "{}").status, 415);
  EXPECT_EQ(post("", "").status, 415);
  EXPECT_EQ(post("Content-Type: application/json; charset=latin1\r\n", "{}").status, 415);
  EXPECT_EQ(post("Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "{}").status, 415);
  EXPECT_EQ(post("Content-Type: application/json\r\nExpect: magic\r\n", "{}").status, 417);
  EXPECT_EQ(post("Content-Type: application/json; charset=UTF-8\r\n", "").status, 200);
  EXPECT_EQ(post("Content-Type: application/json\r\n", "{\"alias\":1}").status, 400);
  EXPECT_EQ(Ask("GET /v1/customers/ana HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
                .status,
            400);
  EXPECT_THAT(Ask(Post("/v1/customers:resolve?alias=x", "{}")).body, HasSubstr("put it there"));
}

TEST_F(HttpDoorTest, DoesNothingForOtherSites) {
  EXPECT_EQ(Ask("GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 421);
  EXPECT_EQ(Ask("GET /livez HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n").status, 421);
  for (const char* host : {"localhost", "LOCALHOST:8470", "127.0.0.1", "[::1]:8470"}) {
    EXPECT_EQ(Ask(absl::StrCat("GET /livez HTTP/1.1\r\nHost: ", host, "\r\n\r\n")).status, 200);
  }
  EXPECT_EQ(Ask(Post("/v1/customers:resolve", "{}", "Origin: http://evil.example\r\n")).status,
            403);
  EXPECT_EQ(Ask(Post("/v1/customers:resolve", "{}", "Origin: null\r\n")).status, 403);
  EXPECT_EQ(Ask(Post("/v1/customers:resolve", "{}", "Origin: http://localhost\r\n")).status, 200);
}

TEST_F(HttpDoorTest, HeedsTheCallersDeadline) {
  Ask(Get("/v1/customers/ana", "Connect-Timeout-Ms: 1500\r\n"));
  EXPECT_GT(service_.patience(), absl::ZeroDuration());
  EXPECT_LT(service_.patience(), absl::Milliseconds(1500));
  Ask(Get("/v1/customers/ana"));
  EXPECT_GT(service_.patience(), absl::Seconds(4));
  EXPECT_EQ(Ask(Get("/v1/customers/ana", "Connect-Timeout-Ms: 0\r\n")).status, 504);
  EXPECT_EQ(Ask(Get("/v1/customers/ana", "Connect-Timeout-Ms: soon\r\n")).status, 400);
}

TEST_F(HttpDoorTest, RefusesWhatIsTooLargeAndClosesInOrder) {
  const int port = Open();
  {
    RawHttp client(port);
    client.Write(Get(absl::StrCat("/v1/customers/", std::string(20'000, 'a'))));
    EXPECT_EQ(client.ReadAnswer().status, 431);
  }
  for (const std::string& framing : {absl::StrCat("Content-Length: ", (1 << 20) + 1),
                                     std::string("Transfer-Encoding: chunked")}) {
    RawHttp client(port);
    client.Write(absl::StrCat("POST /v1/customers:resolve HTTP/1.1\r\nHost: localhost\r\n",
                              "Content-Type: application/json\r\n", framing, "\r\n\r\n"));
    if (framing[0] == 'T') client.Write("110000\r\n");
    client.Write(std::string((1 << 20) + 65536, ' '));
    const auto answer = client.ReadAnswer();
    EXPECT_EQ(answer.status, 413) << framing;
    EXPECT_THAT(answer.body, HasSubstr("TOO_LARGE"));
  }
  const std::string whole = absl::StrCat("{}", std::string((1 << 20) - 2, ' '));
  EXPECT_EQ(Ask(Post("/v1/customers:resolve", whole)).status, 200);
}

TEST_F(HttpDoorTest, SpeaksConnect) {
  const auto json =
      Ask(Post("/rapport.v1.RelationshipService/GetRelationship", "{\"customerId\":\"ana\"}"));
  EXPECT_EQ(json.body, "{\"customerId\":\"ana\",\"profile\":{\"name\":\"xxxx\"}}\n");
  v1::GetRelationshipRequest request;
  request.set_customer_id("ben");
  const std::string bytes = request.SerializeAsString();
  const auto proto = Ask(absl::StrCat(
      "POST /rapport.v1.RelationshipService/GetRelationship HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/proto\r\nContent-Length: ",
      bytes.size(), "\r\n\r\n", bytes));
  EXPECT_THAT(proto.head, HasSubstr("Content-Type: application/proto"));
  v1::GetRelationshipResponse response;
  ASSERT_TRUE(response.ParseFromString(proto.body));
  EXPECT_EQ(response.customer_id(), "ben");
  service_.status = absl::NotFoundError("CUSTOMER_UNKNOWN: there is no \"such\" customer");
  const auto error = Ask(Post("/rapport.v1.RelationshipService/ListFollowUps", "{}"));
  EXPECT_EQ(error.status, 404);
  EXPECT_THAT(error.body, StartsWith("{\"code\":\"not_found\",\"message\":\"there is no "
                                     "\\\"such\\\" customer\",\"details\":[{\"type\":"
                                     "\"rapport.v1.ErrorInfo\",\"value\":\""));
  EXPECT_EQ(Ask(Post("/rapport.v1.RelationshipService/Nothing", "{}")).status, 404);
  EXPECT_EQ(Ask(Get("/rapport.v1.RelationshipService/GetRelationship")).status, 405);
}

TEST_F(HttpDoorTest, StreamsLinesOrEventsByAccept) {
  const auto lines = Ask(Post("/v1/events:replay", "{}"));
  EXPECT_THAT(lines.head, HasSubstr("Content-Type: application/x-ndjson\r\n"));
  EXPECT_THAT(lines.head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(lines.body,
            "1b\r\n{\"event\":{\"place\":\"xxxx\"}}\n\r\n"
            "28\r\n{\"event\":{\"place\":\"xxxx\"},\"offset\":\"1\"}\n\r\n"
            "28\r\n{\"event\":{\"place\":\"xxxx\"},\"offset\":\"2\"}\n\r\n0\r\n\r\n");
  const auto events = Ask(Post("/v1/events:replay", "{}", "Accept: text/event-stream\r\n"));
  EXPECT_THAT(events.head, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(events.head, HasSubstr("X-Accel-Buffering: no\r\n"));
  EXPECT_THAT(events.body, HasSubstr("retry: 2000\n\n"));
  EXPECT_THAT(events.body,
              HasSubstr("data: {\"event\":{\"place\":\"xxxx\"},\"offset\":\"2\"}\n\n"));
}

TEST_F(HttpDoorTest, ResumesAStreamWhereTheBrowserLeftIt) {
  Ask(Post("/v1/events:replay", "{\"fromPosition\":\"p:0@1\"}", "Last-Event-ID: p:0@7\r\n"));
  EXPECT_EQ(service_.asked(), "from_position: \"p:0@7\"");
}

TEST_F(HttpDoorTest, StreamThatFailsAtOnceHasItsOwnStatus) {
  service_.stream_messages = 0;
  service_.status = absl::InvalidArgumentError("POSITION_MALFORMED: no position");
  const auto at_once = Ask(Post("/v1/events:replay", "{}"));
  EXPECT_EQ(at_once.status, 400);
  EXPECT_THAT(at_once.body, StartsWith("{\"code\":3"));
  service_.stream_messages = 20'000;
  service_.status = absl::DataLossError("ARCHIVE_DAMAGED: gone");
  const auto later = Ask(Post("/v1/events:replay", "{}"));
  EXPECT_EQ(later.status, 200);
  EXPECT_THAT(later.body, HasSubstr("{\"error\":{\"code\":15,\"message\":\"gone\""));
  service_.status = absl::OkStatus();
  service_.stream_messages = 0;
  EXPECT_THAT(Ask(Post("/v1/events:replay", "{}")).body, "0\r\n\r\n");
}

TEST_F(HttpDoorTest, SlowReaderHoldsUpHisOwnStreamAlone) {
  service_.stream_messages = 100'000;
  service_.text_bytes = 1000;
  HttpLimits limits;
  limits.write = kShort;
  RawHttp slow(Open(limits));
  slow.Write(Post("/v1/events:replay", "{}"));
  EXPECT_THAT(slow.ReadUntil("place"), HasSubstr("200 OK"));
  RawHttp other(door_->port());
  for (int i = 0; i < 20; ++i) {
    other.Write(Get("/livez"));
    EXPECT_EQ(other.ReadAnswer().status, 200);
  }
  // What was made is bounded by what sockets hold; then the door gives him up.
  dispatcher_->Drain();
  EXPECT_LT(service_.written(), 50'000);
}

TEST_F(HttpDoorTest, WhoReadsNothingIsCutOffWhenHisTokenIsTakenBack) {
  TokenGate gate(AnalystToken("desk"));
  std::atomic<absl::StatusCode> counted = absl::StatusCode::kOk;
  dispatcher_ = std::make_unique<Dispatcher>(
      &table_, &gate,
      [&](const Method&, absl::StatusCode code, absl::Duration) { counted = code; });
  // Each more than the sockets hold.
  service_.stream_messages = 10;
  service_.text_bytes = 32 << 20;
  HttpLimits limits;
  limits.write = absl::Hours(1);
  limits.hurry = kShort;
  RawHttp mute(Open(limits));
  mute.Write(Post("/v1/events:replay", "{}", "Authorization: Bearer desk\r\n"));
  EXPECT_THAT(mute.ReadUntil("place"), HasSubstr("200 OK"));
  gate.Replace(AnalystToken("shop"));
  gate.EndStale();
  // Returns once the method has, which waited until somebody reads.
  dispatcher_->Drain();
  EXPECT_EQ(counted, absl::StatusCode::kUnauthenticated);
  EXPECT_LT(service_.written(), 10);
  const absl::Time patience = absl::Now() + absl::Seconds(30);
  while (door_->connections() > 0 && absl::Now() < patience) {
    EXPECT_EQ(Ask(Get("/livez", "Connection: close\r\n")).status, 200);
  }
  EXPECT_EQ(door_->connections(), 0);
  EXPECT_THAT(mute.ReadToEnd(), Not(HasSubstr("TOKEN_INVALID"))) << "he hears no reason, either";
  door_->Close();
}

TEST_F(HttpDoorTest, WhoReadsHearsThatHisTokenWasTakenBack) {
  const std::string line = absl::StrCat("token name=desk roles=analyst sha256=", TokenHash("desk"));
  TokenGate gate(TokenFile::Parse(line + "\n", "tokens").value());
  dispatcher_ = std::make_unique<Dispatcher>(&table_, &gate);
  service_.stream_messages = 100'000;
  service_.text_bytes = 1000;
  RawHttp client(Open());
  client.Write(Post("/v1/events:replay", "{}", "Authorization: Bearer desk\r\n"));
  client.ReadUntil("place");
  gate.Replace(TokenFile::Parse(line + " expires=2001-01-01\n", "tokens").value());
  gate.EndStale();
  const std::string rest = client.ReadToEnd();
  EXPECT_THAT(rest, HasSubstr("{\"error\":{\"code\":16,\"message\":\"the token of desk expired"));
  EXPECT_THAT(rest, testing::EndsWith("\r\n0\r\n\r\n"));
  door_->Close();
}

TEST_F(HttpDoorTest, SlowSendersAreGivenUpAndOthersServed) {
  HttpLimits limits;
  limits.head = kShort;
  limits.body = kShort;
  limits.idle = kShort;
  const int port = Open(limits);
  RawHttp in_head(port), in_body(port), idle(port);
  in_head.Write("GET /livez HTTP/1.1\r\nHost: loc");
  const std::string whole = Post("/v1/customers:resolve", "{}");
  in_body.Write(whole.substr(0, whole.size() - 1));
  const absl::Time begun = absl::Now();
  EXPECT_TRUE(in_head.IsClosed());
  EXPECT_TRUE(in_body.IsClosed());
  EXPECT_TRUE(idle.IsClosed());
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  EXPECT_EQ(service_.calls(), 0);
  EXPECT_EQ(Ask(Get("/livez")).status, 200);
}

TEST_F(HttpDoorTest, LargeBodiesAndUnsentAnswersAreBounded) {
  HttpLimits limits;
  limits.large_bodies = 1;
  limits.unsent_bytes = 2000;
  const int port = Open(limits);
  RawHttp holder(port);
  const std::string body(100'000, ' ');
  const std::string large = Post("/v1/customers:resolve", body, "Expect: 100-continue\r\n");
  holder.Write(large.substr(0, large.size() - body.size()));
  EXPECT_EQ(holder.ReadAnswer().status, 100) << "its body has its place";
  EXPECT_EQ(Ask(Post("/v1/customers:resolve", body)).status, 429);
  EXPECT_EQ(Ask(Post("/v1/customers:resolve", "{}")).status, 200);
  holder.Write(body);
  EXPECT_EQ(holder.ReadAnswer().status, 200);
  service_.text_bytes = 5000;
  EXPECT_EQ(Ask(Get("/v1/customers/ana")).status, 429);
}

TEST_F(HttpDoorTest, OneConnectionTooManyIsToldSo) {
  HttpLimits limits;
  limits.connections = 2;
  const int port = Open(limits);
  RawHttp first(port), second(port);
  first.Write(Get("/livez"));
  second.Write(Get("/livez"));
  EXPECT_EQ(first.ReadAnswer().status, 200);
  EXPECT_EQ(second.ReadAnswer().status, 200);
  RawHttp third(port);
  EXPECT_EQ(third.ReadAnswer().status, 503);
}

TEST_F(HttpDoorTest, StreamsBeyondTheLimitAreRefused) {
  std::vector<std::unique_ptr<RawHttp>> idle;
  service_.stream_messages = 1'000'000;
  service_.text_bytes = 1000;
  const int port = Open();
  for (int i = 0; i < 320; ++i) {
    idle.push_back(std::make_unique<RawHttp>(port));
    idle.back()->Write(Post("/v1/events:replay", "{}"));
    EXPECT_THAT(idle.back()->ReadUntil("\r\n"), HasSubstr("200 OK")) << i;
  }
  const auto refused = Ask(Post("/v1/events:replay", "{}"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("TOO_MANY_STREAMS"));
  EXPECT_EQ(Ask(Get("/v1/customers/ana")).status, 200);
}

TEST_F(HttpDoorTest, ClosingEndsStreamsAndFreesThePort) {
  service_.stream_messages = 1'000'000;
  const int port = Open();
  RawHttp stream(port), idle(port);
  stream.Write(Post("/v1/events:replay", "{}"));
  stream.ReadUntil("place");
  door_->Close();
  EXPECT_TRUE(idle.IsClosed());
  EXPECT_EQ(door_->connections(), 0);
  auto again = HttpDoor::Open({.address = absl::StrCat("127.0.0.1:", port)}, dispatcher_.get(), {});
  EXPECT_OK(again);
  EXPECT_THAT(
      HttpDoor::Open({.address = absl::StrCat("127.0.0.1:", port)}, dispatcher_.get(), {}).status(),
      StatusIs(absl::StatusCode::kUnavailable, "PORT_IN_USE"));
  EXPECT_THAT(HttpDoor::Open({.address = "nonsense"}, dispatcher_.get(), {}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "127.0.0.1:8470"));
}

}  // namespace
}  // namespace rapport::edge
