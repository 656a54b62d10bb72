#include "consumers/edge/json_writer.h"

#include <gtest/gtest.h>

#include <set>

#include "consumers/edge/json_reader.h"
#include "rapport/v1/relationships.pb.h"
#include "rapport/v1/touchpoint.pb.h"
#include "tests/kit/status_matchers.h"

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

// Adds the names of the fields of a message and of all within it.
void AddNames(const google::protobuf::Descriptor& type, std::set<std::string>& types,
              google::protobuf::FieldMask& mask) {
  if (!types.insert(type.full_name()).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    mask.add_paths(type.field(i)->name());
    if (type.field(i)->message_type() != nullptr) {
      AddNames(*type.field(i)->message_type(), types, mask);
    }
  }
}

TEST(JsonWriterTest, WritesMasksAsTheReaderReadsThem) {
  v1::GetRelationshipRequest request;
  request.mutable_read_mask();
  EXPECT_EQ(MessageToJson(request), R"({"readMask":""})");
  request.mutable_read_mask()->add_paths("standing.score_milli");
  request.mutable_read_mask()->add_paths("info");
  EXPECT_EQ(MessageToJson(request), R"({"readMask":"standing.scoreMilli,info"})");
  // Every name that an answer has comes back.
  std::set<std::string> types;
  AddNames(*v1::GetRelationshipResponse::descriptor(), types, *request.mutable_read_mask());
  ASSERT_GT(request.read_mask().paths_size(), 100);
  v1::GetRelationshipRequest again;
  ASSERT_OK(JsonToMessage(MessageToJson(request), again));
  EXPECT_EQ(again.DebugString(), request.DebugString());
  // What is no name stands as it is.
  request.mutable_read_mask()->Clear();
  request.mutable_read_mask()->add_paths("a__b_._9\"");
  EXPECT_EQ(MessageToJson(request), R"({"readMask":"a_B_._9\""})");
}

TEST(JsonWriterTest, ClampsMomentsThatAreNone) {
  v1::Touchpoint touchpoint;
  touchpoint.mutable_occurred_at()->set_seconds(INT64_MAX);
  EXPECT_EQ(MessageToJson(touchpoint), R"({"occurredAt":"9999-12-31T23:59:59Z"})");
}

}  // namespace
}  // namespace rapport::edge
