// The edges of the integer mathematics; everything between is covered by the golden vectors.
#include "engine/base/fixed_point.h"

#include <gtest/gtest.h>

namespace rapport {
namespace {

TEST(FixedPointTest, PowersOfTwoBeginAtOneAndStayBelowTwo) {
  EXPECT_EQ(Exp2Q(0), uint64_t{1} << 30);
  EXPECT_LT(Exp2Q(65535), uint64_t{1} << 31);
  EXPECT_EQ(Pow2(0), uint64_t{1} << 20);
  EXPECT_LT(Pow2(1023), uint64_t{1} << 21);
  for (uint32_t i = 1; i < 1024; ++i) ASSERT_LT(Pow2(i - 1), Pow2(i)) << i;
}

TEST(FixedPointTest, LogarithmsOfPowersAreWhole) {
  for (int k = 0; k < 63; ++k) EXPECT_EQ(Log2Q(uint64_t{1} << k), int64_t{k} << 16) << k;
  EXPECT_LE(Log2Q((uint64_t{1} << 63) - 1), int64_t{63} << 16);
}

TEST(FixedPointDeathTest, ALogarithmOfZeroOrOfTooMuchStopsTheProcess) {
  EXPECT_DEATH(Log2Q(0), "broken invariant");
  EXPECT_DEATH(Log2Q(uint64_t{1} << 63), "broken invariant");
  EXPECT_DEATH(Exp2Q(65536), "broken invariant");
}

TEST(FixedPointTest, DecayHalvesAndNeverWraps) {
  EXPECT_EQ(Decay(1000, 0, 30), 1000);
  EXPECT_EQ(Decay(1000, 30, 30), 500);
  EXPECT_EQ(Decay(INT64_MAX, 0, 1), INT64_MAX);
  EXPECT_EQ(Decay(INT64_MAX, 62, 1), 1);
  EXPECT_EQ(Decay(INT64_MAX, 100'000, 1), 0);
  EXPECT_EQ(Decay(0, 7, 30), 0);
}

TEST(FixedPointTest, DivisionFloorsBelowZeroToo) {
  EXPECT_EQ(FloorDiv128(7, 2), 3);
  EXPECT_EQ(FloorDiv128(-7, 2), -4);
  EXPECT_EQ(FloorDiv128(-8, 2), -4);
}

TEST(FixedPointTest, AdditionStaysAtTheGreatestNumber) {
  EXPECT_EQ(SaturatingAdd(1, 2), 3);
  EXPECT_EQ(SaturatingAdd(INT64_MAX, 1), INT64_MAX);
  EXPECT_EQ(SaturatingAdd(INT64_MAX - 1, 1), INT64_MAX);
}

}  // namespace
}  // namespace rapport
