// The score's lines for given inputs, row by row.
#include <gtest/gtest.h>

#include <iostream>

#include "projections/loyalty/score.h"
#include "tests/kit/csv.h"
#include "tests/kit/standard_rules.h"

namespace rapport::loyalty {
namespace {

using kit::Csv;

constexpr const char* kLineColumns[kLines] = {"rhythm",         "outlook",         "value",
                                              "sentiment_plus", "sentiment_minus", "advocacy",
                                              "dialogue",       "friction",        "limit"};

TEST(ComponentsGolden, EveryRowMatches) {
  const Csv csv = kit::ReadCsv(kit::GoldenPath("components.csv"));
  const facts::EvaluateRules& rules = kit::Standard().evaluate;
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    facts::Reading reading(facts::Facts{}, rules);
    reading.rhythm = csv.Number(row, "S");
    reading.expected = csv.Number(row, "E");
    reading.spend = csv.Number(row, "M");
    reading.sentiment_plus = csv.Number(row, "P");
    reading.sentiment_minus = csv.Number(row, "N");
    reading.advocacy = csv.Number(row, "A");
    reading.dialogue = csv.Number(row, "D");
    reading.friction = csv.Number(row, "F");
    const ScoreLines score = Score(reading, rules);
    bool same = score.total == csv.Number(row, "total_millipoints") &&
                score.points() == csv.Number(row, "points");
    for (int i = 0; i < kLines; ++i) {
      EXPECT_EQ(score.milli[i], csv.Number(row, kLineColumns[i]))
          << "row " << row + 1 << ", " << kLineColumns[i];
      same &= score.milli[i] == csv.Number(row, kLineColumns[i]);
    }
    EXPECT_EQ(score.total, csv.Number(row, "total_millipoints")) << "row " << row + 1;
    EXPECT_EQ(score.points(), csv.Number(row, "points")) << "row " << row + 1;
    equal += same ? 1 : 0;
  }
  std::cout << "components.csv: " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), 60u);
}

}  // namespace
}  // namespace rapport::loyalty
