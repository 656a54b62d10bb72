#include <gtest/gtest.h>

#include "engine/base/fixed_point.h"
#include "tests/kit/csv.h"

namespace rapport {
namespace {

TEST(IntMathTest, LogarithmsAndPowersMatchTheVectors) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("int_math.csv"));
  int compared = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    const std::string& function = csv.Text(row, "function");
    if (function != "log2" && function != "exp2" && function != "pow2") continue;
    const auto a = static_cast<uint64_t>(csv.Number(row, "a"));
    const int64_t result = csv.Number(row, "result");
    if (function == "log2") {
      EXPECT_EQ(Log2Q(a), result) << a;
    } else if (function == "exp2") {
      EXPECT_EQ(static_cast<int64_t>(Exp2Q(static_cast<uint32_t>(a))), result) << a;
    } else {
      EXPECT_EQ(static_cast<int64_t>(Pow2(static_cast<uint32_t>(a))), result) << a;
    }
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

TEST(IntMathTest, DecayMatchesTheVectors) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("decay.csv"));
  ASSERT_EQ(csv.rows.size(), 48u);
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    EXPECT_EQ(Decay(csv.Number(row, "value"), csv.Number(row, "age_days"),
                    csv.Number(row, "half_life_days")),
              csv.Number(row, "result"))
        << "row " << row;
  }
}

}  // namespace
}  // namespace rapport
