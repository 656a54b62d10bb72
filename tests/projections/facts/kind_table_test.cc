#include "projections/facts/kind_table.h"

#include <gtest/gtest.h>

#include "projections/facts/fold.h"
#include "tests/kit/event_builder.h"

namespace rapport::facts {
namespace {

using kit::AnEvent;

TEST(KindTableTest, HasEveryKindOfTheContractOnce) {
  const auto* kinds = v1::Kind_descriptor();
  ASSERT_EQ(kinds->value_count(), kKindCount);
  for (int i = 1; i < kinds->value_count(); ++i) {
    const auto kind = static_cast<v1::Kind>(kinds->value(i)->number());
    const int index = KindIndex(kind);
    EXPECT_GE(index, 1) << kinds->value(i)->name();
    EXPECT_EQ(KindAt(index), kind) << kinds->value(i)->name();
  }
}

TEST(KindTableTest, UnknownKindsHaveNoPlaceAndFoldNothing) {
  for (const int number : {-1, 0, 9, 20, 186, 899, 901, 1'000'000}) {
    EXPECT_EQ(KindIndex(static_cast<v1::Kind>(number)), 0) << number;
    EXPECT_EQ(By(static_cast<v1::Kind>(number)), Side::kNeutral) << number;
    EXPECT_FALSE(Folds(static_cast<v1::Kind>(number))) << number;
  }
}

TEST(KindTableTest, KnowsWhoseActAKindIs) {
  EXPECT_EQ(By(v1::KIND_PURCHASE_MADE), Side::kCustomer);
  EXPECT_EQ(By(v1::KIND_MEETING_HELD), Side::kCustomer);
  EXPECT_EQ(By(v1::KIND_ENCOUNTER_NOTED), Side::kVendor);
  EXPECT_EQ(By(v1::KIND_THANKS_GIVEN), Side::kVendor);
  EXPECT_EQ(By(v1::KIND_COMPLAINT_ESCALATED), Side::kNeutral);
  EXPECT_EQ(By(v1::KIND_PROFILE_RECORDED), Side::kTechnical);
}

TEST(KindTableTest, LeavesTheEnginesOwnKindsUnfolded) {
  for (const v1::Kind kind :
       {v1::KIND_EVENT_RETRACTED, v1::KIND_EVENT_CORRECTED, v1::KIND_CUSTOMER_MERGED,
        v1::KIND_CUSTOMER_SPLIT, v1::KIND_ERASURE_REQUESTED, v1::KIND_ERASURE_COMPLETED,
        v1::KIND_ALIAS_LINKED}) {
    EXPECT_FALSE(Folds(kind)) << v1::Kind_Name(kind);
  }
  EXPECT_TRUE(Folds(v1::KIND_PROFILE_RECORDED));
  EXPECT_TRUE(Folds(v1::KIND_PURCHASE_MADE));
  EXPECT_TRUE(Folds(v1::KIND_CUSTOM_TOUCHPOINT));
}

TEST(KindTableTest, KeyIsTheFirstFieldOfThePayloadWhereItIsAText) {
  for (int index = 1; index < kKindCount; ++index) {
    const v1::Kind kind = KindAt(index);
    if (!Folds(kind) || By(kind) >= Side::kTechnical) continue;
    kit::EventBuilder event = AnEvent(kind);
    const auto* first = event.payload().GetDescriptor()->FindFieldByNumber(1);
    const bool is_text =
        first != nullptr && first->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
    if (is_text) event.Key("K1");
    EXPECT_EQ(KeyOf(event.View()), is_text ? "K1" : "") << v1::Kind_Name(kind);
  }
}

TEST(KindTableTest, CustomerBeginsTheirOwnActsUnlessSomebodyElseIsNamed) {
  kit::EventBuilder purchase = kit::APurchase();
  EXPECT_TRUE(IsBegunByCustomer(purchase.View(), Side::kCustomer));
  purchase.envelope().set_initiator(v1::INITIATOR_VENDOR);
  EXPECT_FALSE(IsBegunByCustomer(purchase.View(), Side::kCustomer));
  kit::EventBuilder thanks = AnEvent(v1::KIND_THANKS_GIVEN);
  EXPECT_FALSE(IsBegunByCustomer(thanks.View(), Side::kVendor));
  thanks.envelope().set_initiator(v1::INITIATOR_CUSTOMER);
  EXPECT_TRUE(IsBegunByCustomer(thanks.View(), Side::kVendor));
}

TEST(KindTableTest, NumbersOfCustomKindsTellWhoseActTheyAre) {
  EXPECT_LT(v1::Kind_MAX, kCustomKinds);
  for (const Side side : {Side::kNeutral, Side::kCustomer, Side::kVendor}) {
    for (int place = 0; place < kCustomKindsMax; ++place) {
      const uint16_t number = CustomKindNumber(side, place);
      EXPECT_GE(number, kCustomKinds);
      EXPECT_EQ(SideOf(number), side);
      EXPECT_EQ(PlaceOfCustomKind(number), place);
    }
  }
  EXPECT_EQ(SideOf(v1::KIND_PURCHASE_MADE), Side::kCustomer);
}

TEST(KindTableTest, CustomTouchpointsAreKnownByTheirKeyAndNotByTheirKind) {
  kit::EventBuilder event = AnEvent(v1::KIND_CUSTOM_TOUCHPOINT);
  event.Set("custom_kind", "visit").Set("key", "K1");
  EXPECT_EQ(KeyOf(event.View()), "K1");
}

}  // namespace
}  // namespace rapport::facts
