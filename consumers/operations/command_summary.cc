#include "consumers/operations/command_summary.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "consumers/operations/moment.h"
#include "consumers/support/base_counts.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

// One line of the answer, whatever it is counted by.
struct Row {
  std::string group;
  std::string name;
  int64_t customers = 0;
  bool hidden = false;
};

std::string BandText(int from) {
  const bool is_last = from == support::kLastBand;
  return absl::StrCat(from, " to ", is_last ? 1000 : from + support::kBandPoints - 1);
}

std::vector<Row> RowsOf(const v1::SummarizeBaseResponse& answer) {
  std::vector<Row> rows;
  const auto add = [&rows](const char* group, std::string name, const auto& entry) {
    rows.push_back({group, std::move(name), entry.customers(), entry.hidden()});
  };
  for (const v1::StageCount& one : answer.stages()) add("stage", StageName(one.stage()), one);
  for (const v1::ScoreBandCount& one : answer.score_bands()) {
    add("score", BandText(one.from_points()), one);
  }
  for (const v1::TypeCount& one : answer.types()) {
    add("type", one.type() == 0 ? "NONE" : TypeName(one.type()), one);
  }
  for (const v1::ModeCount& one : answer.modes()) {
    add("mode", one.mode() == 0 ? "NONE" : ModeName(one.mode()), one);
  }
  for (const v1::FlagCount& one : answer.flags()) add("flag", FlagName(one.flag()), one);
  return rows;
}

void PrintTable(const v1::SummarizeBaseResponse& answer) {
  const std::vector<Row> rows = RowsOf(answer);
  size_t width = 16;
  for (const Row& row : rows) width = std::max(width, row.name.size());
  for (const v1::PolicyCount& one : answer.policies()) width = std::max(width, one.policy().size());
  const auto name = [width](const std::string& text) { return Pad(text, static_cast<int>(width)); };
  std::printf("customers  %s  %s\n", name("all").c_str(),
              Pad(Thousands(answer.customers()), -9).c_str());
  bool hidden = false;
  for (const Row& row : rows) {
    hidden = hidden || row.hidden;
    std::printf("%s  %s  %s\n", Pad(row.group, 9).c_str(), name(row.name).c_str(),
                Pad(row.hidden ? "hidden" : Thousands(row.customers), -9).c_str());
  }
  for (const v1::PolicyCount& one : answer.policies()) {
    std::printf("owed       %s  %s due, %s of them overdue\n", name(one.policy()).c_str(),
                Pad(Thousands(one.due()), -9).c_str(), Thousands(one.overdue()).c_str());
  }
  if (hidden) {
    std::printf("Hidden: fewer than %s customers, or a number that would tell such a one.\n",
                Thousands(support::kGroupShownMin).c_str());
  }
}

void PrintRows(const v1::SummarizeBaseResponse& answer) {
  PrintCsv({"group", "name", "customers", "hidden", "due", "overdue"});
  PrintCsv({"customers", "all", absl::StrCat(answer.customers()), "", "", ""});
  for (const Row& row : RowsOf(answer)) {
    PrintCsv({row.group, row.name, row.hidden ? "" : absl::StrCat(row.customers),
              row.hidden ? "true" : "", "", ""});
  }
  for (const v1::PolicyCount& one : answer.policies()) {
    PrintCsv({"owed", one.policy(), "", "", absl::StrCat(one.due()), absl::StrCat(one.overdue())});
  }
}

absl::StatusOr<v1::BaseGroup> GroupOf(const std::string& word) {
  const std::string name =
      absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}, {" ", "_"}});
  v1::BaseGroup group = v1::BASE_GROUP_UNSPECIFIED;
  if (name == "SCORE") return v1::BASE_GROUP_SCORE_BAND;
  if (v1::BaseGroup_Parse(absl::StrCat("BASE_GROUP_", name), &group) && group != 0) return group;
  return absl::InvalidArgumentError(absl::StrCat(
      "wrong usage: --by is stage, score, type, mode, flag or follow-up, not `", word, "`"));
}

}  // namespace

absl::Status ShowSummary(Client& client, const Summary& options) {
  v1::SummarizeBaseRequest request;
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  for (const std::string& word : options.by) {
    ASSIGN_OR_RETURN(const v1::BaseGroup group, GroupOf(word));
    request.add_groups(group);
  }
  v1::SummarizeBaseResponse answer;
  RETURN_IF_ERROR(client.Call(client.relationships(), &v1::RelationshipService::Stub::SummarizeBase,
                              request, &answer, kWholeBasePatience));
  switch (options.format) {
    case Format::kTable:
      PrintTable(answer);
      break;
    case Format::kCsv:
      PrintRows(answer);
      break;
    default:
      PrintJson(options.format, {&answer});
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
