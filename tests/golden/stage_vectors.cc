#include "tests/golden/stage_vectors.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "projections/facts/fold.h"
#include "projections/stage/course.h"
#include "tests/kit/standard_rules.h"

namespace rapport::stage {
namespace {

std::string Suffix(const std::string& name, absl::string_view prefix) {
  return name.substr(prefix.size());
}

// Everything that a row states, in one line.
std::string Told(const facts::StageState& state, int64_t friction, const std::string& next) {
  const std::string reason = state.reason == v1::STAGE_REASON_UNSPECIFIED
                                 ? ""
                                 : Suffix(v1::StageReason_Name(state.reason), "STAGE_REASON_");
  return absl::StrJoin({Suffix(v1::Stage_Name(state.stage), "STAGE_"), std::string(state.rule),
                        reason, FlagNames(state.flags), absl::StrCat(friction), next},
                       " | ");
}

std::string Step(const Course& course, int64_t day) {
  const facts::StageState now = course.At(day);
  for (int64_t later = day + 1; later <= day + kSteppedDays; ++later) {
    if (course.At(later) != now) return absl::StrCat(later);
  }
  return "";
}

}  // namespace

std::string FlagNames(uint32_t flags) {
  std::vector<std::string> names;
  for (int flag = v1::Flag_MIN; flag <= v1::Flag_MAX; ++flag) {
    if ((flags >> flag) & 1) names.push_back(Suffix(v1::Flag_Name(v1::Flag(flag)), "FLAG_"));
  }
  return absl::StrJoin(names, ";");
}

bool MatchesRow(const std::vector<kit::EventBuilder>& events, int64_t as_of_us, const kit::Csv& csv,
                size_t row) {
  const kit::StandardRules& rules = kit::Standard();
  facts::Facts facts;
  for (const kit::EventBuilder& event : events) facts::Fold(facts, event.View(), rules.fold);
  const facts::Reading reading = facts::Read(facts, as_of_us, rules.fold, rules.evaluate);
  const Course course(facts, reading, rules.evaluate);
  const std::optional<int64_t> next = course.NextChangeDay(reading.day);

  const std::string told =
      Told(course.At(reading.day), reading.friction, next.has_value() ? absl::StrCat(*next) : "");
  const std::string expected = absl::StrJoin(
      {csv.Text(row, "stage"), csv.Text(row, "rule"), csv.Text(row, "reason"),
       csv.Text(row, "flags"), csv.Text(row, "friction_F"), csv.Text(row, "next_stage_change_day")},
      " | ");
  const std::string stepped = Step(course, reading.day);
  const std::string where =
      absl::StrCat("case ", csv.Text(row, "case"), ": ", csv.Text(row, "note"));
  EXPECT_EQ(told, expected) << where;
  EXPECT_EQ(stepped, csv.Text(row, "next_stage_change_day")) << where << ", stepping day by day";
  return told == expected && stepped == csv.Text(row, "next_stage_change_day");
}

}  // namespace rapport::stage
