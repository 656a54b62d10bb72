#include "consumers/operations/command_backtest.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "consumers/analytics/backtest_verdict.h"
#include "consumers/operations/moment.h"
#include "consumers/operations/rules_file.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"

namespace rapport::operations {
namespace {

// `standard rules`, or the digest of rules that did not come with the program.
std::string RulesName(const std::string& digest) {
  for (const projections::BuiltInRules& set : projections::AllBuiltInRules()) {
    const absl::StatusOr<fold::RulesText> rules = projections::ReadRules(set.text, set.name);
    if (rules.ok() && DigestOf(*rules) == digest) return absl::StrCat(set.name, " rules");
  }
  return digest;
}

std::string ModelName(const v1::BacktestRanking& ranking) {
  switch (ranking.model()) {
    case v1::BACKTEST_MODEL_SCORE:
    case v1::BACKTEST_MODEL_OTHER_RULES:
      return absl::StrCat("Rapport, ", RulesName(ranking.rules_digest()), ", not fitted");
    case v1::BACKTEST_MODEL_RFM:
      return "RFM";
    case v1::BACKTEST_MODEL_RECENCY:
      return "recency";
    case v1::BACKTEST_MODEL_FREQUENCY:
      return "frequency";
    case v1::BACKTEST_MODEL_BG_NBD:
      return "BG/NBD, fitted to this cut";
    default:
      return "?";
  }
}

// The same with its sign; what is nothing in four digits has none.
std::string Share(int64_t ppm) {
  const std::string text = analytics::ShareText(ppm);
  return ppm < 0 && text != analytics::ShareText(0) ? absl::StrCat("-", text) : text;
}

// `2.94` of thousandths.
std::string Times(int64_t milli) {
  const int64_t digits = (milli + 5) / 10;
  return absl::StrFormat("%d.%02d", digits / 100, digits % 100);
}

// `30 %`.
std::string Percent(int64_t part, int64_t whole) {
  return absl::StrCat((200 * part + whole) / (2 * whole), " %");
}

void PrintRankings(const v1::Backtest& backtest) {
  std::printf("%s      AUC   error    Gini   lift   against the score\n", Pad("", 40).c_str());
  for (const v1::BacktestRanking& ranking : backtest.rankings()) {
    std::string against;
    if (ranking.has_difference_ppm()) {
      absl::StrAppend(&against, "   ", ranking.difference_ppm() > 0 ? "+" : "",
                      Share(ranking.difference_ppm()));
    }
    if (ranking.has_difference_error_ppm()) {
      absl::StrAppend(&against, ", error ", Share(ranking.difference_error_ppm()));
    }
    const std::string error = ranking.has_error_ppm() ? Share(ranking.error_ppm()) : "-";
    std::printf("  %s%s%s%s%s%s\n", Pad(ModelName(ranking), 40).c_str(),
                Pad(Share(ranking.auc_ppm()), -7).c_str(), Pad(error, -8).c_str(),
                Pad(Share(ranking.gini_ppm()), -8).c_str(),
                Pad(Times(ranking.lift_milli(0)), -7).c_str(), against.c_str());
  }
}

void PrintStages(const v1::Backtest& backtest) {
  std::printf("buys again, by stage at the cut\n");
  for (const v1::BacktestStage& row : backtest.stages()) {
    std::printf("  %s%s   %s of %s\n", Pad(StageName(row.stage()), 14).c_str(),
                Pad(Percent(row.buyers(), row.customers()), -6).c_str(),
                Thousands(row.buyers()).c_str(), Thousands(row.customers()).c_str());
  }
}

void PrintTenths(const v1::Backtest& backtest) {
  std::string row;
  for (const int64_t lift : backtest.rankings(0).lift_milli()) {
    absl::StrAppend(&row, Pad(Times(lift), -6));
  }
  std::printf("lift, by tenth of the score, highest first\n %s\n", row.c_str());
}

void PrintBgNbd(const v1::Backtest& backtest) {
  const v1::BacktestBgNbd& fit = backtest.bg_nbd();
  const auto four = [](int64_t micro) {
    return absl::StrFormat("%d.%04d", (micro + 50) / 1'000'000, (micro + 50) / 100 % 10'000);
  };
  const int64_t log_centi = (std::abs(fit.log_likelihood_milli()) + 5) / 10;
  std::printf("BG/NBD  log-likelihood -%d.%02d at r %s, alpha %s, a %s, b %s, in weeks\n",
              static_cast<int>(log_centi / 100), static_cast<int>(log_centi % 100),
              four(fit.r_micro()).c_str(), four(fit.alpha_micro()).c_str(),
              four(fit.a_micro()).c_str(), four(fit.b_micro()).c_str());
  std::printf("        expects %s purchase days within the horizon; there were %s\n",
              Thousands((fit.expected_days_milli() + 500) / 1000).c_str(),
              Thousands(backtest.later_purchase_days()).c_str());
}

void PrintTable(const v1::Backtest& backtest) {
  std::printf("%s customers who bought by %s: %s (%s) bought again by %s\n",
              Thousands(backtest.customers()).c_str(),
              FormatDay(DayOf(backtest.info().as_of_us())).c_str(),
              Thousands(backtest.buyers()).c_str(),
              Percent(backtest.buyers(), backtest.customers()).c_str(),
              FormatDay(DayOf(backtest.until_us())).c_str());
  PrintRankings(backtest);
  PrintStages(backtest);
  PrintTenths(backtest);
  if (backtest.has_bg_nbd()) PrintBgNbd(backtest);
  for (const std::string& sentence : backtest.verdict()) std::printf("%s\n", sentence.c_str());
  if (!backtest.info().complete_from().empty()) {
    std::printf("events before %s were lost; what they said is missing here\n",
                backtest.info().complete_from().c_str());
  }
}

// `BG_NBD`, as the contract names it.
std::string CodeOf(v1::BacktestModel model) {
  return v1::BacktestModel_Name(model).substr(sizeof("BACKTEST_MODEL_") - 1);
}

void PrintRows(const v1::Backtest& backtest) {
  PrintCsv({"group", "name", "customers", "buyers", "auc_ppm", "error_ppm", "gini_ppm",
            "lift_milli", "difference_ppm", "difference_error_ppm"});
  for (const v1::BacktestRanking& one : backtest.rankings()) {
    PrintCsv({"ranking", CodeOf(one.model()), absl::StrCat(backtest.customers()),
              absl::StrCat(backtest.buyers()), absl::StrCat(one.auc_ppm()),
              one.has_error_ppm() ? absl::StrCat(one.error_ppm()) : "",
              absl::StrCat(one.gini_ppm()), absl::StrCat(one.lift_milli(0)),
              one.has_difference_ppm() ? absl::StrCat(one.difference_ppm()) : "",
              one.has_difference_error_ppm() ? absl::StrCat(one.difference_error_ppm()) : ""});
  }
  for (const v1::BacktestStage& row : backtest.stages()) {
    PrintCsv({"stage", StageName(row.stage()), absl::StrCat(row.customers()),
              absl::StrCat(row.buyers()), "", "", "", "", "", ""});
  }
  int tenth = 0;
  for (const int64_t lift : backtest.rankings(0).lift_milli()) {
    PrintCsv({"tenth", absl::StrCat(++tenth), "", "", "", "", "", absl::StrCat(lift), "", ""});
  }
}

}  // namespace

absl::Status ShowBacktest(Client& client, const Backtest& options) {
  v1::BacktestRequest request;
  request.mutable_cut()->set_known_at(options.known_at);
  ASSIGN_OR_RETURN(const int64_t cut_us, MomentThrough("--cut", options.cut, NowMicros()));
  request.mutable_cut()->set_as_of_us(cut_us);
  ASSIGN_OR_RETURN(const int64_t horizon_us, SpanOf("--horizon", options.horizon));
  request.set_horizon_us(horizon_us);
  if (!options.rules.empty()) {
    ASSIGN_OR_RETURN(const RulesFile file, ReadRulesFile(options.rules));
    request.set_rules_text(file.text);
    request.set_file(file.name);
  }
  if (options.background.no_wait) {
    v1::OperationRequest operation;
    *operation.mutable_backtest() = std::move(request);
    return StartInBackground(client, operation, options.background, options.format);
  }
  v1::BacktestResponse answer;
  RETURN_IF_ERROR(client.Call(client.history(), &v1::HistoryService::Stub::Backtest, request,
                              &answer, kWholeBasePatience));
  PrintBacktest(answer, options.format);
  return absl::OkStatus();
}

void PrintBacktest(const v1::BacktestResponse& answer, Format format) {
  switch (format) {
    case Format::kTable:
      PrintTable(answer.backtest());
      break;
    case Format::kCsv:
      PrintRows(answer.backtest());
      break;
    default:
      PrintJson(format, {&answer});
  }
}

}  // namespace rapport::operations
