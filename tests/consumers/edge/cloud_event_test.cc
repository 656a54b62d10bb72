#include "consumers/edge/cloud_event.h"

#include <gmock/gmock.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/edge/http_body.h"
#include "consumers/edge/http_router.h"
#include "consumers/edge/json_writer.h"
#include "engine/event/framing.h"
#include "engine/event/validator.h"
#include "tests/consumers/edge/http_kit.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr absl::string_view kData = R"({"thanksGiven":{},"channel":"PHONE"})";

HttpHead Headers(std::vector<std::pair<std::string, std::string>> headers) {
  HttpHead head;
  head.headers = std::move(headers);
  return head;
}

// Attributes as members of a structured event, and more behind them.
std::string Structured(absl::string_view more) {
  return absl::StrCat(R"({"specversion":"1.0","id":"shop:1","source":"shop","subject":"ana",)",
                      R"("type":"rapport.v1.ThanksGiven","time":"2024-01-05T10:00:00Z",)", more,
                      "}");
}

std::string Read(absl::string_view json) {
  const auto event = StructuredCloudEvent(json);
  return event.ok() ? MessageToJson(*event) : std::string(event.status().message());
}

const char kWhole[] = R"({"eventId":"shop:1","customerId":"ana","occurredAtUs":"1704448800000000",)"
                      R"("kind":"KIND_THANKS_GIVEN","source":"shop","channel":"CHANNEL_PHONE"})";

TEST(CloudEventTest, HeadersFillWhatTheBodyLeavesEmpty) {
  const HttpHead head = Headers({{"ce-specversion", "1.0"},
                                 {"ce-id", "shop%3A1"},
                                 {"ce-source", "shop"},
                                 {"ce-subject", "ana"},
                                 {"ce-time", "2024-01-05T10:00:00Z"}});
  EXPECT_TRUE(IsBinaryCloudEvent(head));
  EXPECT_FALSE(IsBinaryCloudEvent(Headers({{"ce-id", "x"}})));
  const auto event = BinaryCloudEvent(head, std::string(kData), true);
  ASSERT_OK(event);
  EXPECT_EQ(MessageToJson(*event), kWhole);
  const auto own = BinaryCloudEvent(head, R"({"eventId":"own","thanksGiven":{}})", true);
  ASSERT_OK(own);
  EXPECT_EQ(own->event_id(), "own");
}

TEST(CloudEventTest, StructuredIsTheSameInEitherSpelling) {
  EXPECT_EQ(Read(Structured(absl::StrCat("\"data\":", kData))), kWhole);
  v1::Event bare;
  bare.set_kind(v1::KIND_THANKS_GIVEN);
  bare.set_channel(v1::CHANNEL_PHONE);
  EXPECT_EQ(Read(Structured(absl::StrCat("\"data_base64\":\"",
                                         absl::Base64Escape(bare.SerializeAsString()), "\""))),
            kWhole);
}

TEST(CloudEventTest, ExtensionsAreLeftAsideAndNullsAreAbsent) {
  EXPECT_EQ(Read(Structured(absl::StrCat(R"("ext":7,"other":true,"dataschema":null,"data":)", kData,
                                         R"(,"more":"x")"))),
            kWhole);
}

TEST(CloudEventTest, DataIsReadAsStrictlyAsAnywhere) {
  EXPECT_THAT(Read(Structured(R"("data":{"thanksGiven":{},"chanel_":"PHONE"})")),
              HasSubstr("FIELD_UNKNOWN: chanel_: unknown field; did you mean channel?"));
  EXPECT_THAT(Read(Structured(R"("data":{"thanksGiven":{},"source":"a","source":"b"})")),
              HasSubstr("FIELD_INVALID: source: is given twice"));
  EXPECT_THAT(Read(Structured(R"("data":{"measures":[{"name":"a","value":1},{"value":"x"}]})")),
              HasSubstr("measures[1].value: must be a whole number"));
}

TEST(CloudEventTest, WhatIsNoCloudEventIsRefused) {
  EXPECT_THAT(Read("{"), HasSubstr("PAYLOAD_MALFORMED"));
  EXPECT_THAT(Read("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(Read(Structured(R"("data":"x")")), HasSubstr("data: must be a touchpoint"));
  EXPECT_THAT(Read(Structured(R"("data":[])")), HasSubstr("must be an object"));
  EXPECT_THAT(Read(Structured(R"("ext":{},"data":{})")), HasSubstr("ext: must be text"));
  EXPECT_THAT(Read(Structured(R"("id":"again","data":{})")), HasSubstr("id: is given twice"));
  EXPECT_THAT(Read(Structured(R"("ext":1)")), HasSubstr("give either data"));
  EXPECT_THAT(Read(Structured(R"("data":{},"data_base64":"")")), HasSubstr("give either data"));
  EXPECT_THAT(Read(Structured(R"("data_base64":"?")")), HasSubstr("must be base64"));
  EXPECT_THAT(Read(R"({"specversion":"0.3","data":{}})"), HasSubstr("specversion: must be 1.0"));
  std::string deep = "\"data\":{\"thanksGiven\":";
  for (int i = 0; i < 40; ++i) deep += "{\"a\":";
  EXPECT_THAT(Read(Structured(deep)), HasSubstr("PAYLOAD_MALFORMED"));
  EXPECT_THAT(BinaryCloudEvent(Headers({{"ce-specversion", "1.0"}, {"ce-time", "noon"}}), "", false)
                  .status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "ce_time is no moment"));
  EXPECT_THAT(
      BinaryCloudEvent(Headers({{"ce-specversion", "1.0"}, {"ce-id", "%"}}), "", false).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, "FIELD_INVALID: ce-id"));
}

// What a structured event is to the method that publishes.
v1::PublishItem ItemOf(const std::string& body) {
  RecordingService service;
  MethodTable table;
  Register(&service, table);
  const HttpRouter router(&table);
  const auto match = router.Find("POST", "/v1/events:publish");
  EXPECT_OK(match.status());
  const auto request = ReadRequest(HttpHead(), *match, BodyForm::kStructuredCloudEvent, body);
  EXPECT_OK(request.status());
  return static_cast<const v1::PublishRequest&>(*request->message).item();
}

TEST(CloudEventTest, WhatCameInBytesStaysWholeAndWhatCameAsATouchpointIsOne) {
  v1::Event event;
  event.set_kind(v1::KIND_THANKS_GIVEN);
  event.set_publisher("shop");
  event.set_trace_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  event.set_content_tag("tag");
  event.add_sealed();
  const v1::PublishItem bytes = ItemOf(Structured(
      absl::StrCat("\"data_base64\":\"", absl::Base64Escape(event.SerializeAsString()), "\"")));
  ASSERT_TRUE(bytes.has_event());
  EXPECT_EQ(bytes.event().publisher(), event.publisher());
  EXPECT_EQ(bytes.event().trace_parent(), event.trace_parent());
  EXPECT_EQ(bytes.event().content_tag(), event.content_tag());
  EXPECT_EQ(bytes.event().sealed_size(), 1);
  const v1::PublishItem data = ItemOf(Structured(absl::StrCat("\"data\":", kData)));
  ASSERT_TRUE(data.has_touchpoint());
  EXPECT_TRUE(data.touchpoint().has_thanks_given());
}

// What a record of Kafka with this value is to the engine.
std::string ReadRecord(const std::string& value, const std::string& key = "ana") {
  event::SetStructuredReader(&ReadStructuredEvent);
  event::Validator validator{event::ValidatorOptions{}};
  RecordView record;
  record.key = key;
  record.value = value;
  record.append_time_us = int64_t{1'800'000'000} * 1'000'000;
  auto rejection = validator.CheckEnvelope(record);
  if (!rejection.has_value()) rejection = validator.CheckPayload();
  return rejection.has_value() ? std::string(rejection->ToStatus().message())
                               : MessageToJson(*validator.event().envelope);
}

TEST(StructuredRecordTest, IsFoldedAsIfItHadComeInBytes) {
  const std::string data = absl::StrCat("\"data\":", kData);
  EXPECT_EQ(ReadRecord(Structured(data)), kWhole);
  // The key says whose it is when nothing else does.
  const std::string without = absl::StrReplaceAll(Structured(data), {{R"("subject":"ana",)", ""}});
  EXPECT_EQ(ReadRecord(without), kWhole);
  EXPECT_THAT(ReadRecord(Structured(data), "ben"), HasSubstr("KEY_MISMATCH"));
}

TEST(StructuredRecordTest, IsRefusedByTheReasonThatItHasAnywhere) {
  EXPECT_THAT(ReadRecord(Structured(R"("data":{"thanksGiven":{},"chanel_":"PHONE"})")),
              StartsWith("FIELD_UNKNOWN: chanel_: unknown field"));
  EXPECT_THAT(ReadRecord("{"), StartsWith("PAYLOAD_MALFORMED"));
  EXPECT_THAT(ReadRecord("[1]"), StartsWith("FRAME_UNKNOWN"));
  const std::string long_text(70'000, 'x');
  EXPECT_THAT(ReadRecord(Structured(
                  absl::StrCat(R"("data":{"thanksGiven":{},"note":")", long_text, "\"}"))),
              StartsWith("TOO_LARGE"));
  EXPECT_THAT(ReadRecord(Structured(absl::StrCat(R"("ext":")", std::string(300'000, 'x'),
                                                 R"(","data":{"thanksGiven":{}})"))),
              StartsWith("TOO_LARGE"));
}

TEST(StructuredRecordTest, HasItsTextInClearTakenOut) {
  const std::string read =
      ReadRecord(Structured(R"("data":{"thanksGiven":{},"note":"by the back door"})"));
  EXPECT_THAT(read, Not(HasSubstr("door")));
  EXPECT_THAT(read, HasSubstr("KIND_THANKS_GIVEN"));
}

}  // namespace
}  // namespace rapport::edge
