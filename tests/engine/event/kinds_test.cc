#include "engine/event/kinds.h"

#include <gtest/gtest.h>

namespace rapport::event {
namespace {

TEST(KindsTest, KnowsEveryNumberOfTheContract) {
  const auto* numbers = v1::Kind_descriptor();
  for (int i = 0; i < numbers->value_count(); ++i) {
    const auto kind = static_cast<v1::Kind>(numbers->value(i)->number());
    if (kind == v1::KIND_UNSPECIFIED) continue;
    ASSERT_NE(FindKind(kind), nullptr) << numbers->value(i)->name();
    EXPECT_EQ(FindKind(kind)->kind, kind);
  }
  EXPECT_EQ(AllKinds().size(), static_cast<size_t>(numbers->value_count() - 1));
}

TEST(KindsTest, NamesMessageFieldAndPrototype) {
  const KindInfo* kind = FindKindByName("FulfilmentStepDone");
  ASSERT_NE(kind, nullptr);
  EXPECT_EQ(kind->kind, v1::KIND_FULFILMENT_STEP_DONE);
  EXPECT_EQ(kind->field_name, "fulfilment_step_done");
  EXPECT_EQ(kind->prototype->GetTypeName(), "rapport.v1.FulfilmentStepDone");
}

TEST(KindsTest, KnowsNoOtherNumberOrName) {
  for (const int number : {-1, 0, 9, 20, 186, 899, 901, 1 << 30}) {
    EXPECT_EQ(FindKind(static_cast<v1::Kind>(number)), nullptr) << number;
  }
  EXPECT_EQ(FindKindByName("Purchase"), nullptr);
  EXPECT_EQ(FindKindByName("purchase_made"), nullptr);
}

TEST(KindsTest, AreSortedByNumber) {
  for (size_t i = 1; i < AllKinds().size(); ++i) {
    EXPECT_LT(AllKinds()[i - 1].kind, AllKinds()[i].kind);
  }
}

}  // namespace
}  // namespace rapport::event
