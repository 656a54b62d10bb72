#include "consumers/edge/json_writer.h"

#include <gtest/gtest.h>

#include "rapport/v1/touchpoint.pb.h"

namespace rapport::edge {
namespace {

TEST(JsonWriterTest, WritesOneLineInFieldOrder) {
  v1::Touchpoint touchpoint;
  touchpoint.mutable_purchase_made()->mutable_amount()->set_micros(5);
  touchpoint.add_measures()->set_name("b");
  touchpoint.add_measures()->set_value(-1);
  touchpoint.set_live_person(false);
  touchpoint.set_duration_s(0);
  touchpoint.set_channel(v1::CHANNEL_PHONE);
  touchpoint.set_customer_id("ana");
  touchpoint.mutable_occurred_at()->set_seconds(1'769'860'800);
  touchpoint.mutable_occurred_at()->set_nanos(500'000'000);
  touchpoint.set_content_tag("\xFB\xFF");
  EXPECT_EQ(MessageToJson(touchpoint),
            R"({"customerId":"ana","occurredAt":"2026-01-31T12:00:00.500000Z",)"
            R"("channel":"CHANNEL_PHONE","durationS":0,"livePerson":false,)"
            R"("measures":[{"name":"b"},{"value":"-1"}],"contentTag":"+/8=",)"
            R"("purchaseMade":{"amount":{"micros":"5"}}})");
}

TEST(JsonWriterTest, EscapesWhatJsonWantsEscaped) {
  v1::Touchpoint touchpoint;
  touchpoint.set_reason("a\"b\\c\n\x01\x7F\xC3\xA9");
  EXPECT_EQ(MessageToJson(touchpoint), "{\"reason\":\"a\\\"b\\\\c\\u000a\\u0001\\u007f\xC3\xA9\"}");
}

TEST(JsonWriterTest, KeepsEmptyMessagesAndUnknownValues) {
  v1::Touchpoint touchpoint;
  EXPECT_EQ(MessageToJson(touchpoint), "{}");
  touchpoint.mutable_relationship_reinstated();
  touchpoint.set_area(static_cast<v1::Area>(77));
  EXPECT_EQ(MessageToJson(touchpoint), R"({"area":77,"relationshipReinstated":{}})");
}

TEST(JsonWriterTest, ClampsMomentsThatAreNone) {
  v1::Touchpoint touchpoint;
  touchpoint.mutable_occurred_at()->set_seconds(INT64_MAX);
  EXPECT_EQ(MessageToJson(touchpoint), R"({"occurredAt":"9999-12-31T23:59:59Z"})");
}

}  // namespace
}  // namespace rapport::edge
