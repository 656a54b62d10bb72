// Follow-ups that come with time alone: of dates, days of the month, states and silences.
#include <algorithm>

#include "projections/facts/kind_table.h"
#include "projections/follow_up/candidates.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::ListName;

constexpr int64_t kMonthsPerYear = 12;

// 29 February falls on the 28th in common years.
int64_t DayInYear(const Item& date, int64_t year) {
  const int month = static_cast<int>(std::clamp<int64_t>(date.n() / 100, 1, 12));
  const int day = static_cast<int>(std::clamp<int64_t>(date.n() % 100, 1, 31));
  return DayOfCivil({year, month, std::min(day, DaysInMonth(year, month))});
}

int64_t MonthOf(int64_t t_us) {
  const CivilDate day = CivilOfDay(DayOf(t_us));
  return day.year * kMonthsPerYear + day.month - 1;
}

// Whole months that a length, if it is one, can reach over.
int64_t MonthsIn(int64_t length_us) {
  return std::max<int64_t>(0, length_us) / (28 * kMicrosPerDay);
}

}  // namespace

void Candidates::MoveTo(int64_t t_us) {
  if (t_us == moved_to_us_) return;
  moved_to_us_ = t_us;
  const int64_t month = MonthOf(std::min(t_us, kEndOfTimeMicros));
  if (month != dated_month_) {
    dated_month_ = month;
    dated_.clear();
    for (const Policy* policy : policies_.moving()) {
      if (policy->sort() == TriggerSort::kDate && Has(MaskOf(ListName::kDates))) {
        AddDates(*policy, t_us);
      }
      if (policy->sort() == TriggerSort::kMonthDay) AddMonthDays(*policy, t_us);
    }
  }
  moving_.clear();
  next_repeat_us_ = kNever;
  for (const Policy* policy : policies_.moving()) {
    if (policy->sort() == TriggerSort::kState) AddState(*policy, t_us);
    if (policy->sort() == TriggerSort::kSilence) AddSilence(*policy, t_us);
  }
}

void Candidates::AddDates(const Policy& policy, int64_t t_us) {
  if (!ConditionsHold(policy, nullptr)) return;
  const int64_t this_year = dated_month_ / kMonthsPerYear;
  for (const Item& date : ItemsOf(ListName::kDates)) {
    const bool wanted =
        std::any_of(policy.triggers.begin(), policy.triggers.end(), [&](const Trigger& trigger) {
          return trigger.date == "*" || trigger.date == date.key.view();
        });
    if (!wanted) continue;
    // A policy reaches at most a year from the date, and a closed one stays a month.
    for (int64_t year = this_year - 2; year <= this_year + 2; ++year) {
      Candidate one;
      one.policy = &policy;
      one.key = date.key.view();
      one.anchor.kind = policy.anchor;
      one.anchor.key = one.key;
      one.anchor.number = year;
      one.day = DayInYear(date, year);
      if (!SetDateInstants(one, policies_.calendar().LocalMidnight(one.day))) continue;
      one.opened_us = one.from_us;
      const int64_t c0_us = one.from_us - 1;
      Finish(std::move(one), c0_us, t_us, dated_);
    }
  }
}

// It opens with the date before: who has one behind them sees the next one coming.
void Candidates::AddMonthDays(const Policy& policy, int64_t t_us) {
  if (!ConditionsHold(policy, nullptr)) return;
  // From what is listed still at the beginning of the month to the two after what begins in it.
  const int64_t first = dated_month_ - MonthsIn(policy.until->offset_us + kListedAfterUs) - 2;
  const int64_t last = dated_month_ + MonthsIn(-policy.from.offset_us) + 3;
  std::vector<int64_t> days;
  for (int64_t month = first; month <= last; ++month) {
    for (const Trigger& trigger : policy.triggers) {
      days.push_back(DayOfCivil({month / kMonthsPerYear, static_cast<int>(month % 12) + 1,
                                 static_cast<int>(trigger.count)}));
    }
  }
  std::sort(days.begin(), days.end());
  for (size_t i = 1; i < days.size(); ++i) {
    Candidate one;
    one.policy = &policy;
    one.anchor.kind = policy.anchor;
    one.anchor.number = days[i];
    one.day = days[i];
    if (!SetDateInstants(one, policies_.calendar().LocalMidnight(days[i]))) continue;
    one.opened_us = std::min(
        one.from_us, policies_.calendar().LocalMidnight(days[i - 1]) + policy.from.offset_us);
    if (!ConditionsHold(policy, nullptr, one.from_us)) continue;
    const int64_t c0_us = one.from_us - 1;
    Finish(std::move(one), c0_us, t_us, dated_);
  }
}

bool Candidates::SetDateInstants(Candidate& one, int64_t midnight_us) const {
  const Policy& policy = *one.policy;
  one.from_us = midnight_us + policy.from.offset_us;
  one.by_us = std::max(one.from_us, midnight_us + policy.by.offset_us);
  one.until_us = std::max(one.by_us, midnight_us + policy.until->offset_us);
  return one.from_us < kEndOfTimeMicros;
}

void Candidates::AddState(const Policy& policy, int64_t t_us) {
  // Of several states the one that began first.
  std::optional<int64_t> day;
  for (const Trigger& trigger : policy.triggers) {
    const std::optional<int64_t> since = standing_.Since(trigger.state, t_us);
    if (since.has_value() && (!day.has_value() || *since < *day)) day = since;
  }
  if (!day.has_value() || !ConditionsHold(policy, nullptr)) return;
  Candidate one;
  one.policy = &policy;
  one.anchor.kind = policy.anchor;
  one.anchor.number = *day;
  one.day = *day;
  const int64_t opened_us = *day * kMicrosPerDay;
  if (SetInstants(one, opened_us)) Finish(std::move(one), opened_us, t_us, moving_);
}

Moment Candidates::LastAct() const {
  Moment last;
  for (const facts::KindCell& cell : facts_.kinds) {
    if (facts::SideOf(cell.kind()) == facts::Side::kCustomer) last = std::max(last, cell.last());
  }
  return last;
}

// The last event that `closer` takes, also when its list has forgotten it; zero where the facts
// know no more than the list.
Moment Candidates::LastEver(const Closer& closer) const {
  if (closer.same_key || closer.accepted.has_value() || closer.all_three || closer.level_min != 0 ||
      closer.kind == v1::KIND_QUESTION_ANSWERED) {
    return Moment();
  }
  if (closer.kind == v1::KIND_OUTREACH_MADE) {
    const int64_t floor_us = facts_.lists().FloorOf(ListName::kContacts);
    const bool mailings = (closer.lists & MaskOf(ListName::kMailings)) != 0;
    for (const facts::PurposeCell& cell : facts_.rare().outreach) {
      if (cell.purpose != closer.purpose) continue;
      // What is forgotten may have been a mailing: rather too late than to ask again.
      if (mailings || cell.last.at_us <= floor_us) return cell.last;
    }
    return Moment();
  }
  const facts::KindCell* cell = closer.purpose == 0 ? facts_.FindKind(closer.kind) : nullptr;
  return cell == nullptr ? Moment() : cell->last();
}

// The latest moment from which the silence counts, without an id where it is the beginning of the
// first purchase day; absent = nothing was ever heard.
std::optional<Moment> Candidates::LastSound(const Policy& policy) const {
  Moment last;
  const v1::PolicySince since = policy.triggers.front().since;
  if (since == v1::POLICY_SINCE_FIRST_PURCHASE && !facts_.purchase_days.empty()) {
    last.at_us = facts_.purchase_days[0] * kMicrosPerDay;
  }
  if (since == v1::POLICY_SINCE_ASSIGNMENT && Has(MaskOf(ListName::kOwner))) {
    last = ItemsOf(ListName::kOwner).back().moment;
  }
  for (const Closer& closer : policy.closers) {
    if (closer.customer_act) {
      last = std::max(last, LastAct());
      continue;
    }
    last = std::max(last, LastEver(closer));
    for (ListMask left = closer.lists & present_; left != 0; left &= left - 1) {
      const Items items = lists_[static_cast<size_t>(__builtin_ctz(left))];
      for (size_t i = items.size(); i > 0 && last < items[i - 1].moment; --i) {
        if (FirstThatCloses(closer, items.subspan(i - 1, 1), {}, -1, false, kNever) != nullptr) {
          last = items[i - 1].moment;
        }
      }
    }
  }
  if (last.at_us == 0) return std::nullopt;
  return last;
}

void Candidates::AddSilence(const Policy& policy, int64_t t_us) {
  // Who asks about everything asks later than time goes.
  if (t_us >= kEndOfTimeMicros) return;
  const std::optional<Moment> last = LastSound(policy);
  if (!last.has_value() || !ConditionsHold(policy, nullptr)) return;
  const int64_t lasts_us = policy.triggers.front().lasts_us;
  const int64_t times = (t_us - last->at_us) / lasts_us;
  next_repeat_us_ = std::min(next_repeat_us_, last->at_us + (times + 1) * lasts_us);
  if (times < 1) return;
  Candidate one;
  one.policy = &policy;
  one.sound = *last;
  one.anchor.kind = policy.anchor;
  one.anchor.number = DayOf(last->at_us);
  one.anchor.times = times;
  one.day = one.anchor.number;
  const int64_t opened_us = last->at_us + times * lasts_us;
  if (SetInstants(one, opened_us)) Finish(std::move(one), opened_us, t_us, moving_);
}

}  // namespace rapport::follow_up
