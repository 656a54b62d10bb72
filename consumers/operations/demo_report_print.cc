// How the report of the demo looks on a terminal.
#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "consumers/operations/demo_report.h"
#include "consumers/operations/demo_rules.h"
#include "consumers/operations/output.h"
#include "consumers/operations/rules_words.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

constexpr v1::Stage kStages[] = {v1::STAGE_COMMITMENT, v1::STAGE_EXPANSION, v1::STAGE_EXPLORATION,
                                 v1::STAGE_AWARENESS, v1::STAGE_DISSOLUTION};
constexpr size_t kCrowdedMax = 5;
constexpr absl::string_view kSortNames[kNeedSorts] = {
    "with overdue work",
    "AT_RISK",
    "DAMAGED",
    "with work due",
    "with a courtesy, an offer or inside work overdue",
    "with such due"};

std::string StageCell(const DemoReport& report, v1::Stage stage) {
  const auto found = report.stages.find(stage);
  const int64_t count = found == report.stages.end() ? 0 : found->second;
  const int64_t percent =
      report.customers == 0 ? 0 : (200 * count + report.customers) / (2 * report.customers);
  return absl::StrCat(Pad(StageName(stage), 12), Pad(Thousands(count), -7),
                      Pad(absl::StrCat(percent), -5), " %");
}

std::string OwedCell(const DemoOwed& owed) {
  return absl::StrCat(
      Pad(owed.policy, 21), Pad(Thousands(owed.due), -6),
      owed.overdue == 0 ? "" : absl::StrCat("   ", Thousands(owed.overdue), " overdue"));
}

std::string WordsOf(const v1::FollowUp& follow_up, int64_t now_us) {
  return absl::StrCat(DueText(follow_up, now_us), ": ", follow_up.text());
}

int64_t InputOf(const v1::Receipt& receipt, absl::string_view name) {
  for (const v1::ReceiptInput& input : receipt.inputs()) {
    if (input.name() == name) return input.value();
  }
  return 0;
}

// `At risk: no purchase since 2026-03-02, 75 days ago, with one about every 31 days before; ...`
std::string RiskWords(const DemoNeed& need, const v1::Receipt& receipt) {
  const int64_t gap = InputOf(receipt, "gap");
  // Missed expectations put at risk without a gap.
  if (receipt.text().find("no purchase for") == std::string::npos) return receipt.text();
  return absl::StrCat("At risk: no purchase since ",
                      FormatDay(DayOf(need.standing.as_of_us()) - gap), ", ", gap,
                      " days ago, with one about every ", need.standing.outlook().cadence_days(),
                      " days before", need.unasked ? ", and nobody has asked how things are" : "",
                      "; EUR ", MoneyText(need.spent_centi * 10'000), " spent so far.");
}

// `Damaged, because of ComplaintRaised case-7 on 2026-11-17: 1 complaint counts 2.250 units ...`
// What is to be done about it comes first.
std::string DamageWords(const v1::Standing& standing, int64_t now_us) {
  const v1::FollowUp* latest = nullptr;
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    if (follow_up.policy() != "complaint_resolve") continue;
    if (follow_up.status() == v1::FOLLOW_UP_STATUS_DUE) return WordsOf(follow_up, now_us);
    if (latest == nullptr || latest->opened_at_us() < follow_up.opened_at_us()) {
      latest = &follow_up;
    }
  }
  std::string why = "Damaged";
  const size_t because = latest == nullptr ? std::string::npos : latest->text().find(", because");
  if (because != std::string::npos) {
    absl::StrAppend(&why, absl::StripSuffix(latest->text().substr(because), "."));
  }
  for (const v1::Line& line : standing.lines()) {
    if (line.line() == v1::SCORE_LINE_FRICTION) absl::StrAppend(&why, ": ", line.receipt().text());
  }
  return why;
}

// The reason in one sentence with what happened and when: of the follow-up, or of the flag.
std::string WhyOf(const DemoNeed& need, int64_t now_us) {
  if (!need.follow_up.policy().empty()) return WordsOf(need.follow_up, now_us);
  if (need.sort == NeedSort::kDamaged) return DamageWords(need.standing, now_us);
  for (const v1::FlagState& state : need.standing.flags()) {
    if (state.flag() == v1::FLAG_AT_RISK) return RiskWords(need, state.receipt());
  }
  return "";
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

// `2 in 7 days`.
std::string BudgetWords() {
  const v1::BudgetRules& budget = DemoRules().budget();
  return absl::StrCat(budget.contacts(), " in ", MomentInWords(budget.window()));
}

// How much the limits of what nobody asked for hold back.
void PrintContacts(const DemoContacts& contacts) {
  std::vector<std::string> reasons = {
      absl::StrCat(Thousands(contacts.by_budget), " by the budget of ", BudgetWords())};
  const auto add = [&](int64_t count, absl::string_view why) {
    if (count > 0) reasons.push_back(absl::StrCat(Thousands(count), " ", why));
  };
  add(contacts.by_open_case, "by an open complaint");
  add(contacts.by_refusal, "by refusal");
  add(contacts.otherwise, "otherwise");
  const int64_t held =
      contacts.by_budget + contacts.by_open_case + contacts.by_refusal + contacts.otherwise;
  std::printf("\nHeld back   %s of %s contacts nobody asked for: %s\n", Thousands(held).c_str(),
              Thousands(contacts.all).c_str(), absl::StrJoin(reasons, ", ").c_str());
  std::vector<std::pair<int64_t, std::string>> most;
  for (const auto& [policy, count] : contacts.crowded_out) most.emplace_back(-count, policy);
  std::sort(most.begin(), most.end());
  if (most.size() > kCrowdedMax) most.resize(kCrowdedMax);
  std::vector<std::string> parts;
  for (const auto& [count, policy] : most) {
    parts.push_back(absl::StrCat(policy, " ", Thousands(-count)));
  }
  if (!parts.empty()) {
    std::printf("            most often %s\n", absl::StrJoin(parts, ", ").c_str());
  }
}

// In order of CustomerFacts.types.
constexpr absl::string_view kTypeNames[] = {"transactional", "promotional",   "reactive",
                                            "proactive",     "collaborative", "advocacy",
                                            "partnership",   "community"};

std::string LowerName(const std::string& name, absl::string_view prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", " "}});
}

}  // namespace

std::string RelationshipWords(const v1::Standing& standing) {
  std::vector<v1::TypeShare> shares(standing.types().begin(), standing.types().end());
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.permille() > b.permille(); });
  std::vector<std::string> mixture;
  for (const v1::TypeShare& share : shares) {
    if (share.type() >= std::size(kTypeNames) || share.permille() < 10) continue;
    mixture.push_back(absl::StrCat((share.permille() + 5) / 10, " % ", kTypeNames[share.type()]));
  }
  std::vector<std::string> flags;
  for (const v1::FlagState& state : standing.flags()) flags.push_back(FlagName(state.flag()));
  int64_t owed = 0, late = 0;
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    late += follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
    owed += follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE ||
            follow_up.status() == v1::FOLLOW_UP_STATUS_DUE;
  }
  return absl::StrCat(
      StageName(standing.stage()), " ", standing.score(), flags.empty() ? "" : ", ",
      absl::StrJoin(flags, ", "), "; ",
      LowerName(v1::RelationshipType_Name(standing.primary_type()), "RELATIONSHIP_TYPE_"), ": ",
      mixture.empty() ? "no mixture" : absl::StrJoin(mixture, ", "), "; served ",
      LowerName(v1::ServiceMode_Name(standing.service_mode()), "SERVICE_MODE_"), "; owed ", owed,
      late == 0 ? "" : absl::StrCat(", ", late, " late"));
}

void PrintDemoReport(const DemoReport& report) {
  PrintBase(report);
  PrintFirst(report);
  PrintContacts(report.contacts);
  const auto now = report.stages.find(v1::STAGE_COMMITMENT);
  std::printf("\n%ld days ago  %s: COMMITMENT %s (now %s)\n", static_cast<long>(kDemoDaysBefore),
              FormatDay(DayOf(report.as_of_us) - kDemoDaysBefore).c_str(),
              Thousands(report.committed_before).c_str(),
              Thousands(now == report.stages.end() ? 0 : now->second).c_str());
  std::fflush(stdout);
}

}  // namespace rapport::operations
