// Standpoint: what policies ask about one customer, answered from stage, score and type.
//
//   const stage::Course course(facts, reading, rules);
//   const Standpoint standpoint(facts, course, fold_rules, rules);
//   follow_up::FollowUps owed("ana", facts, policies, standpoint, t_us);
//
// Threads: one. Ownership: borrows everything.
#pragma once

#include <optional>

#include "projections/follow_up/standing_at.h"
#include "projections/stage/course.h"

namespace rapport::projections {

class Standpoint : public follow_up::StandingAt {
 public:
  Standpoint(const facts::Facts& facts, const stage::Course& course,
             const facts::FoldRules& fold_rules, const facts::EvaluateRules& rules)
      : facts_(facts), course_(course), fold_rules_(fold_rules), rules_(rules) {}

  facts::StageState StageAt(int64_t t_us) const override;
  std::optional<int64_t> Since(const follow_up::State& state, int64_t t_us) const override;
  std::optional<int64_t> NextStageChange(int64_t t_us) const override;
  follow_up::Drift DriftAt(int64_t t_us) const override;

  // Of the day of `t_us`; kept until another day is asked for.
  const stage::Course::NextDays& NextDays(int64_t t_us) const;

 private:
  const facts::Facts& facts_;
  const stage::Course& course_;
  const facts::FoldRules& fold_rules_;
  const facts::EvaluateRules& rules_;
  // Answers of the day that was asked about last: several follow-ups ask on the same one.
  mutable int64_t stage_of_ = facts::kNoDay;
  mutable facts::StageState stage_;
  mutable int64_t next_of_ = facts::kNoDay;
  mutable stage::Course::NextDays next_;
  mutable int64_t drift_of_ = facts::kNoDay;
  mutable follow_up::Drift drift_;
};

}  // namespace rapport::projections
