#include "consumers/operations/command_history.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "consumers/operations/moment.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "engine/event/kinds.h"

namespace rapport::operations {
namespace {

std::string FlagsText(const v1::StandingRow& row) {
  std::vector<std::string> flags;
  for (const int flag : row.flags()) flags.push_back(FlagName(static_cast<v1::Flag>(flag)));
  return absl::StrJoin(flags, " ");
}

// `PurchaseMade shop:8841`, `time`, or both.
std::string CausesText(const v1::StandingRow& row) {
  std::vector<std::string> causes;
  if (row.by_time()) causes.emplace_back("time");
  for (const v1::ChangeCause& cause : row.causes()) {
    const event::KindInfo* info = event::FindKind(cause.kind());
    causes.push_back(absl::StrCat(
        info == nullptr ? absl::StrCat("kind ", cause.kind()) : info->name, " ", cause.event_id()));
  }
  return absl::StrJoin(causes, ", ");
}

void PrintRows(const v1::ListStandingsResponse& answer) {
  size_t width = 0;
  for (const v1::StandingRow& row : answer.rows())
    width = std::max(width, StageText(row.stage(), row.stage_reason()).size());
  for (const v1::StandingRow& row : answer.rows()) {
    const std::string flags = FlagsText(row);
    const std::string causes = CausesText(row);
    std::printf("%s  %s  %s  score %s%s%s%s%s\n", FormatSecond(row.at_us()).c_str(),
                Pad(StageText(row.stage(), row.stage_reason()), static_cast<int>(width)).c_str(),
                Pad(row.stage_rule().rule_id(), 3).c_str(),
                Pad(Points(row.score_milli()), -7).c_str(), flags.empty() ? "" : "  ",
                flags.c_str(), causes.empty() ? "" : "  by ", causes.c_str());
  }
  if (answer.rows().empty()) std::printf("nothing had happened or changed in that time\n");
  std::printf("applied %s, lag %s, rules %s\n", answer.info().position().c_str(),
              Thousands(answer.info().lag_events()).c_str(), answer.info().rules_digest().c_str());
}

void PrintCsvRows(const v1::ListStandingsResponse& answer) {
  std::vector<std::string> heading = {"at",      "stage_before", "stage", "stage_reason",
                                      "rule",    "flags",        "score", "score_milli",
                                      "by_time", "causes"};
  for (int line = v1::SCORE_LINE_RHYTHM; line <= v1::ScoreLine_MAX; ++line) {
    heading.push_back(absl::AsciiStrToLower(LineName(static_cast<v1::ScoreLine>(line))));
  }
  PrintCsv(heading);
  for (const v1::StandingRow& row : answer.rows()) {
    std::vector<std::string> causes;
    for (const v1::ChangeCause& cause : row.causes()) causes.push_back(cause.event_id());
    std::vector<std::string> cells = {
        FormatTime(row.at_us()),
        row.stage_before() == v1::STAGE_UNSPECIFIED ? "" : StageName(row.stage_before()),
        StageName(row.stage()),
        row.stage_reason() == v1::STAGE_REASON_UNSPECIFIED ? ""
                                                           : StageReasonName(row.stage_reason()),
        row.stage_rule().rule_id(),
        FlagsText(row),
        absl::StrCat(row.score()),
        absl::StrCat(row.score_milli()),
        row.by_time() ? "true" : "false",
        absl::StrJoin(causes, " ")};
    for (const v1::Line& line : row.lines()) cells.push_back(absl::StrCat(line.milli_points()));
    PrintCsv(cells);
  }
}

absl::StatusOr<v1::ListStandingsRequest> RequestOf(const CustomerHistory& options) {
  v1::ListStandingsRequest request;
  request.set_customer_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  request.mutable_viewpoint()->set_rules(options.rules);
  request.set_min_position(options.min_position);
  const int64_t now_us = NowMicros();
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(const int64_t from_us, MomentBefore("--from", options.from, now_us));
    request.set_from_us(from_us);
  }
  if (!options.to.empty()) {
    ASSIGN_OR_RETURN(const int64_t to_us, MomentAfter("--to", options.to, now_us));
    request.set_to_us(to_us);
  }
  if (!options.step.empty()) {
    ASSIGN_OR_RETURN(const int64_t step_us, SpanOf("--step", options.step));
    if (step_us < kMicrosPerHour) {
      return absl::InvalidArgumentError("wrong usage: --step must be an hour or longer");
    }
    request.set_step_us(step_us);
  }
  request.set_changes_only(options.changes || options.step.empty());
  return request;
}

}  // namespace

absl::Status ShowHistory(Client& client, const CustomerHistory& options) {
  ASSIGN_OR_RETURN(const v1::ListStandingsRequest request, RequestOf(options));
  v1::ListStandingsResponse answer;
  RETURN_IF_ERROR(
      client.Call(client.history(), &v1::HistoryService::Stub::ListStandings, request, &answer));
  if (answer.members_size() > 0) {
    Talk(absl::StrCat(absl::StrJoin(answer.members(), ", "), " are one customer",
                      answer.merged_into().empty() ? "" : ", merged into " + answer.merged_into()));
  }
  switch (options.format) {
    case Format::kTable:
      PrintRows(answer);
      break;
    case Format::kCsv:
      PrintCsvRows(answer);
      break;
    default:
      PrintJson(options.format, PointersTo(answer.rows()));
  }
  if (answer.quarantined() > 0) {
    std::fprintf(stderr,
                 "rapport: incomplete: %u records are in quarantine: rapport quarantine list\n",
                 answer.quarantined());
  }
  if (!answer.info().complete_from().empty()) {
    std::fprintf(stderr, "rapport: incomplete: events before %s were lost, see rapport status\n",
                 answer.info().complete_from().c_str());
  }
  return absl::OkStatus();
}

}  // namespace rapport::operations
