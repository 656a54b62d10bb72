#include "consumers/analytics/backtest_verdict.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace rapport::analytics {
namespace {

// Of either, for errors that mean something.
constexpr int64_t kEnough = 10;

absl::string_view NameOf(v1::BacktestModel model) {
  switch (model) {
    case v1::BACKTEST_MODEL_SCORE:
      return "Rapport's score";
    case v1::BACKTEST_MODEL_OTHER_RULES:
      return "the score by the other rules";
    case v1::BACKTEST_MODEL_RFM:
      return "RFM";
    case v1::BACKTEST_MODEL_RECENCY:
      return "recency";
    case v1::BACKTEST_MODEL_FREQUENCY:
      return "frequency";
    case v1::BACKTEST_MODEL_BG_NBD:
      return "BG/NBD";
    default:
      return "";
  }
}

std::string ScoreSentence(const v1::BacktestRanking& score) {
  const int64_t lift_tenths = (score.lift_milli(0) + 50) / 100;
  return absl::StrCat(
      "Of a customer who buys again and one who does not, Rapport's score ranks the first higher "
      "in ",
      (score.auc_ppm() + 5'000) / 10'000,
      " of 100 pairs, chance in 50. Of the tenth that it ranks highest ",
      absl::StrFormat("%d.%d", lift_tenths / 10, lift_tenths % 10),
      " times as many buy again as of all.");
}

// What is 1.96 errors from nothing comes by chance once in twenty times.
bool IsBeyondChance(const v1::BacktestRanking& rival) {
  return 100 * std::abs(rival.difference_ppm()) >= 196 * rival.difference_error_ppm();
}

std::string ChanceSentence(const v1::BacktestRanking& rival, bool are_enough) {
  if (!are_enough) return "These are too few customers to say whether that is chance.";
  return IsBeyondChance(rival) ? "That is more than chance." : "That may be chance.";
}

std::string RivalSentence(const v1::BacktestRanking& rival, bool are_enough) {
  std::string better(NameOf(rival.model())), worse(NameOf(v1::BACKTEST_MODEL_SCORE));
  const std::string by = ShareText(rival.difference_ppm());
  std::string sentence = absl::StrCat(better, " ranks as well as ", worse, ".");
  if (by != ShareText(0)) {
    if (rival.difference_ppm() < 0) std::swap(better, worse);
    sentence = absl::StrCat(better, " ranks better than ", worse, " by ", by);
    if (rival.has_difference_error_ppm()) {
      absl::StrAppend(&sentence, " (error ", ShareText(rival.difference_error_ppm()), ")");
    }
    absl::StrAppend(&sentence, ". ", ChanceSentence(rival, are_enough));
  }
  sentence[0] = absl::ascii_toupper(static_cast<unsigned char>(sentence[0]));
  return sentence;
}

}  // namespace

std::string ShareText(int64_t ppm) {
  const int64_t digits = (std::abs(ppm) + 50) / 100;
  return digits >= 10'000 ? absl::StrFormat("%d.%04d", digits / 10'000, digits % 10'000)
                          : absl::StrFormat(".%04d", digits);
}

void WriteVerdict(v1::Backtest& backtest) {
  const int64_t fewer = std::min(backtest.buyers(), backtest.customers() - backtest.buyers());
  for (const v1::BacktestRanking& ranking : backtest.rankings()) {
    backtest.add_verdict(ranking.model() == v1::BACKTEST_MODEL_SCORE
                             ? ScoreSentence(ranking)
                             : RivalSentence(ranking, fewer >= kEnough));
  }
  if (!backtest.has_bg_nbd()) {
    backtest.add_verdict(
        "BG/NBD is left out: nobody had bought on two days, so there is nothing to fit it to.");
  } else if (backtest.bg_nbd().is_unbounded()) {
    backtest.add_verdict(
        "BG/NBD has no likeliest model here: its likelihood grows towards an end of the scale. "
        "What "
        "it expects stands; r, alpha, a and b mean nothing by themselves.");
  }
}

}  // namespace rapport::analytics
