#include "engine/event/touchpoint.h"

#include <gtest/gtest.h>

#include "tests/engine/event/event_record.h"
#include "tests/kit/status_matchers.h"

namespace rapport::event {
namespace {

using google::protobuf::FieldDescriptor;

TEST(TouchpointTest, SharesNumbersAndTypesWithEvent) {
  const auto* event = v1::Event::descriptor();
  const auto* touchpoint = v1::Touchpoint::descriptor();
  int shared = 0;
  for (int i = 0; i < event->field_count(); ++i) {
    const FieldDescriptor* field = event->field(i);
    const FieldDescriptor* twin = touchpoint->FindFieldByNumber(field->number());
    if (field->number() >= 3 && field->number() <= 5) continue;  // time, kind, payload
    ASSERT_NE(twin, nullptr) << field->name();
    EXPECT_EQ(twin->name(), field->name());
    EXPECT_EQ(twin->type(), field->type()) << field->name();
    EXPECT_EQ(twin->has_presence(), field->has_presence()) << field->name();
    ++shared;
  }
  EXPECT_EQ(event->field_count(), shared + 3);
}

TEST(TouchpointTest, ConvertsBothWaysWithoutLoss) {
  v1::Event event = APurchaseRecord().event;
  event.set_occurred_at_us(kOccurredAt + 123'456);
  event.set_duration_s(0);
  event.mutable_actor()->set_id("agent-1");
  event.mutable_cost()->set_currency("EUR");
  event.set_customer_feeling(-2);
  auto* measure = event.add_measures();
  measure->set_name("stars");
  measure->set_value(-5);
  UnknownFields(event).AddVarint(99, 7);
  const auto touchpoint = EventToTouchpoint(event);
  ASSERT_OK(touchpoint);
  EXPECT_EQ(touchpoint->purchase_made().order(), "A1");
  EXPECT_EQ(touchpoint->occurred_at().nanos(), 123'456'000);
  EXPECT_EQ(TouchpointToEvent(*touchpoint).SerializeAsString(), event.SerializeAsString());
}

TEST(TouchpointTest, OpensEveryKind) {
  for (const KindInfo& kind : AllKinds()) {
    v1::Event event;
    event.set_kind(kind.kind);
    const auto touchpoint = EventToTouchpoint(event);
    ASSERT_OK(touchpoint);
    EXPECT_EQ(touchpoint->detail_case(), 1000 + kind.kind);
    EXPECT_EQ(TouchpointToEvent(*touchpoint).SerializeAsString(), event.SerializeAsString());
  }
}

TEST(TouchpointTest, KeepsMomentsBefore1970) {
  v1::Event event = APurchaseRecord().event;
  event.set_occurred_at_us(-1);
  const auto touchpoint = EventToTouchpoint(event);
  ASSERT_OK(touchpoint);
  EXPECT_EQ(touchpoint->occurred_at().seconds(), -1);
  EXPECT_EQ(touchpoint->occurred_at().nanos(), 999'999'000);
  EXPECT_EQ(TouchpointToEvent(*touchpoint).occurred_at_us(), -1);
}

TEST(TouchpointTest, StaysInRangeWithAnyTimestamp) {
  v1::Touchpoint touchpoint;
  touchpoint.mutable_occurred_at()->set_seconds(INT64_MAX);
  EXPECT_EQ(TouchpointToEvent(touchpoint).occurred_at_us(), INT64_MAX);
  touchpoint.mutable_occurred_at()->set_seconds(INT64_MIN);
  EXPECT_EQ(TouchpointToEvent(touchpoint).occurred_at_us(), INT64_MIN);
}

TEST(TouchpointTest, DropsUnknownFieldsThatWouldBeginToMeanSomething) {
  v1::Event event = APurchaseRecord().event;
  // As Touchpoint these would be a broken PurchaseReversed and a broken time.
  UnknownFields(event).AddLengthDelimited(1011)->assign("\xFF");
  UnknownFields(event).AddLengthDelimited(3)->assign("\xFF");
  const auto opened = EventToTouchpoint(event);
  ASSERT_OK(opened);
  EXPECT_EQ(opened->detail_case(), v1::Touchpoint::kPurchaseMade);
  v1::Touchpoint again;
  EXPECT_TRUE(again.ParseFromString(opened->SerializeAsString()));

  v1::Touchpoint smuggler;
  auto* fields = smuggler.GetReflection()->MutableUnknownFields(&smuggler);
  fields->AddVarint(4, v1::KIND_PURCHASE_MADE);
  fields->AddLengthDelimited(5)->assign("\xFF");
  EXPECT_EQ(TouchpointToEvent(smuggler).ByteSizeLong(), 0u);
}

TEST(TouchpointTest, RefusesToOpenWhatItCannot) {
  v1::Event event = APurchaseRecord().event;
  event.set_payload("\xFF");
  EXPECT_THAT(EventToTouchpoint(event),
              kit::StatusIs(absl::StatusCode::kInvalidArgument, "PAYLOAD_MALFORMED: payload"));
  event.set_kind(static_cast<v1::Kind>(999));
  EXPECT_THAT(EventToTouchpoint(event),
              kit::StatusIs(absl::StatusCode::kInvalidArgument, "KIND_UNKNOWN: kind"));
  event = APurchaseRecord().event;
  event.set_occurred_at_us(INT64_MAX);
  EXPECT_THAT(EventToTouchpoint(event),
              kit::StatusIs(absl::StatusCode::kInvalidArgument, "TIME_OUT_OF_RANGE"));
}

}  // namespace
}  // namespace rapport::event
