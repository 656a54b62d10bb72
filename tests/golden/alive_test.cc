// P(alive) and its odds, row by row; the other functions of int_math.csv belong to the base.
#include <gtest/gtest.h>

#include <iostream>
#include <optional>

#include "projections/facts/alive.h"
#include "tests/kit/csv.h"
#include "tests/kit/standard_rules.h"

namespace rapport::facts {
namespace {

std::optional<int64_t> Call(const kit::Csv& csv, size_t row, const Prior& prior) {
  const std::string& function = csv.Text(row, "function");
  if (function == "alive_of_odds") return AliveOfOdds(csv.Number(row, "a"));
  if (function == "odds") {
    return Odds(prior, csv.Number(row, "a"), csv.Number(row, "b"), csv.Number(row, "c"));
  }
  if (function == "alive_ppm") {
    return AlivePpm(prior, csv.Number(row, "a"), csv.Number(row, "b"), csv.Number(row, "c"));
  }
  return std::nullopt;
}

TEST(AliveGolden, EveryRowMatches) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("int_math.csv"));
  const Prior& prior = kit::Standard().evaluate.prior;
  size_t compared = 0;
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    const std::optional<int64_t> result = Call(csv, row, prior);
    if (!result.has_value()) continue;
    ++compared;
    EXPECT_EQ(*result, csv.Number(row, "result")) << "row " << row + 1;
    equal += *result == csv.Number(row, "result") ? 1 : 0;
  }
  std::cout << "int_math.csv, alive: " << compared << " rows, " << equal << " equal\n";
  EXPECT_EQ(compared, 125u);
}

}  // namespace
}  // namespace rapport::facts
