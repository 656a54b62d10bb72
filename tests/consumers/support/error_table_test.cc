// The contract's table of errors: each is provoked through both doors, which tell the same code,
// reason and sentence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "consumers/edge/rpc_status.h"
#include "consumers/edge/token_file.h"
#include "engine/base/files.h"
#include "projections/catalog.h"
#include "tests/consumers/support/doors_kit.h"
#include "tests/kit/scratch_folder.h"
#include "tests/kit/status_matchers.h"

namespace rapport {
namespace {

using testing::HasSubstr;

// One error: how it comes about through each door, and what is to be told.
struct Row {
  absl::StatusCode code;
  std::string reason;
  int http;
  std::string says;
  // `RelationshipService.ListTimeline` and its request.
  std::string method;
  std::string request;
  // `GET /v1/customers/ana/timeline?pageSize=-1`, and what is posted.
  std::string what;
  std::string body;
};

std::string Touchpoint(const std::string& id, const std::string& more) {
  return absl::StrCat(R"({"touchpoint":{"eventId":")", id,
                      R"(","customerId":"ana","source":"shop",)",
                      R"("occurredAt":"2024-01-05T09:00:00Z",)", more, "}}");
}

std::string Purchase(const std::string& id, const std::string& order = "o1") {
  return Touchpoint(id, absl::StrCat(R"("purchaseMade":{"order":")", order, R"("})"));
}

class ErrorTableTest : public testing::Test {
 protected:
  void Open() {
    options_.engine.data_directory = folder_.path();
    options_.engine.partitions = 2;
    server_ = operations::Server::Open(options_).value();
    doors_ = std::make_unique<Doors>(server_.get());
  }
  void SetUp() override {
    options_.engine.disk_reserve_permille = 0;
    Open();
  }
  void Reopen() {
    doors_.reset();
    server_.reset();
    Open();
  }

  // Only who shows this token is let in from the next Reopen on.
  void LetIn(const std::string& who, const std::string& token) {
    options_.tokens_file = folder_.path() + "/tokens";
    ASSERT_OK(
        SystemFiles().Write(options_.tokens_file,
                            absl::StrCat("token ", who, " sha256=", edge::TokenHash(token), "\n")));
  }

  // Publishes one item; its result in JSON.
  std::string Publish(const std::string& item) {
    return doors_->OverGrpc("PublishService.Publish", absl::StrCat(R"({"item":)", item, "}"))
        .value();
  }
  std::string PositionAfter(const std::string& item) {
    const std::string answer = Publish(item);
    const std::string name = "\"position\":\"";
    const size_t at = answer.find(name) + name.size();
    return answer.substr(at, answer.find('"', at) - at);
  }

  void Expect(const Row& row, const std::string& headers = "") {
    SCOPED_TRACE(absl::StrCat(row.reason, " ", row.what));
    const absl::Status status = doors_->OverGrpc(row.method, row.request).status();
    EXPECT_EQ(status.code(), row.code) << status;
    EXPECT_EQ(edge::ReasonOf(status), row.reason);
    EXPECT_THAT(edge::TextOf(status), HasSubstr(row.says));
    const edge::RawHttp::Answer answer = doors_->OverHttp(row.what, row.body, headers);
    EXPECT_EQ(answer.status, row.http);
    for (const std::string& part : {absl::StrCat("\"code\":", static_cast<int>(row.code), ","),
                                    absl::StrCat("\"reason\":\"", row.reason, "\""),
                                    row.says == "page_size" ? "pageSize" : row.says}) {
      EXPECT_THAT(answer.body, HasSubstr(part));
    }
    const bool waits = absl::StrContains(answer.head, "Retry-After: ");
    EXPECT_EQ(waits, row.code == absl::StatusCode::kResourceExhausted ||
                         row.code == absl::StatusCode::kUnavailable ||
                         row.code == absl::StatusCode::kDeadlineExceeded);
  }

  // The same of an item that is rejected while the call succeeds.
  void ExpectRejected(int code, const std::string& reason, const std::string& says,
                      const std::string& item) {
    SCOPED_TRACE(absl::StrCat(reason, " ", item.substr(0, 200)));
    const std::string told = Publish(item);
    for (const std::string& part :
         {std::string("STATUS_REJECTED"), absl::StrCat("\"code\":", code, ","),
          absl::StrCat("\"reason\":\"", reason, "\""), says}) {
      EXPECT_THAT(told, HasSubstr(part));
    }
    const edge::RawHttp::Answer answer = doors_->OverHttp("POST /v1/events:publish", item);
    EXPECT_EQ(answer.status, 200);
    // Fields are named as each door has them.
    EXPECT_EQ(answer.body, absl::StrReplaceAll(told, {{"customer_id", "customerId"},
                                                      {"event_id: ", "eventId: "},
                                                      {"occurred_at", "occurredAt"}}) +
                               "\n");
  }

  kit::ScratchFolder folder_;
  operations::ServerOptions options_;
  std::unique_ptr<operations::Server> server_;
  std::unique_ptr<Doors> doors_;
};

TEST_F(ErrorTableTest, WhatIsWrongWithAnEventStandsInItsResult) {
  Publish(Purchase("shop:1"));
  constexpr int kInvalid = 3;
  ExpectRejected(kInvalid, "FIELD_INVALID", "source",
                 absl::StrReplaceAll(Purchase("e"), {{"\"shop\"", "\"The Shop\""}}));
  ExpectRejected(
      kInvalid, "PAYLOAD_MALFORMED", "PurchaseMade",
      R"({"event":{"eventId":"e","customerId":"ana","source":"shop","kind":"KIND_PURCHASE_MADE",)"
      R"("payload":"Cg==","occurredAtUs":"1704448800000000"}})");
  ExpectRejected(
      kInvalid, "TEXT_NOT_UTF8", "payload.order",
      R"({"event":{"eventId":"e","customerId":"ana","source":"shop","kind":"KIND_PURCHASE_MADE",)"
      R"("payload":"CgH/","occurredAtUs":"1704448800000000"}})");
  ExpectRejected(kInvalid, "TIME_OUT_OF_RANGE", "",
                 absl::StrReplaceAll(Purchase("e"), {{"2024", "2062"}}));
  ExpectRejected(
      kInvalid, "TOO_LARGE", "",
      Touchpoint("e", absl::StrCat(R"("thanksGiven":{},"note":")", std::string(8193, 'x'), "\"")));
  ExpectRejected(kInvalid, "CUSTOMER_ID_LOOKS_PERSONAL", "surrogate",
                 absl::StrReplaceAll(Purchase("e"), {{"\"ana\"", "\"ana@example.com\""}}));
  ExpectRejected(6, "EVENT_ID_CONFLICT", "", Purchase("shop:1", "another"));
}

TEST_F(ErrorTableTest, AFieldOfAnEventIsNamedAsTheSenderWroteIt) {
  const std::string amount = R"("purchaseMade":{"order":"o1","items":[{"quantityMilli":"-1"}]})";
  const std::string told = Publish(Touchpoint("shop:1", amount));
  EXPECT_THAT(told, HasSubstr("\"message\":\"purchase_made.items[0].quantity_milli: must not be"));
  EXPECT_THAT(told, HasSubstr("\"field\":\"purchase_made.items[0].quantity_milli\""));
  EXPECT_EQ(doors_->OverHttp("POST /v1/events:publish", Touchpoint("shop:1", amount)).body,
            absl::StrReplaceAll(told, {{"purchase_made.items[0].quantity_milli",
                                        "purchaseMade.items[0].quantityMilli"}}) +
                "\n");
  EXPECT_THAT(Publish(Touchpoint("shop:1", R"("reason":"x")")), HasSubstr("names no kind; say"));
}

TEST_F(ErrorTableTest, WhatIsWrongWithAQuestionIsNamed) {
  Publish(Purchase("shop:1"));
  const auto invalid = absl::StatusCode::kInvalidArgument;
  const std::string items = absl::StrCat(R"({"items":[{})",
                                         [] {
                                           std::string more;
                                           for (int i = 0; i < 500; ++i) more += ",{}";
                                           return more;
                                         }(),
                                         "]}");
  for (const Row& row : std::vector<Row>{
           {invalid, "FIELD_INVALID", 400, "page_size", "RelationshipService.ListTimeline",
            R"({"customerId":"ana","pageSize":-1})", "GET /v1/customers/ana/timeline?pageSize=-1",
            ""},
           {invalid, "TOO_LARGE", 413, "500", "PublishService.BatchPublish", items,
            "POST /v1/events:batchPublish", items},
           {invalid, "FILTER_INVALID", 400, "stage", "RelationshipService.ListRelationships",
            R"({"filter":"stage=NONE"})", "GET /v1/customers?filter=stage%3DNONE", ""},
           {invalid, "PAGE_TOKEN_INVALID", 400, "", "RelationshipService.ListTimeline",
            R"({"customerId":"ana","pageToken":"x"})", "GET /v1/customers/ana/timeline?pageToken=x",
            ""},
           {invalid, "POSITION_MALFORMED", 400, "x", "RelationshipService.GetRelationship",
            R"({"customerId":"ana","minPosition":"x"})", "GET /v1/customers/ana?minPosition=x", ""},
           {invalid, "TIME_OUT_OF_RANGE", 400, "", "RelationshipService.GetRelationship",
            R"({"customerId":"ana","viewpoint":{"asOfUs":"-1"}})",
            "GET /v1/customers/ana?viewpoint.asOfUs=-1", ""},
           {invalid, "RULES_INVALID", 400, "1:", "OperationsService.ActivateRules",
            R"({"rulesText":"nonsense"})", "POST /v1/rules:activate",
            R"({"rulesText":"nonsense"})"},
           {absl::StatusCode::kNotFound, "CUSTOMER_UNKNOWN", 404, "nobody",
            "RelationshipService.GetRelationship", R"({"customerId":"nobody"})",
            "GET /v1/customers/nobody", ""},
           {absl::StatusCode::kNotFound, "RULES_UNKNOWN", 404, "",
            "RelationshipService.GetRelationship",
            R"({"customerId":"ana","viewpoint":{"rules":"00112233445566778899aabbccddeeff"}})",
            "GET /v1/customers/ana?viewpoint.rules=00112233445566778899aabbccddeeff", ""},
           {absl::StatusCode::kNotFound, "FOLLOW_UP_UNKNOWN", 404, "",
            "RelationshipService.ClaimFollowUp",
            R"({"customerId":"ana","followUpId":"00112233445566778899aabbccddeeff",)"
            R"("etag":"x","assignee":"ben"})",
            "POST /v1/customers/ana/followUps/00112233445566778899aabbccddeeff:claim",
            R"({"etag":"x","assignee":"ben"})"}}) {
    Expect(row);
  }
}

TEST_F(ErrorTableTest, AnActOnAFollowUpThatHasChangedIsRefused) {
  Publish(absl::StrReplaceAll(
      Touchpoint("shop:1", R"("complaintRaised":{"case":"c1"})"),
      {{"2024-01-05T09:00:00Z", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now() - absl::Hours(1),
                                                 absl::UTCTimeZone())}}));
  std::string name;
  for (int tries = 0; tries < 2000 && name.empty(); ++tries) {
    const auto list =
        doors_->OverGrpc("RelationshipService.ListFollowUps", R"({"customerId":"ana"})");
    const size_t at = list.ok() ? list->find("/followUps/") : std::string::npos;
    if (at != std::string::npos) name = list->substr(at + 11, 32);
  }
  ASSERT_EQ(name.size(), 32);
  Expect({absl::StatusCode::kAborted, "ETAG_MISMATCH", 409, "", "RelationshipService.ClaimFollowUp",
          absl::StrCat(R"({"customerId":"ana","followUpId":")", name,
                       R"(","etag":"old","assignee":"ben"})"),
          absl::StrCat("POST /v1/customers/ana/followUps/", name, ":claim"),
          R"({"etag":"old","assignee":"ben"})"});
}

TEST_F(ErrorTableTest, PositionsBehindTheEndOfTheLogOrOfAnotherOne) {
  const std::string position = PositionAfter(Purchase("shop:1"));
  const size_t at = position.find('@');
  const std::string ahead = absl::StrCat(position.substr(0, at), "@999");
  const auto ask = [](const std::string& min) {
    return absl::StrCat(R"({"customerId":"ana","minPosition":")", min, "\"}");
  };
  Expect({absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED", 400, "ends at 1",
          "RelationshipService.GetRelationship", ask(ahead),
          absl::StrCat("GET /v1/customers/ana?minPosition=", ahead), ""});
  Expect({absl::StatusCode::kInvalidArgument, "POSITION_MALFORMED", 400, "ends at 1",
          "RelationshipService.GetRelationship",
          absl::StrCat(R"({"customerId":"ana","viewpoint":{"knownAt":")", ahead, "\"}}"),
          absl::StrCat("GET /v1/customers/ana?viewpoint.knownAt=", ahead), ""});
  const std::string other = absl::StrCat("00000000", position.substr(8));
  Expect({absl::StatusCode::kDataLoss, "POSITION_LOST", 500, "",
          "RelationshipService.GetRelationship", ask(other),
          absl::StrCat("GET /v1/customers/ana?minPosition=", other), ""});
}

// What was just published is waited for, and a caller may tire of it.
TEST_F(ErrorTableTest, APositionOfTheLogThatIsNotAppliedYet) {
  Publish(Purchase("shop:1"));
  std::shared_ptr<const fold::Projection> forgetful =
      projections::Catalog(
          R"(parent: "standard" fold { ring { name: "spend" half_life_days: 20 } })", "forgetful")
          .value();
  absl::Notification stand_still;
  absl::Notification go_on;
  // While somebody has yet to agree, nothing is applied.
  ASSERT_OK(server_->engine().StartRefold(std::move(forgetful), [&](const Position&) {
    stand_still.Notify();
    go_on.WaitForNotification();
    return absl::CancelledError("nobody agrees");
  }));
  stand_still.WaitForNotification();
  const std::string position = PositionAfter(Purchase("shop:2"));
  const std::string ask = absl::StrCat(R"({"customerId":"ana","minPosition":")", position, "\"}");
  const absl::Status late =
      doors_->OverGrpc("RelationshipService.GetRelationship", ask, absl::Milliseconds(400))
          .status();
  EXPECT_THAT(late, kit::StatusIs(absl::StatusCode::kDeadlineExceeded, "POSITION_NOT_REACHED"));
  const std::string get = absl::StrCat("GET /v1/customers/ana?minPosition=", position);
  const edge::RawHttp::Answer answer = doors_->OverHttp(get, "", "Connect-Timeout-Ms: 400\r\n");
  EXPECT_EQ(answer.status, 504);
  EXPECT_THAT(answer.body, HasSubstr("\"reason\":\"POSITION_NOT_REACHED\""));
  go_on.Notify();
  EXPECT_EQ(doors_->OverHttp(get, "").status, 200);
}

TEST_F(ErrorTableTest, WhatAPersonMustSeeTo) {
  Publish(Purchase("shop:1"));
  doors_
      ->OverGrpc("PrivacyService.EraseCustomer", R"({"customerId":"ana","purpose":"asked for it"})")
      .value();
  ExpectRejected(9, "CUSTOMER_ERASED", "",
                 Touchpoint("shop:2", R"("thanksGiven":{},"note":"likes tulips")"));
  options_.engine.disk_reserve_permille = 1000;
  Reopen();
  Expect({absl::StatusCode::kResourceExhausted, "DISK_LOW", 507, "--disk-reserve",
          "PublishService.Publish", absl::StrCat(R"({"item":)", Purchase("shop:3"), "}"),
          "POST /v1/events:publish", Purchase("shop:3")});
}

TEST_F(ErrorTableTest, WhoMayNotAskHearsWhy) {
  LetIn("name=shop roles=publisher sources=shop", "t-shop");
  options_.limits.publishes_per_second = 1;
  Reopen();
  const Row show{absl::StatusCode::kUnauthenticated,
                 "TOKEN_INVALID",
                 401,
                 "no token was sent",
                 "RelationshipService.GetRelationship",
                 R"({"customerId":"ana"})",
                 "GET /v1/customers/ana",
                 ""};
  Expect(show);
  doors_->Become("t-shop");
  Row role = show;
  role.code = absl::StatusCode::kPermissionDenied;
  role.reason = "ROLE_MISSING";
  role.http = 403;
  role.says = "needs the role reader";
  Expect(role);
  const std::string two = absl::StrCat(R"({"items":[)", Purchase("a"), ",", Purchase("b"), "]}");
  // What a caller has saved up is used up by then.
  EXPECT_OK(doors_->OverGrpc("PublishService.BatchPublish", two));
  Expect({absl::StatusCode::kResourceExhausted, "RATE_LIMITED", 429, "shop publishes more",
          "PublishService.BatchPublish", two, "POST /v1/events:batchPublish", two});
}

TEST_F(ErrorTableTest, APublisherOfAnotherSourceIsRejected) {
  LetIn("name=web roles=publisher sources=web", "t-web");
  Reopen();
  doors_->Become("t-web");
  ExpectRejected(7, "SOURCE_NOT_PERMITTED", "web may not", Purchase("a"));
}

TEST_F(ErrorTableTest, WhoWaitsForEachAnswerNeverHasTwoCallsUnderWay) {
  LetIn("name=boss roles=analyst", "t-boss");
  options_.limits.in_flight = 1;
  Reopen();
  doors_->Become("t-boss");
  for (int i = 0; i < 500; ++i) {
    ASSERT_THAT(doors_->OverGrpc("RelationshipService.SummarizeBase", "{}"), kit::IsOk()) << i;
    ASSERT_EQ(doors_->OverHttp("GET /v1/summary", "").status, 200) << i;
  }
}

TEST_F(ErrorTableTest, OneCallersStreamsAreLimited) {
  LetIn("name=boss roles=analyst", "t-boss");
  options_.limits.in_flight = 1;
  Reopen();
  doors_->Become("t-boss");
  edge::RawHttp follower(server_->http_port());
  follower.Write(
      edge::Post("/v1/events:replay", R"({"follow":true})", "Authorization: Bearer t-boss\r\n"));
  EXPECT_THAT(follower.ReadUntil("\r\n"), HasSubstr("200 OK"));
  Expect({absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS", 429, "",
          "HistoryService.ReplayEvents", "{}", "POST /v1/events:replay", "{}"});
}

}  // namespace
}  // namespace rapport
