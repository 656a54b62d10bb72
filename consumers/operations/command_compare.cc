#include "consumers/operations/command_compare.h"

#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "consumers/operations/moment.h"
#include "consumers/operations/rules_file.h"
#include "consumers/operations/table_print.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {
namespace {

constexpr v1::Stage kStages[] = {v1::STAGE_AWARENESS, v1::STAGE_EXPLORATION, v1::STAGE_EXPANSION,
                                 v1::STAGE_COMMITMENT, v1::STAGE_DISSOLUTION};

std::string NameOf(v1::Stage stage) { return stage == 0 ? "none" : StageName(stage); }

// Rows and columns of the matrix; those who are not of the base stand last.
std::vector<v1::Stage> StagesAndNone() {
  std::vector<v1::Stage> stages(std::begin(kStages), std::end(kStages));
  stages.push_back(v1::STAGE_UNSPECIFIED);
  return stages;
}

std::string MeanScore(const v1::BaseView& view) {
  return view.customers() == 0 ? "-"
                               : absl::StrCat(view.score_milli_sum() / view.customers() / 1000);
}

struct Totals {
  int64_t moved = 0;
  int64_t came = 0;
  int64_t went = 0;
  int64_t opened = 0;
  int64_t closed = 0;
};

Totals TotalsOf(const v1::BaseDifference& difference) {
  Totals totals;
  for (const v1::StageMove& move : difference.moves()) {
    if (move.from() == move.to()) continue;
    (move.from() == 0 ? totals.came
     : move.to() == 0 ? totals.went
                      : totals.moved) += move.customers();
  }
  for (const v1::FollowUpMove& move : difference.follow_ups()) {
    totals.opened += move.opened();
    totals.closed += move.closed();
  }
  return totals;
}

void PrintTotals(const v1::BaseDifference& difference, absl::Duration took) {
  const Totals totals = TotalsOf(difference);
  std::string others;
  if (totals.came > 0) absl::StrAppend(&others, ", ", Thousands(totals.came), " came");
  if (totals.went > 0) absl::StrAppend(&others, ", ", Thousands(totals.went), " went");
  std::printf("%s customers in %s ms: %s change stage%s, mean score %s -> %s, follow-ups +%s -%s\n",
              Thousands(difference.left().customers()).c_str(),
              Thousands(absl::ToInt64Milliseconds(took)).c_str(), Thousands(totals.moved).c_str(),
              others.c_str(), MeanScore(difference.left()).c_str(),
              MeanScore(difference.right()).c_str(), Thousands(totals.opened).c_str(),
              Thousands(totals.closed).c_str());
}

// A row for each stage before, a column for each stage after.
void PrintMatrix(const v1::BaseDifference& difference) {
  std::map<std::pair<v1::Stage, v1::Stage>, int64_t> counts;
  for (const v1::StageMove& move : difference.moves()) {
    counts[{move.from(), move.to()}] = move.customers();
  }
  std::string head = Pad("", 14);
  for (const v1::Stage to : StagesAndNone()) {
    absl::StrAppend(&head, Pad(NameOf(to).substr(0, 5), -9));
  }
  std::printf("%s   rows before, columns after\n", head.c_str());
  for (const v1::Stage from : StagesAndNone()) {
    std::string row = Pad(absl::StrCat("  ", NameOf(from)), 14);
    int64_t customers = 0;
    for (const v1::Stage to : StagesAndNone()) {
      const int64_t count = counts[{from, to}];
      customers += count;
      absl::StrAppend(&row, Pad(count == 0 ? "-" : Thousands(count), -9));
    }
    if (customers > 0) std::printf("%s\n", row.c_str());
  }
}

void PrintMembers(const v1::BaseDifference& difference) {
  for (const v1::StageMove& move : difference.moves()) {
    if (move.from() == move.to() || move.customer_ids().empty()) continue;
    const int64_t more = move.customers() - move.customer_ids_size();
    std::printf("  %s -> %s: %s%s\n", NameOf(move.from()).c_str(), NameOf(move.to()).c_str(),
                absl::StrJoin(move.customer_ids(), " ").c_str(),
                more > 0 ? absl::StrCat(" and ", Thousands(more), " more").c_str() : "");
  }
}

void PrintOwed(const v1::BaseDifference& difference) {
  for (const v1::FollowUpMove& move : difference.follow_ups()) {
    std::printf("  owed %s  +%s  -%s\n", Pad(move.policy(), 24).c_str(),
                Pad(Thousands(move.opened()), 7).c_str(), Thousands(move.closed()).c_str());
  }
}

std::string SideText(bool is_there, const v1::Standing& standing) {
  if (!is_there) return "not of the base";
  return absl::StrCat(StageText(standing.stage(), standing.stage_reason()), " by ",
                      standing.stage_rule().rule_id(), ", ", Points(standing.score_milli()));
}

void PrintSamples(const v1::BaseDifference& difference, int64_t moved) {
  for (const v1::DifferenceSample& one : difference.samples()) {
    std::printf("  %s  %s -> %s\n", one.customer_id().c_str(),
                SideText(one.has_left(), one.left()).c_str(),
                SideText(one.has_right(), one.right()).c_str());
    if (one.has_right() && !one.right().stage_rule().text().empty()) {
      std::printf("      %s\n", one.right().stage_rule().text().c_str());
    }
  }
  if (moved > difference.samples_size()) {
    std::printf("  %s of %s that moved; --samples 50 shows more, --customers 100 their ids\n",
                Thousands(difference.samples_size()).c_str(), Thousands(moved).c_str());
  }
}

void PrintTable(const v1::BaseDifference& difference, absl::Duration took) {
  PrintTotals(difference, took);
  PrintMatrix(difference);
  PrintMembers(difference);
  PrintOwed(difference);
  const Totals totals = TotalsOf(difference);
  PrintSamples(difference, totals.moved + totals.came + totals.went);
}

void PrintRows(const v1::BaseDifference& difference) {
  PrintCsv({"group", "from", "to", "customers", "opened", "closed"});
  for (const v1::StageMove& move : difference.moves()) {
    PrintCsv(
        {"stage", NameOf(move.from()), NameOf(move.to()), absl::StrCat(move.customers()), "", ""});
  }
  for (int band = 0; band < difference.left().score_bands_size(); ++band) {
    PrintCsv({"score", absl::StrCat(band * 100), "before",
              absl::StrCat(difference.left().score_bands(band)), "", ""});
    PrintCsv({"score", absl::StrCat(band * 100), "after",
              absl::StrCat(difference.right().score_bands(band)), "", ""});
  }
  for (const v1::FollowUpMove& move : difference.follow_ups()) {
    PrintCsv(
        {"owed", move.policy(), "", "", absl::StrCat(move.opened()), absl::StrCat(move.closed())});
  }
}

template <typename Response>
void Print(const Response& answer, Format format, absl::Duration took) {
  switch (format) {
    case Format::kTable:
      PrintTable(answer.difference(), took);
      break;
    case Format::kCsv:
      PrintRows(answer.difference());
      break;
    default:
      PrintJson(format, {&answer});
  }
}

// `r-3b19c07de2aa -> r-90aa12f0c4d1: facts as they are`.
void PrintRules(const v1::WhatIfResponse& answer) {
  std::printf("rules %s -> %s: %s\n", answer.difference().left().info().rules_digest().c_str(),
              answer.difference().right().info().rules_digest().c_str(),
              answer.refolded() ? "the fold part differs, all events were folded anew"
                                : "evaluate part only, no refold");
}

template <typename Request>
void SetShown(const CompareShown& shown, Request& request) {
  request.set_samples(shown.samples);
  request.set_customer_ids(shown.customer_ids);
}

}  // namespace

absl::Status ShowDiff(Client& client, const DiffBase& options) {
  v1::DiffRequest request;
  ASSIGN_OR_RETURN(*request.mutable_left(),
                   ViewpointOf(options.from, options.from_known_at, "--from"));
  ASSIGN_OR_RETURN(*request.mutable_right(),
                   ViewpointOf(options.to == "now" ? "" : options.to, options.to_known_at, "--to"));
  SetShown(options.shown, request);
  if (options.shown.background.no_wait) {
    v1::OperationRequest operation;
    *operation.mutable_diff() = std::move(request);
    return StartInBackground(client, operation, options.shown.background, options.shown.format);
  }
  v1::DiffResponse answer;
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(client.Call(client.history(), &v1::HistoryService::Stub::Diff, request, &answer,
                              kWholeBasePatience));
  PrintDiff(answer, options.shown.format, absl::Now() - began);
  return absl::OkStatus();
}

absl::Status ShowWhatIf(Client& client, const WhatIfBase& options) {
  ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(options.rules));
  v1::WhatIfRequest request;
  request.set_rules_text(file.text);
  request.set_file(file.name);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  SetShown(options.shown, request);
  if (options.shown.background.no_wait) {
    v1::OperationRequest operation;
    *operation.mutable_what_if() = std::move(request);
    return StartInBackground(client, operation, options.shown.background, options.shown.format);
  }
  v1::WhatIfResponse answer;
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(client.Call(client.history(), &v1::HistoryService::Stub::WhatIf, request, &answer,
                              kWholeBasePatience));
  PrintWhatIf(answer, options.shown.format, absl::Now() - began);
  return absl::OkStatus();
}

absl::Status ShowReport(Client& client, const BaseReport& options) {
  v1::ReportRequest request;
  request.set_name(options.name);
  ASSIGN_OR_RETURN(*request.mutable_viewpoint(), ViewpointOf(options.as_of, options.known_at));
  RETURN_IF_ERROR(SetSpan(options.from, options.to, request));
  if (options.background.no_wait) {
    v1::OperationRequest operation;
    *operation.mutable_report() = std::move(request);
    return StartInBackground(client, operation, options.background, options.format);
  }
  v1::ReportResponse answer;
  RETURN_IF_ERROR(client.Call(client.history(), &v1::HistoryService::Stub::Report, request, &answer,
                              kWholeBasePatience));
  v1::Table& table = *answer.mutable_table();
  const int left_out = table.rows_size() - options.limit;
  if (left_out > 0) table.mutable_rows()->DeleteSubrange(options.limit, left_out);
  PrintReport(answer, options.format);
  if (left_out > 0) {
    std::fprintf(stderr, "rapport: %s of %s rows are left out; the total is of all\n",
                 Thousands(left_out).c_str(), Thousands(left_out + options.limit).c_str());
  }
  return absl::OkStatus();
}

void PrintDiff(const v1::DiffResponse& answer, Format format, absl::Duration took) {
  Print(answer, format, took);
}

void PrintWhatIf(const v1::WhatIfResponse& answer, Format format, absl::Duration took) {
  if (format == Format::kTable) PrintRules(answer);
  Print(answer, format, took);
}

void PrintReport(const v1::ReportResponse& answer, Format format) {
  if (format == Format::kTable) {
    operations::PrintTable(answer.table());
  } else if (format == Format::kCsv) {
    PrintTableCsv(answer.table());
  } else {
    PrintJson(format, {&answer});
  }
}

}  // namespace rapport::operations
