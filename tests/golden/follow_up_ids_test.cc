// Ids of follow-ups, row by row.
#include <gtest/gtest.h>

#include <iostream>

#include "engine/base/hash.h"
#include "projections/follow_up/candidates.h"
#include "tests/kit/csv.h"

namespace rapport::follow_up {
namespace {

TEST(FollowUpIdsGolden, EveryRowMatches) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("follow_up_ids.csv"));
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    const std::string id = Hex(
        FollowUpId(csv.Text(row, "customer_id"), csv.Text(row, "policy"), csv.Text(row, "anchor")));
    const std::string& expected = csv.Text(row, "follow_up_id_hex");
    EXPECT_EQ(id, expected) << "row " << row + 1;
    equal += id == expected ? 1 : 0;
  }
  std::cout << "follow_up_ids.csv: " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), 12u);
}

}  // namespace
}  // namespace rapport::follow_up
