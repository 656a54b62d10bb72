// Shares by largest remainder, row by row.
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "projections/facts/attribution.h"
#include "tests/kit/csv.h"

namespace rapport::facts {
namespace {

// Weights go beyond 64 bits.
uint128 ToWide(absl::string_view text) {
  uint128 value = 0;
  for (const char c : text) value = 10 * value + static_cast<unsigned>(c - '0');
  return value;
}

TEST(AttributionGolden, EveryRowMatches) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("attribution.csv"));
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    std::vector<uint128> weights;
    for (const absl::string_view weight :
         absl::StrSplit(csv.Text(row, "weights_in_time_order"), ';')) {
      weights.push_back(ToWide(weight));
    }
    const std::string shares =
        absl::StrJoin(Attribute(csv.Number(row, "millipoints"), weights), ";");
    EXPECT_EQ(shares, csv.Text(row, "shares")) << "row " << row + 1;
    equal += shares == csv.Text(row, "shares") ? 1 : 0;
  }
  std::cout << "attribution.csv: " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), 34u);
}

}  // namespace
}  // namespace rapport::facts
