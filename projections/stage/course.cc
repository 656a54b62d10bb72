#include "projections/stage/course.h"

#include <algorithm>

#include "engine/base/time.h"
#include "projections/facts/agreement.h"
#include "rapport/v1/ending.pb.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::stage {
namespace {

using facts::Facts;
using facts::Item;
using facts::kNoDay;
using facts::List;
using facts::ListName;
using facts::StageState;

constexpr uint32_t Bit(v1::Flag flag) { return 1u << flag; }

// Moment of the latest event of a kind; 0 = none.
int64_t LatestUs(const Facts& facts, v1::Kind kind) {
  const facts::KindCell* cell = facts.FindKind(static_cast<uint16_t>(kind));
  return cell == nullptr ? 0 : cell->last().at_us;
}

// The last write of a list that holds one value.
const Item* ValueOf(const List& list) { return list.items.empty() ? nullptr : &list.items.back(); }

v1::StageReason ReasonOf(uint8_t code) {
  switch (code) {
    case v1::END_REASON_DISSATISFIED:
      return v1::STAGE_REASON_DISSATISFIED;
    case v1::END_REASON_COMPETITOR:
      return v1::STAGE_REASON_COMPETITOR;
    case v1::END_REASON_REQUIREMENT:
      return v1::STAGE_REASON_REQUIREMENT;
    case v1::END_REASON_PRICE:
      return v1::STAGE_REASON_PRICE;
    case v1::END_REASON_LOW_VOLUME:
      return v1::STAGE_REASON_LOW_VOLUME;
    default:
      return v1::STAGE_REASON_OTHER;
  }
}

StageState Made(v1::Stage stage, absl::string_view rule,
                v1::StageReason reason = v1::STAGE_REASON_UNSPECIFIED) {
  StageState state;
  state.stage = stage;
  state.reason = reason;
  state.rule = rule;
  return state;
}

}  // namespace

Course::Course(const Facts& facts, const facts::Reading& reading, const facts::EvaluateRules& rules)
    : facts_(facts), reading_(reading), rules_(rules), misses_(ReadMisses(facts)) {
  for (const List list : facts.lists()) {
    if (list.name == ListName::kEnded) ended_ = ValueOf(list);
    if (list.name == ListName::kAgreements) agreements_ = list;
    if (list.name == ListName::kTrial) {
      const Item* trial = ValueOf(list);
      if (trial != nullptr && !trial->has(facts::kAccepted)) failed_trial_ = trial;
    }
    if (list.name == ListName::kOwner) {
      const Item* owner = ValueOf(list);
      if (owner != nullptr && owner->has(facts::kAccepted)) {
        lasting_flags_ |= Bit(v1::FLAG_KEY_ACCOUNT);
      }
    }
    if (list.name == ListName::kConsents) {
      for (const Item& consent : list.items) {
        if (consent.key.view() == "all" && !consent.has(facts::kAccepted)) {
          lasting_flags_ |= Bit(v1::FLAG_OPTED_OUT);
        }
      }
    }
  }
  const int64_t suspected = LatestUs(facts, v1::KIND_FRAUD_SUSPECTED);
  if (suspected > 0 && LatestUs(facts, v1::KIND_FRAUD_CLEARED) <= suspected) {
    lasting_flags_ |= Bit(v1::FLAG_FRAUD_HOLD);
  }
  const int64_t fraud = LatestUs(facts, v1::KIND_FRAUD_CONFIRMED);
  const int64_t reinstated = LatestUs(facts, v1::KIND_RELATIONSHIP_REINSTATED);
  const int64_t bought_or_reinstated =
      std::max(reinstated, LatestUs(facts, v1::KIND_PURCHASE_MADE));
  if (fraud > 0) fraud_day_ = DayOf(fraud);
  is_fraud_ = fraud > 0 && reinstated <= fraud;
  is_ended_ = ended_ != nullptr && bought_or_reinstated <= ended_->moment.at_us;
  is_trial_failed_ =
      failed_trial_ != nullptr &&
      std::max(bought_or_reinstated, reading.interest_at_us) <= failed_trial_->moment.at_us;
  for (const facts::CaseReading& one : reading.cases) has_escalated_case_ |= one.escalated;
  won_back_day_ = FindWonBackDay();
}

int64_t Course::AliveAt(int64_t day) const {
  if (day == reading_.day) return reading_.alive_ppm;
  if (reading_.n == 0) return 0;
  return facts::AliveOfOdds(reading_.pace.OddsAt(day - reading_.first));
}

const Item* Course::AgreementInForce(int64_t day) const {
  return facts::AgreementInForce(agreements_, day);
}

bool Course::HasBond(int64_t day) const {
  if (reading_.bond_day != kNoDay && day - reading_.bond_day <= rules_.stages.bond_days)
    return true;
  return AgreementInForce(day) != nullptr;
}

bool Course::IsDormant(int64_t day) const {
  const facts::Stages& rules = rules_.stages;
  const int64_t silence = day - reading_.act_day;
  if (reading_.n == 1) return silence > rules.first_purchase_silence_days;
  return silence > rules.dormant_silence_days && GapExceeds(rules.dormant_cadences, day) &&
         AliveAt(day) < rules.dormant_alive_below_ppm;
}

bool Course::IsCommitted(int64_t day) const {
  const facts::Stages& rules = rules_.stages;
  if (has_escalated_case_) return false;
  const bool enough = reading_.n >= rules.commitment_purchase_days ||
                      (reading_.n >= rules.commitment_purchase_days_with_bond && HasBond(day));
  return enough && AliveAt(day) >= rules.commitment_alive_ppm;
}

StageState Course::StageAt(int64_t day) const {
  if (is_fraud_) return Made(v1::STAGE_DISSOLUTION, "S1", v1::STAGE_REASON_FRAUD);
  if (is_ended_) return Made(v1::STAGE_DISSOLUTION, "S2", ReasonOf(ended_->code));
  if (is_trial_failed_) return Made(v1::STAGE_DISSOLUTION, "S3", v1::STAGE_REASON_TRIAL_FAILED);
  if (reading_.n == 0) {
    const bool interested = reading_.interest_at_us > 0 &&
                            day - DayOf(reading_.interest_at_us) <= rules_.stages.interest_days;
    return interested ? Made(v1::STAGE_EXPLORATION, "S4") : Made(v1::STAGE_AWARENESS, "S5");
  }
  if (IsDormant(day)) {
    return Made(v1::STAGE_DISSOLUTION, reading_.n == 1 ? "S6" : "S8", v1::STAGE_REASON_DORMANT);
  }
  if (reading_.n == 1) return Made(v1::STAGE_EXPLORATION, "S7");
  if (IsCommitted(day)) return Made(v1::STAGE_COMMITMENT, "S9");
  return Made(v1::STAGE_EXPANSION, "S10");
}

uint32_t Course::FlagsAt(int64_t day, v1::Stage stage) const {
  const facts::Flags& rules = rules_.flags;
  uint32_t flags = lasting_flags_;
  const bool is_dissolved = stage == v1::STAGE_DISSOLUTION;
  if (!is_dissolved && ((reading_.n >= 2 && GapExceeds(rules.at_risk_cadences, day)) ||
                        SecondOfPair(misses_, day, rules) != nullptr)) {
    flags |= Bit(v1::FLAG_AT_RISK);
  }
  if (has_escalated_case_ ||
      FrictionOf(reading_.cases, day, rules_.friction) >= rules.damaged_friction) {
    flags |= Bit(v1::FLAG_DAMAGED);
  }
  if (LettingDown(misses_, day, rules) != nullptr) flags |= Bit(v1::FLAG_LET_DOWN);
  if (reading_.looking_day != kNoDay && day - reading_.looking_day <= rules.looking_around_days) {
    flags |= Bit(v1::FLAG_LOOKING_AROUND);
  }
  if (!is_dissolved && won_back_day_ != kNoDay && day - won_back_day_ <= rules.won_back_days) {
    flags |= Bit(v1::FLAG_WON_BACK);
  }
  return flags;
}

StageState Course::At(int64_t day) const {
  StageState state = StageAt(day);
  state.flags = FlagsAt(day, state.stage);
  return state;
}

int64_t Course::SinceOf(v1::Flag flag, int64_t day) const {
  const facts::Flags& rules = rules_.flags;
  switch (flag) {
    case v1::FLAG_AT_RISK: {
      int64_t since = INT64_MAX;
      if (reading_.n >= 2 && GapExceeds(rules.at_risk_cadences, day)) {
        since = reading_.DayBeyond(rules.at_risk_cadences);
      }
      const facts::Miss* second = SecondOfPair(misses_, day, rules);
      return second == nullptr ? since : std::min(since, second->day);
    }
    case v1::FLAG_LET_DOWN:
      return LettingDown(misses_, day, rules)->day;
    case v1::FLAG_LOOKING_AROUND:
      return reading_.looking_day;
    case v1::FLAG_WON_BACK:
      return won_back_day_;
    default:
      return kNoDay;
  }
}

int64_t Course::DormantSince() const {
  const facts::Stages& rules = rules_.stages;
  if (reading_.n == 1) return reading_.act_day + rules.first_purchase_silence_days + 1;
  // Each of the three, once true, stays so until the next act.
  const int64_t age = reading_.pace.LeastAgeWithOdds(rules.dormant_odds);
  return std::max({reading_.act_day + rules.dormant_silence_days + 1,
                   reading_.DayBeyond(rules.dormant_cadences), reading_.first + age});
}

// Would the customer have been dormant on purchase day `index`, judged by the earlier ones alone?
bool Course::ReturnedAfterSilence(uint32_t index) const {
  const facts::Stages& rules = rules_.stages;
  const int64_t before = facts_.purchase_days[index - 1];
  const int64_t day = facts_.purchase_days[index];
  const int64_t gap = day - before;
  if (index == 1) return gap > rules.first_purchase_silence_days;
  if (gap <= rules.dormant_silence_days) return false;
  const int64_t x = int64_t{index} - 1;
  const int64_t tx = before - reading_.first;
  const facts::Prior& prior = rules_.prior;
  return gap * (prior.r + 1000 * x) > rules.dormant_cadences * (prior.alpha + 1000 * tx) &&
         AlivePpm(prior, x, tx, day - reading_.first) < rules.dormant_alive_below_ppm;
}

int64_t Course::FindWonBackDay() const {
  const auto& days = facts_.purchase_days;
  if (days.empty()) return kNoDay;
  // An earlier return is out of the window on the last purchase day already.
  const int64_t oldest = reading_.last - rules_.flags.won_back_days;
  int64_t found = kNoDay;
  for (uint32_t i = days.size() - 1; i > 0 && days[i] >= oldest; --i) {
    if (!ReturnedAfterSilence(i)) continue;
    found = days[i];
    break;
  }
  const auto first_after = [&days](int64_t ending) -> int64_t {
    const uint16_t* day = std::upper_bound(days.begin(), days.end(), ending);
    return day == days.end() ? kNoDay : *day;
  };
  if (ended_ != nullptr) found = std::max(found, first_after(DayOf(ended_->moment.at_us)));
  if (failed_trial_ != nullptr) {
    found = std::max(found, first_after(DayOf(failed_trial_->moment.at_us)));
  }
  if (fraud_day_ != kNoDay) found = std::max(found, first_after(fraud_day_));
  return found;
}

}  // namespace rapport::stage
