#include "consumers/edge/json_reader.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "rapport/v1/history.pb.h"
#include "rapport/v1/relationships.pb.h"
#include "rapport/v1/touchpoint.pb.h"
#include "tests/kit/status_matchers.h"

namespace rapport::edge {
namespace {

using kit::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// The touchpoint that `json` means; the test fails when there is none.
v1::Touchpoint Read(absl::string_view json) {
  v1::Touchpoint touchpoint;
  EXPECT_OK(JsonToMessage(json, touchpoint)) << json;
  return touchpoint;
}

TEST(JsonReaderTest, ReadsNumbersAsTextOrNumber) {
  for (const char* number : {"120000000", "\"120000000\"", "1.2e8", "120000000.0"}) {
    const auto touchpoint =
        Read(absl::StrCat(R"({"value":{"micros":)", number, R"(,"currency":"EUR"}})"));
    EXPECT_EQ(touchpoint.value().micros(), 120'000'000) << number;
  }
  EXPECT_EQ(Read(R"({"purchaseMade":{"items":[{"quantityMilli":"-9223372036854775808"}]}})")
                .purchase_made()
                .items(0)
                .quantity_milli(),
            INT64_MIN);
  EXPECT_EQ(Read(R"({"durationS":"4294967295","customerFeeling":-2})").duration_s(), 4294967295u);
}

TEST(JsonReaderTest, ReadsNamesInBothSpellings) {
  EXPECT_EQ(Read(R"({"customerId":"ana"})").customer_id(), "ana");
  EXPECT_EQ(Read(R"({"customer_id":"ana"})").customer_id(), "ana");
}

TEST(JsonReaderTest, ReadsEnumsByNameWithOrWithoutPrefixAndByNumber) {
  for (const char* channel : {"\"WEBSITE\"", "\"CHANNEL_WEBSITE\"", "1"}) {
    EXPECT_EQ(Read(absl::StrCat(R"({"channel":)", channel, "}")).channel(), v1::CHANNEL_WEBSITE);
  }
  EXPECT_EQ(Read(R"({"actor":{"role":"SUPPORT","party":"ACTOR_PARTY_PUBLIC"}})").actor().role(),
            v1::ACTOR_ROLE_SUPPORT);
}

TEST(JsonReaderTest, ReadsMomentsToTheMicrosecond) {
  const auto noon = Read(R"({"occurredAt":"2026-01-31T12:00:00Z"})");
  EXPECT_EQ(noon.occurred_at().seconds(), 1'769'860'800);
  const auto same = Read(R"({"occurredAt":"2026-01-31T13:30:00.123456789+01:30"})");
  EXPECT_EQ(same.occurred_at().seconds(), 1'769'860'800);
  EXPECT_EQ(same.occurred_at().nanos(), 123'456'000);
  EXPECT_EQ(Read(R"({"occurredAt":"1969-12-31T23:59:59.5Z"})").occurred_at().seconds(), -1);
}

TEST(JsonReaderTest, ReadsBytesTruthListsAndEscapes) {
  EXPECT_EQ(Read(R"({"contentTag":"+/8="})").content_tag(), "\xFB\xFF");
  EXPECT_EQ(Read(R"({"contentTag":"-_8"})").content_tag(), "\xFB\xFF");
  EXPECT_TRUE(Read(R"({"livePerson":true})").live_person());
  EXPECT_TRUE(Read(R"({"livePerson":false})").has_live_person());
  EXPECT_EQ(Read(R"({"meetingHeld":{"attendees":["a","b"]}})").meeting_held().attendees(1), "b");
  EXPECT_EQ(Read(R"({"reason":"a\"\u00e9\ud83d\ude00\/"})").reason(),
            "a\"\xC3\xA9\xF0\x9F\x98\x80/");
  EXPECT_EQ(Read(R"( {"measures":[{"name":"a","value":1},{"name":"b"}]} )").measures_size(), 2);
}

TEST(JsonReaderTest, TakesNullAsAbsent) {
  const auto touchpoint = Read(R"({"customerId":null,"value":null,"purchaseMade":null,
                                  "complaintRaised":{"case":"C1","severity":null}})");
  EXPECT_EQ(touchpoint.customer_id(), "");
  EXPECT_FALSE(touchpoint.has_value());
  EXPECT_FALSE(touchpoint.complaint_raised().has_severity());
}

TEST(JsonReaderTest, ReplacesWhatTheMessageHeld) {
  v1::Touchpoint touchpoint;
  touchpoint.set_reason("old");
  ASSERT_OK(JsonToMessage("{}", touchpoint));
  EXPECT_EQ(touchpoint.reason(), "");
}

TEST(JsonReaderTest, AMomentInMicrosecondsMayBeWrittenOut) {
  EXPECT_EQ(Read(R"({"promiseMade":{"dueAtUs":"2026-01-31T09:30:00.000001Z"}})")
                .promise_made()
                .due_at_us(),
            1'769'851'800'000'001);
  EXPECT_EQ(Read(R"({"promiseMade":{"dueAtUs":"7"}})").promise_made().due_at_us(), 7);
}

TEST(JsonReaderTest, ASpanIsNoMoment) {
  v1::ListStandingsRequest request;
  ASSERT_OK(JsonToMessage(R"({"stepUs":"3600000000"})", request));
  EXPECT_EQ(request.step_us(), 3'600'000'000);
  EXPECT_THAT(JsonToMessage(R"({"stepUs":"2026-01-31"})", request),
              StatusIs(kInvalid, "stepUs: must be a span in microseconds"));
}

struct BadJson {
  const char* json;
  // The whole message.
  const char* message;
};

const BadJson kBadJson[] = {
    {R"({"purchaseMade":{"amount":{"currncy":"EUR"}}})",
     "FIELD_UNKNOWN: purchaseMade.amount.currncy: unknown field; did you mean currency?"},
    {R"({"purchaseMade":{"amount":{"price":1}}})",
     "FIELD_UNKNOWN: purchaseMade.amount.price: unknown field; there are micros, currency"},
    {R"({"promiseKept":{"kind":1}})",
     "FIELD_UNKNOWN: promiseKept.kind: unknown field; only promise belongs here"},
    {R"({"relationshipReinstated":{"x":1}})",
     "FIELD_UNKNOWN: relationshipReinstated.x: unknown field; nothing belongs here"},
    {R"({"kind":"PURCHASE_MADE"})",
     "FIELD_UNKNOWN: kind: unknown field; remove it or mend its name"},
    {R"({"a\nb":1})", "FIELD_UNKNOWN: a\\nb: unknown field; remove it or mend its name"},
    {R"({"reason":"a","reason":"a"})", "FIELD_INVALID: reason: is given twice; keep one"},
    {R"({"customerId":"a","customer_id":"a"})",
     "FIELD_INVALID: customerId: is given twice; keep one"},
    {R"({"purchaseMade":{},"complaintRaised":{}})",
     "FIELD_INVALID: complaintRaised: excludes purchaseMade; keep one of them"},
    {R"({"channel":"WEBSIT"})",
     "FIELD_INVALID: channel: 'WEBSIT' is no Channel; did you mean WEBSITE?"},
    {R"({"channel":"XYZ?\u0007XYZ"})", "FIELD_INVALID: channel: 'XYZ?\\x07XYZ' is no Channel"},
    {R"({"channel":99})", "FIELD_INVALID: channel: must be the name of a Channel"},
    {R"({"durationS":-1})",
     "FIELD_INVALID: durationS: must be a whole number of 32 bits, not negative"},
    {R"({"durationS":4294967296})",
     "FIELD_INVALID: durationS: must be a whole number of 32 bits, not negative"},
    {R"({"durationS":1.5})",
     "FIELD_INVALID: durationS: must be a whole number of 32 bits, not negative"},
    {R"({"value":{"micros":9223372036854775808}})",
     "FIELD_INVALID: value.micros: must be a whole number of 64 bits"},
    {R"({"value":{"micros":"99999999999999999999999999"}})",
     "FIELD_INVALID: value.micros: must be a whole number of 64 bits"},
    {R"({"value":{"micros":" 1"}})",
     "FIELD_INVALID: value.micros: must be a whole number of 64 bits"},
    {R"({"value":{"micros":1e300}})",
     "FIELD_INVALID: value.micros: must be a whole number of 64 bits"},
    {R"({"reason":1})", "FIELD_INVALID: reason: must be text"},
    {R"({"reason":["a"]})", "FIELD_INVALID: reason: must be text, not a list"},
    {R"({"reason":{}})", "FIELD_INVALID: reason: must be text"},
    {R"({"livePerson":"true"})", "FIELD_INVALID: livePerson: must be true or false"},
    {R"({"value":"1 EUR"})", "FIELD_INVALID: value: must be an object"},
    {R"({"measures":{"name":"a"}})", "FIELD_INVALID: measures: must be a list"},
    {R"({"measures":[[]]})", "FIELD_INVALID: measures[0]: must be an object, not a list"},
    {R"({"measures":[{"name":"a"},{"name":7}]})", "FIELD_INVALID: measures[1].name: must be text"},
    {R"({"meetingHeld":{"attendees":["a",null]}})",
     "FIELD_INVALID: meetingHeld.attendees[1]: must not be null within a list"},
    {R"({"occurredAt":"2026-01-31"})",
     "FIELD_INVALID: occurredAt: must be a moment such as 2026-01-31T09:30:00Z"},
    {R"({"occurredAt":"2026-02-30T09:30:00Z"})",
     "FIELD_INVALID: occurredAt: must be a moment such as 2026-01-31T09:30:00Z"},
    {R"({"occurredAt":1769860800})",
     "FIELD_INVALID: occurredAt: must be a moment such as 2026-01-31T09:30:00Z"},
    {R"({"promiseMade":{"dueAtUs":"2026-02-30T09:30:00Z"}})",
     "FIELD_INVALID: promiseMade.dueAtUs: must be a moment: microseconds since 1970, or such as "
     "2026-01-31T09:30:00Z"},
    {R"({"value":{"micros":"2026-01-31T09:30:00Z"}})",
     "FIELD_INVALID: value.micros: must be a whole number of 64 bits"},
    {R"({"contentTag":"*"})", "FIELD_INVALID: contentTag: must be base64"},
    {"7", "FIELD_INVALID: must be an object"},
    {"null", "FIELD_INVALID: must be an object"},
    {"\"a\"", "FIELD_INVALID: must be an object"},
    {"[]", "FIELD_INVALID: must be an object"},
};

TEST(JsonReaderTest, RefusesWithReasonPathAndAdvice) {
  for (const BadJson& bad : kBadJson) {
    v1::Touchpoint touchpoint;
    const absl::Status status = JsonToMessage(bad.json, touchpoint);
    EXPECT_EQ(status.code(), kInvalid) << bad.json;
    EXPECT_EQ(std::string(status.message()), bad.message) << bad.json;
  }
}

TEST(JsonReaderTest, ReadsMasksAsPathsWithCommasBetween) {
  v1::GetRelationshipRequest request;
  ASSERT_OK(
      JsonToMessage(R"({"readMask":"standing.scoreMilli,standing.flags.flag,info"})", request));
  ASSERT_EQ(request.read_mask().paths_size(), 3);
  EXPECT_EQ(request.read_mask().paths(0), "standing.score_milli");
  EXPECT_EQ(request.read_mask().paths(1), "standing.flags.flag");
  EXPECT_EQ(request.read_mask().paths(2), "info");
  ASSERT_OK(JsonToMessage(R"({"readMask":""})", request));
  EXPECT_TRUE(request.has_read_mask());
  EXPECT_EQ(request.read_mask().paths_size(), 0);
}

TEST(JsonReaderTest, RefusesWhatIsNoMaskByTheNameOfTheField) {
  for (const char* mask :
       {R"("standing.score_milli")", R"("Standing")", R"("standing,")", R"(",standing")",
        R"("standing..score")", R"(".standing")", R"("standing.")", R"("standing, info")",
        R"("standing.flags[0]")", R"("*")", R"("standing.9")", R"("\u00e9")",
        R"({"paths":["standing"]})", "7", "true"}) {
    v1::GetRelationshipRequest request;
    EXPECT_THAT(JsonToMessage(absl::StrCat(R"({"readMask":)", mask, "}"), request),
                StatusIs(kInvalid,
                         "FIELD_INVALID: readMask: must be lowerCamel paths with commas between, "
                         "such as standing.score,info.position"))
        << mask;
  }
  v1::GetRelationshipRequest request;
  EXPECT_THAT(JsonToMessage(R"({"readMask":["standing"]})", request),
              StatusIs(kInvalid, "FIELD_INVALID: readMask: must be lowerCamel paths"));
}

TEST(JsonReaderTest, SaysWhereTheTextIsNotJson) {
  v1::Touchpoint touchpoint;
  for (const char* json : {"", "{", "{\"reason\":\"a\",}", "{reason:1}", "{\"reason\":'a'}", "nul",
                           "{\"reason\":\"\xFF\"}", "{} {}", "{}x", "// c\n{}"}) {
    EXPECT_THAT(JsonToMessage(json, touchpoint), StatusIs(kInvalid, "PAYLOAD_MALFORMED")) << json;
  }
  EXPECT_THAT(JsonToMessage("{\n  \"reason\": \"a\"\n  \"place\": \"b\"\n}", touchpoint),
              StatusIs(kInvalid, "line 3, column 3"));
}

// No message of ours holds itself; a descriptor does. Each step is an object and a list.
std::string Nested(int steps) {
  std::string begin, end;
  for (int i = 0; i < steps; ++i) {
    begin += "{\"nestedType\":[";
    end += "]}";
  }
  return begin + "{}" + end;
}

TEST(JsonReaderTest, RefusesMoreThan32Levels) {
  google::protobuf::DescriptorProto message;
  EXPECT_OK(JsonToMessage(Nested(15), message));
  EXPECT_THAT(JsonToMessage(Nested(16), message), StatusIs(kInvalid, "more than 32 levels deep"));
  EXPECT_THAT(JsonToMessage(Nested(100'000), message),
              StatusIs(kInvalid, "more than 32 levels deep"));
}

}  // namespace
}  // namespace rapport::edge
