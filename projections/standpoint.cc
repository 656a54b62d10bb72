#include "projections/standpoint.h"

#include "engine/base/time.h"
#include "projections/kind/kind.h"
#include "projections/loyalty/score.h"

namespace rapport::projections {

facts::StageState Standpoint::StageAt(int64_t t_us) const {
  const int64_t day = DayOf(t_us);
  if (day != stage_of_) {
    stage_ = course_.At(day);
    stage_of_ = day;
  }
  return stage_;
}

std::optional<int64_t> Standpoint::Since(const follow_up::State& state, int64_t t_us) const {
  const int64_t day = DayOf(t_us);
  const facts::StageState now = StageAt(t_us);
  if (state.dormant) {
    if (now.reason != v1::STAGE_REASON_DORMANT) return std::nullopt;
    return course_.DormantSince();
  }
  if (state.flag != v1::FLAG_UNSPECIFIED) {
    if (!now.has(state.flag)) return std::nullopt;
    return course_.SinceOf(state.flag, day);
  }
  if (now.rule != "S2" || course_.ended()->n() != state.ended_by) return std::nullopt;
  return DayOf(course_.ended()->moment.at_us);
}

const stage::Course::NextDays& Standpoint::NextDays(int64_t t_us) const {
  const int64_t day = DayOf(t_us);
  if (day != next_of_) {
    next_ = course_.NextChanges(day);
    next_of_ = day;
  }
  return next_;
}

std::optional<int64_t> Standpoint::NextStageChange(int64_t t_us) const {
  const std::optional<int64_t>& day = NextDays(t_us).beginning;
  if (!day.has_value()) return std::nullopt;
  return *day * kMicrosPerDay;
}

follow_up::Drift Standpoint::DriftAt(int64_t t_us) const {
  if (DayOf(t_us) == drift_of_) return drift_;
  const facts::Reading reading = facts::Read(facts_, t_us, fold_rules_, rules_);
  const kind::KindReading kind = kind::Read(facts_, reading, fold_rules_, rules_);
  drift_of_ = DayOf(t_us);
  drift_.points = loyalty::Score(reading, rules_).points();
  drift_.type = kind.primary;
  drift_.mode = kind.mode;
  drift_.content = reading.sentiment_plus > reading.sentiment_minus;
  return drift_;
}

}  // namespace rapport::projections
