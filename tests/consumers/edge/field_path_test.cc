// What errors call the fields of an event, as log, proto and JSON have them.
#include "consumers/edge/field_path.h"

#include <gtest/gtest.h>

#include "consumers/edge/rpc_status.h"

namespace rapport::edge {
namespace {

v1::Touchpoint Purchase() {
  v1::Touchpoint touchpoint;
  touchpoint.mutable_purchase_made();
  return touchpoint;
}

std::string AsPurchase(const char* message) {
  return std::string(AsTouchpoint(absl::InvalidArgumentError(message), Purchase()).message());
}

TEST(FieldPathTest, ATouchpointHasItsKindInThePlaceOfThePayload) {
  EXPECT_EQ(AsPurchase("FIELD_INVALID: payload.items[2].quantity_milli: must not be negative"),
            "FIELD_INVALID: purchase_made.items[2].quantity_milli: must not be negative");
  EXPECT_EQ(AsPurchase("PAYLOAD_MALFORMED: payload: is cut"),
            "PAYLOAD_MALFORMED: purchase_made: is cut");
  EXPECT_EQ(AsPurchase("TIME_OUT_OF_RANGE: occurred_at_us: must lie before 2100"),
            "TIME_OUT_OF_RANGE: occurred_at: must lie before 2100");
}

TEST(FieldPathTest, AReadMaskIsNamedAsJsonHasItsPaths) {
  v1::ErrorStatus error = ToErrorStatus(absl::InvalidArgumentError(
      "FIELD_INVALID: read_mask: `standing.score_mili` is no field: Standing has no `score_mili`; "
      "did you mean score_milli?"));
  PutInJson(error);
  const std::string sentence =
      "`standing.scoreMili` is no field: Standing has no `scoreMili`; did you mean scoreMilli?";
  EXPECT_EQ(error.message(), "readMask: " + sentence);
  v1::BadRequest told;
  ASSERT_TRUE(error.details(1).UnpackTo(&told));
  EXPECT_EQ(told.field_violations(0).field(), "readMask");
  EXPECT_EQ(told.field_violations(0).description(), sentence);
  EXPECT_EQ(InJson(absl::InvalidArgumentError("FIELD_INVALID: step_us: is no span_us")).message(),
            "FIELD_INVALID: stepUs: is no span_us");
}

TEST(FieldPathTest, AnItemIsNamedUntilSomebodyKnowsBetter) {
  v1::ErrorStatus error;
  error.set_message("customer_id: must not be empty");
  NameItem(7, error);
  EXPECT_EQ(error.message(), "customer_id: must not be empty (items[7])");
  UnnameItem(6, error);
  EXPECT_EQ(error.message(), "customer_id: must not be empty (items[7])");
  UnnameItem(7, error);
  EXPECT_EQ(error.message(), "customer_id: must not be empty");
}

TEST(FieldPathTest, WhatBothHaveKeepsItsName) {
  for (const char* message :
       {"FIELD_INVALID: customer_id: is personal", "FIELD_INVALID: payloads.x: is no payload",
        "TOO_LARGE: the event is over 64 KiB", "FIELD_INVALID: says payload.x: here"}) {
    EXPECT_EQ(AsPurchase(message), message);
  }
  const absl::Status conflict = absl::AlreadyExistsError("EVENT_ID_CONFLICT: payload.x: differs");
  EXPECT_EQ(AsTouchpoint(conflict, Purchase()), conflict);
}

TEST(FieldPathTest, ATouchpointWithoutAKindIsToldSo) {
  const absl::Status status =
      AsTouchpoint(absl::InvalidArgumentError("FIELD_INVALID: kind: is missing; say what happened"),
                   v1::Touchpoint());
  EXPECT_EQ(status.message(),
            "FIELD_INVALID: names no kind; say what happened, such as purchaseMade (ListKinds "
            "tells all)");
}

TEST(FieldPathTest, TheReasonsDetailsGoAlong) {
  absl::Status status = absl::InvalidArgumentError("FIELD_INVALID: payload.order: is missing");
  AddMetadata("line", "3", status);
  v1::ErrorInfo info;
  ASSERT_TRUE(ToErrorStatus(AsTouchpoint(status, Purchase())).details(0).UnpackTo(&info));
  ASSERT_EQ(info.metadata_size(), 1);
  EXPECT_EQ(info.metadata(0).value(), "3");
}

TEST(FieldPathTest, JsonWritesItInLowerCamel) {
  EXPECT_EQ(JsonPath("purchase_made.items[2].quantity_milli"),
            "purchaseMade.items[2].quantityMilli");
  EXPECT_EQ(JsonPath("order"), "order");
  EXPECT_EQ(InJson(absl::InvalidArgumentError("FIELD_INVALID: customer_id: is_so")).message(),
            "FIELD_INVALID: customerId: is_so");
  const absl::Status unknown = absl::NotFoundError("CUSTOMER_UNKNOWN: customer_id: nobody");
  EXPECT_EQ(InJson(unknown), unknown);
}

TEST(FieldPathTest, AnAttributeOfACloudEventKeepsItsName) {
  v1::ErrorStatus error =
      ToErrorStatus(absl::InvalidArgumentError("FIELD_INVALID: data_base64: must be base64"));
  PutInJson(error);
  EXPECT_EQ(error.message(), "data_base64: must be base64");
  v1::BadRequest bad;
  ASSERT_TRUE(error.details(1).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations(0).field(), "data_base64");
}

TEST(FieldPathTest, TheDetailsOfAnErrorNameFieldsAsItsMessageDoes) {
  v1::ErrorStatus error =
      ToErrorStatus(absl::InvalidArgumentError("FIELD_INVALID: page_size: must not be negative"));
  PutInJson(error);
  EXPECT_EQ(error.message(), "pageSize: must not be negative");
  v1::BadRequest bad;
  ASSERT_TRUE(error.details(1).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations(0).field(), "pageSize");
  EXPECT_EQ(bad.field_violations(0).description(), "must not be negative");
}

}  // namespace
}  // namespace rapport::edge
