// Course: stage and flags of one customer on any day, while no further event arrives.
//
//   const Course course(facts, reading, rules);
//   StageState now = course.At(reading.day);
//   std::optional<int64_t> change = course.NextChangeDay(reading.day);
//
// The first of the rules S1 to S10 that applies decides; nothing is stored and nothing lags. An
// ending wins a tie in time: only what happened strictly later undoes it.
//
//            interest            purchase             purchases, bond
//   AWARENESS ------> EXPLORATION ------> EXPANSION <----------------> COMMITMENT
//        <---- time ----      | silence       | silence, gap                | silence, gap
//                             v               v                             v
//                           DISSOLUTION (also by ending, fraud, failed trial from anywhere)
//
// Source: domain specification 4.3, 4.4, 4.6; vectors in tests/golden (stages, stage_events).
//
// Threads:   immutable. Lifetime: borrows facts, reading and rules, which must outlive it.
// Ownership: none. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "projections/facts/miss.h"
#include "projections/facts/reading.h"
#include "projections/facts/stage_state.h"

namespace rapport::stage {

// The last day of time: 2099-12-31.
inline constexpr int64_t kLastDay = 47'481;

class Course {
 public:
  Course(const facts::Facts& facts, const facts::Reading& reading,
         const facts::EvaluateRules& rules);

  // REQUIRES: day is not before the last purchase day.
  facts::StageState At(int64_t day) const;

  // The least day after `day` on which the state differs from that of `day`; and that on which it
  // differs, or the day since which AT_RISK or LET_DOWN holds. Nullopt = none up to kLastDay.
  struct NextDays {
    std::optional<int64_t> state;
    std::optional<int64_t> beginning;
  };
  NextDays NextChanges(int64_t day) const;
  std::optional<int64_t> NextChangeDay(int64_t day) const { return NextChanges(day).state; }

  // The day on which AT_RISK, LET_DOWN, LOOKING_AROUND or WON_BACK began, kNoDay for others.
  // REQUIRES: At(day) has the flag.
  int64_t SinceOf(v1::Flag flag, int64_t day) const;
  // The first day since the last act on which the customer was dormant. REQUIRES: At(day) is
  // DISSOLUTION for DORMANT.
  int64_t DormantSince() const;

  // Parts of the rules, as receipts tell them. -----------------------------------------------

  const facts::Facts& facts() const { return facts_; }
  const facts::Reading& reading() const { return reading_; }
  const facts::EvaluateRules& rules() const { return rules_; }
  const std::vector<facts::Miss>& misses() const { return misses_; }

  // The latest ending and the latest end of a trial, if it failed; null = none.
  const facts::Item* ended() const { return ended_; }
  const facts::Item* failed_trial() const { return failed_trial_; }
  // P(alive) on `day`, ppm; 0 without purchases.
  int64_t AliveAt(int64_t day) const;
  // The gap since the last purchase exceeds `cadences` mean gaps.
  bool GapExceeds(int64_t cadences, int64_t day) const {
    return (day - reading_.last) * reading_.gap_count > cadences * reading_.gap_days;
  }
  // An agreement in force, or a remembered bond that is fresh enough.
  bool HasBond(int64_t day) const;
  // The agreement in force on `day` that was written last; null = none.
  const facts::Item* AgreementInForce(int64_t day) const;
  bool has_escalated_case() const { return has_escalated_case_; }
  // The latest purchase day that brought the customer back; kNoDay = none within the window
  // before the last purchase day.
  int64_t won_back_day() const { return won_back_day_; }

 private:
  bool IsDormant(int64_t day) const;
  bool IsCommitted(int64_t day) const;
  facts::StageState StageAt(int64_t day) const;
  uint32_t FlagsAt(int64_t day, v1::Stage stage) const;
  int64_t FindWonBackDay() const;
  bool ReturnedAfterSilence(uint32_t index) const;

  const facts::Facts& facts_;
  const facts::Reading& reading_;
  const facts::EvaluateRules& rules_;
  std::vector<facts::Miss> misses_;
  const facts::Item* ended_ = nullptr;
  const facts::Item* failed_trial_ = nullptr;
  facts::List agreements_;
  // The ending rules S1, S2 and S3 do not depend on the day.
  bool is_fraud_ = false;
  bool is_ended_ = false;
  bool is_trial_failed_ = false;
  bool has_escalated_case_ = false;
  int64_t fraud_day_ = facts::kNoDay;
  int64_t won_back_day_ = facts::kNoDay;
  // Flags that time alone does not change: FRAUD_HOLD, KEY_ACCOUNT, OPTED_OUT.
  uint32_t lasting_flags_ = 0;
};

}  // namespace rapport::stage
