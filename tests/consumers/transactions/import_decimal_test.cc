#include "consumers/transactions/import_decimal.h"

#include "gtest/gtest.h"

namespace rapport::transactions {
namespace {

Decimal Of(absl::string_view text) {
  const auto number = Decimal::Parse(text);
  EXPECT_TRUE(number.has_value()) << text;
  return number.value_or(Decimal());
}

TEST(DecimalTest, ReadsSignsPointsAndBlanks) {
  EXPECT_EQ(Of("12").Scaled(0), 12);
  EXPECT_EQ(Of("-12.50").Scaled(2), -1250);
  EXPECT_EQ(Of("+.5").Scaled(1), 5);
  EXPECT_EQ(Of(" 7. ").Scaled(0), 7);
  EXPECT_EQ(Of("000000000000000000000012").Scaled(0), 12);
  EXPECT_EQ(Of("0.5000000000000000000000").Scaled(1), 5);
}

TEST(DecimalTest, RefusesWhatIsNoNumber) {
  for (const absl::string_view text :
       {"", " ", "-", ".", "1,5", "1e3", "0x10", "1 2", "--1", "12a", "nan", "1.2.3",
        "1234567890123456789", "0.1234567890123456789"}) {
    EXPECT_FALSE(Decimal::Parse(text).has_value()) << text;
  }
}

TEST(DecimalTest, AddsAndMultipliesExactly) {
  Decimal sum = Of("0.1");
  ASSERT_TRUE(sum.Add(Of("0.2")));
  EXPECT_EQ(sum.Scaled(18), 300'000'000'000'000'000);
  Decimal product = Of("-3");
  ASSERT_TRUE(product.Multiply(Of("2.55")));
  EXPECT_EQ(product.Scaled(2), -765);
  EXPECT_EQ(product.Sign(), -1);
  EXPECT_EQ(product.Negated().Scaled(2), 765);
}

TEST(DecimalTest, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(Of("0.0000005").Scaled(6), 1);
  EXPECT_EQ(Of("-0.0000005").Scaled(6), -1);
  EXPECT_EQ(Of("0.00000049").Scaled(6), 0);
}

TEST(DecimalTest, TellsWholeNumbers) {
  EXPECT_EQ(Of("4.00").Whole(), 4);
  EXPECT_EQ(Of("4.01").Whole(), std::nullopt);
}

TEST(DecimalTest, TellsWhenAResultIsTooGreat) {
  Decimal product = Of("999999999999999999");
  ASSERT_TRUE(product.Multiply(Of("999999999999999999")));
  const Decimal before = product;
  EXPECT_FALSE(product.Multiply(Of("100")));
  EXPECT_EQ(product.Sign(), before.Sign());
  EXPECT_EQ(product.Scaled(0), std::nullopt);
  Decimal sum = product;
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(sum.Add(product));
  for (int i = 0; i < 9; ++i) {
    if (!sum.Add(sum)) return;
  }
  FAIL() << "the sum grew without end";
}

}  // namespace
}  // namespace rapport::transactions
