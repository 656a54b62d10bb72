#include <gtest/gtest.h>

#include "rapport/v1/work.pb.h"
#include "tests/engine/event/event_record.h"

namespace rapport::event {
namespace {

TEST(CanonicalContentTest, IgnoresStampsAndTime) {
  const v1::Event plain = APurchaseRecord().event;
  v1::Event stamped = plain;
  stamped.set_occurred_at_us(1);
  stamped.set_publisher("till");
  stamped.set_trace_parent("00-a-b-01");
  stamped.set_content_tag("tag");
  stamped.add_sealed()->set_field("note");
  EXPECT_EQ(CanonicalContent(stamped), CanonicalContent(plain));
}

TEST(CanonicalContentTest, DiffersWithEveryOtherField) {
  const v1::Event plain = APurchaseRecord().event;
  const auto differs = [&plain](auto change) {
    v1::Event other = plain;
    change(other);
    return CanonicalContent(other) != CanonicalContent(plain);
  };
  EXPECT_TRUE(differs([](v1::Event& e) { e.set_event_id("shop:2"); }));
  EXPECT_TRUE(differs([](v1::Event& e) { e.set_customer_id("cust-2"); }));
  EXPECT_TRUE(differs([](v1::Event& e) { e.set_source("till"); }));
  EXPECT_TRUE(differs([](v1::Event& e) { e.set_kind(v1::KIND_PURCHASE_REVERSED); }));
  EXPECT_TRUE(differs([](v1::Event& e) { e.set_duration_s(0); }));
  EXPECT_TRUE(differs([](v1::Event& e) { e.mutable_value(); }));
  EXPECT_TRUE(differs([](v1::Event& e) { e.set_payload(""); }));
}

TEST(CanonicalContentTest, DoesNotDependOnTheOrderOfPayloadFields) {
  // order (1) and promotion (4), both ways round.
  const std::string forth =
      "\x0A\x02"
      "A1"
      "\x22\x02"
      "P1";
  const std::string back =
      "\x22\x02"
      "P1"
      "\x0A\x02"
      "A1";
  v1::Event one = APurchaseRecord().event;
  v1::Event other = one;
  one.set_payload(forth);
  other.set_payload(back);
  EXPECT_EQ(CanonicalContent(one), CanonicalContent(other));

  v1::EventCorrected correction;
  correction.set_kind(v1::KIND_PURCHASE_MADE);
  one.set_kind(v1::KIND_EVENT_CORRECTED);
  other.set_kind(v1::KIND_EVENT_CORRECTED);
  correction.set_payload(forth);
  one.set_payload(correction.SerializeAsString());
  correction.set_payload(back);
  other.set_payload(correction.SerializeAsString());
  EXPECT_EQ(CanonicalContent(one), CanonicalContent(other));
}

TEST(CanonicalContentTest, KeepsUnknownFieldsAndBrokenPayloads) {
  v1::Event plain = APurchaseRecord().event;
  v1::Event newer = plain;
  UnknownFields(newer).AddVarint(99, 1);
  EXPECT_NE(CanonicalContent(newer), CanonicalContent(plain));
  plain.set_payload("\xFF");
  newer = plain;
  newer.set_payload("\xFE");
  EXPECT_NE(CanonicalContent(newer), CanonicalContent(plain));
}

}  // namespace
}  // namespace rapport::event
