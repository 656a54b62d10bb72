// What is owed, row by row, under the eleven policies of the golden vectors.
#include <gtest/gtest.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "tests/kit/csv.h"
#include "tests/kit/follow_up_world.h"

namespace rapport::follow_up {
namespace {

// The vectors looked for the next change by stepping through so many hours.
constexpr int64_t kSteppedHours = 400 * 24;

TEST(FollowUpsGolden, EveryRowMatches) {
  const kit::Csv csv = kit::ReadCsv(kit::GoldenPath("follow_ups.csv"));
  size_t equal = 0;
  for (size_t row = 0; row < csv.rows.size(); ++row) {
    kit::FollowUpWorld world(kit::GoldenPolicies(csv.Number(row, "utc_offset_hours")));
    world.Add(csv.Text(row, "events_hour_kind_key_n"));
    const int64_t hour = csv.Number(row, "as_of_hour");
    const std::string owed = world.At(hour);
    std::optional<int64_t> next = world.NextChangeHour(hour);
    if (next.has_value() && *next > hour + kSteppedHours) next.reset();
    const std::string next_text = next.has_value() ? absl::StrCat(*next) : "";

    const std::string& owed_expected =
        csv.Text(row, "follow_ups_policy_anchor_status_reason_opened_from_by_until");
    const std::string& next_expected = csv.Text(row, "next_follow_up_change_hour");
    const std::string where =
        absl::StrCat("case ", csv.Text(row, "case"), ": ", csv.Text(row, "note"));
    EXPECT_EQ(owed, owed_expected) << where;
    EXPECT_EQ(next_text, next_expected) << where;
    equal += owed == owed_expected && next_text == next_expected ? 1 : 0;
  }
  std::cout << "follow_ups.csv: " << csv.rows.size() << " rows, " << equal << " equal\n";
  EXPECT_EQ(csv.rows.size(), 145u);
}

}  // namespace
}  // namespace rapport::follow_up
