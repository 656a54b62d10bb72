#include "projections/stage/write.h"

#include <algorithm>
#include <string>

namespace rapport::stage {
namespace {

// `AT_RISK` for FLAG_AT_RISK.
std::string NameOf(v1::Flag flag) { return v1::Flag_Name(flag).substr(sizeof("FLAG_") - 1); }

void WriteFlags(const Course& course, int64_t day, const facts::StageState& state, bool receipts,
                v1::Standing& standing) {
  for (int number = v1::Flag_MIN; number <= v1::Flag_MAX; ++number) {
    const auto flag = static_cast<v1::Flag>(number);
    if (!state.has(flag)) continue;
    v1::FlagState* one = standing.add_flags();
    one->set_flag(flag);
    if (!receipts) continue;
    one->mutable_receipt()->set_rule_id(NameOf(flag));
    WriteFlagReceipt(course, day, flag, *one->mutable_receipt());
  }
}

}  // namespace

v1::Trend TrendOf(const facts::Facts& facts, const facts::Reading& reading,
                  const facts::EvaluateRules& rules) {
  if (reading.x < 2) return v1::TREND_UNSPECIFIED;
  const auto& days = facts.purchase_days;
  const int64_t last_gap = int64_t{days[days.size() - 1]} - days[days.size() - 2];
  // The gap times the number of gaps against their sum: the gap against the mean gap.
  const int64_t gaps = 1000 * std::max(last_gap, reading.idle) * reading.x;
  if (gaps < rules.trend_rising_permille * reading.tx) return v1::TREND_RISING;
  if (gaps > rules.trend_falling_permille * reading.tx) return v1::TREND_FALLING;
  return v1::TREND_STEADY;
}

void WriteOutlook(const Course& course, v1::Standing& standing) {
  const facts::Reading& reading = course.reading();
  v1::Outlook& outlook = *standing.mutable_outlook();
  outlook.set_alive_ppm(static_cast<uint32_t>(reading.alive_ppm));
  outlook.set_expected_purchases_milli(reading.expected / 1000);
  outlook.set_cadence_days(reading.cadence_days());
  if (reading.n >= 2) {
    outlook.set_overdue_after(reading.DayBeyond(course.rules().flags.at_risk_cadences));
  }
  outlook.set_trend(TrendOf(course.facts(), reading, course.rules()));
}

void WriteStage(const Course& course, int64_t day, const facts::StageState& state, bool receipts,
                v1::Standing& standing, bool flags) {
  standing.set_stage(state.stage);
  standing.set_stage_reason(state.reason);
  v1::Receipt& rule = *standing.mutable_stage_rule();
  rule.set_rule_id(std::string(state.rule));
  if (receipts) WriteStageReceipt(course, day, state, rule);
  standing.clear_flags();
  if (flags) WriteFlags(course, day, state, receipts, standing);
  const facts::Reading& reading = course.reading();
  standing.set_purchase_days(static_cast<uint32_t>(reading.n));
  if (reading.act_day != facts::kNoDay) standing.set_last_act_day(reading.act_day);
}

}  // namespace rapport::stage
