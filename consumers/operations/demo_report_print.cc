// How the report of the demo looks on a terminal.
#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/operations/demo_report.h"
#include "consumers/operations/output.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr v1::Stage kStages[] = {v1::STAGE_COMMITMENT, v1::STAGE_EXPANSION, v1::STAGE_EXPLORATION,
                                 v1::STAGE_AWARENESS, v1::STAGE_DISSOLUTION};
constexpr absl::string_view kSortNames[kNeedSorts] = {"with overdue work",
                                                      "AT_RISK",
                                                      "DAMAGED",
                                                      "with work due",
                                                      "with an overdue courtesy or offer",
                                                      "with a courtesy or offer due"};

std::string StageCell(const DemoReport& report, v1::Stage stage) {
  const auto found = report.stages.find(stage);
  const int64_t count = found == report.stages.end() ? 0 : found->second;
  const int64_t percent =
      report.customers == 0 ? 0 : (200 * count + report.customers) / (2 * report.customers);
  return absl::StrCat(Pad(StageName(stage), 12), Pad(Thousands(count), -7),
                      Pad(absl::StrCat(percent), -5), " %");
}

std::string OwedCell(const v1::PolicyCount& count) {
  return absl::StrCat(
      Pad(count.policy(), 21), Pad(Thousands(count.due()), -6),
      count.overdue() == 0 ? "" : absl::StrCat("   ", Thousands(count.overdue()), " overdue"));
}

std::string WordsOf(const v1::FollowUp& follow_up, int64_t now_us) {
  return absl::StrCat(DueText(follow_up, now_us), ": ", follow_up.text());
}

// The reason in words: of the follow-up, or of the flag and of the work that may mend it.
std::string WhyOf(const DemoNeed& need, int64_t now_us) {
  if (!need.follow_up.policy().empty()) return WordsOf(need.follow_up, now_us);
  const v1::Flag wanted = need.sort == NeedSort::kAtRisk ? v1::FLAG_AT_RISK : v1::FLAG_DAMAGED;
  std::string why;
  for (const v1::FlagState& state : need.standing.flags()) {
    if (state.flag() == wanted) why = state.receipt().text();
  }
  for (const v1::FollowUp& follow_up : need.standing.follow_ups()) {
    if (follow_up.class_() != v1::FOLLOW_UP_CLASS_WORK ||
        follow_up.status() != v1::FOLLOW_UP_STATUS_DUE) {
      continue;
    }
    return absl::StrCat(WordsOf(follow_up, now_us), " ", why);
  }
  return why;
}

std::string StandOf(const v1::Standing& standing) {
  std::vector<std::string> parts = {StageName(standing.stage()),
                                    absl::StrCat("score ", standing.score())};
  for (const v1::Line& line : standing.lines()) {
    if (line.line() != v1::SCORE_LINE_FRICTION || line.milli_points() > -1000) continue;
    parts.push_back(absl::StrCat(line.milli_points() / 1000, " by complaints"));
  }
  for (const v1::FlagState& state : standing.flags()) parts.push_back(FlagName(state.flag()));
  return absl::StrJoin(parts, ", ");
}

void PrintBase(const DemoReport& report) {
  std::printf("\n%s%s\n", Pad("Relationships today", 32).c_str(), "Owed today");
  const size_t rows = std::max(std::size(kStages), report.owed.size());
  for (size_t i = 0; i < rows; ++i) {
    const std::string stage = i < std::size(kStages) ? StageCell(report, kStages[i]) : "";
    const std::string owed = i < report.owed.size() ? OwedCell(report.owed[i]) : "";
    std::printf("  %s%s\n", owed.empty() ? stage.c_str() : Pad(stage, 30).c_str(), owed.c_str());
  }
}

void PrintFirst(const DemoReport& report) {
  std::printf("\nWho needs you first, and why\n");
  std::array<int64_t, kNeedSorts> left = report.needs;
  for (const DemoNeed& need : report.first) {
    --left[static_cast<size_t>(need.sort)];
    std::printf("  %s %s\n  %s %s\n", Pad(need.customer_id, 12).c_str(),
                WhyOf(need, report.as_of_us).c_str(), Pad("", 12).c_str(),
                StandOf(need.standing).c_str());
  }
  if (report.first.empty()) std::printf("  nobody: nothing is due and nobody is at risk\n");
  std::vector<std::string> more;
  for (size_t sort = 0; sort < kNeedSorts; ++sort) {
    if (left[sort] > 0) more.push_back(absl::StrCat(Thousands(left[sort]), " ", kSortNames[sort]));
  }
  if (!more.empty()) std::printf("  and %s\n", absl::StrJoin(more, ", ").c_str());
}

}  // namespace

void PrintDemoReport(const DemoReport& report) {
  PrintBase(report);
  PrintFirst(report);
  const auto now = report.stages.find(v1::STAGE_COMMITMENT);
  std::printf("\n%ld days ago  %s: COMMITMENT %s (now %s)\n", static_cast<long>(kDemoDaysBefore),
              FormatDay(DayOf(report.as_of_us) - kDemoDaysBefore).c_str(),
              Thousands(report.committed_before).c_str(),
              Thousands(now == report.stages.end() ? 0 : now->second).c_str());
  std::fflush(stdout);
}

}  // namespace rapport::operations
