#include "projections/follow_up/candidates.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "projections/facts/kind_table.h"
#include "projections/follow_up/condition.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::List;
using facts::ListName;

constexpr int64_t kBlockDays = 30;

bool Opens(const Trigger& trigger, const Item& item) {
  return trigger.kind == item.kind && (trigger.purpose == 0 || trigger.purpose == item.code) &&
         (trigger.subject.empty() || trigger.subject == item.subject.view()) &&
         (!trigger.reached.has_value() || *trigger.reached == item.has(facts::kReached)) &&
         (!trigger.accepted.has_value() || *trigger.accepted == item.has(facts::kAccepted));
}

bool AnyOpens(const Policy& policy, ListName list, const Item& item) {
  return std::any_of(policy.triggers.begin(), policy.triggers.end(), [&](const Trigger& trigger) {
    return trigger.list == list && Opens(trigger, item);
  });
}

// Outreach that reached nobody, and answers that ask back, close nothing.
bool CanClose(const Item& item) {
  if (item.kind == v1::KIND_OUTREACH_MADE) return item.has(facts::kReached);
  return item.kind != v1::KIND_QUESTION_ANSWERED || !item.has(facts::kAsksBack);
}

bool Closes(const Closer& closer, const Item& item, absl::string_view key) {
  if (closer.customer_act) {
    return facts::SideOf(item.kind) == facts::Side::kCustomer;
  }
  if (closer.kind != item.kind || !CanClose(item)) return false;
  if (closer.purpose != 0 && closer.purpose != item.code) return false;
  if (closer.accepted.has_value() && *closer.accepted != item.has(facts::kAccepted)) return false;
  if (item.n() < closer.level_min) return false;
  if (!closer.same_key) return true;
  return (item.kind == v1::KIND_OUTREACH_MADE ? item.subject.view() : item.key.view()) == key;
}

void TakeEarlier(std::optional<Moment>& best, const Moment& moment) {
  if (!best.has_value() || moment < *best) best = moment;
}

// When a promise or an expectation is due, and from when; 0 = not said.
struct Due {
  int64_t at_us = 0;
  int64_t from_us = 0;
};
Due DueOf(const Item& item) {
  if (item.kind == v1::KIND_PROMISE_MADE) return {item.n(), item.m()};
  return {item.m(), 0};
}

// 29 February falls on the 28th in common years.
int64_t DayInYear(const Item& date, int64_t year) {
  const int month = static_cast<int>(std::clamp<int64_t>(date.n() / 100, 1, 12));
  const int day = static_cast<int>(std::clamp<int64_t>(date.n() % 100, 1, 31));
  return DayOfCivil({year, month, std::min(day, DaysInMonth(year, month))});
}

// All events that open follow-ups of `policy`, by moment.
absl::InlinedVector<const Item*, 16> TriggersIn(const facts::Facts& facts, const Policy& policy) {
  absl::InlinedVector<const Item*, 16> found;
  bool several_lists = false;
  for (const List list : facts.lists()) {
    const size_t before = found.size();
    for (const Item& item : list.items) {
      if (AnyOpens(policy, list.name, item)) found.push_back(&item);
    }
    several_lists |= before != 0 && found.size() != before;
  }
  if (several_lists) {
    std::sort(found.begin(), found.end(),
              [](const Item* a, const Item* b) { return a->moment < b->moment; });
  }
  return found;
}

// True when an earlier trigger has the anchor of `triggers[at]` already.
bool SharesAnchor(v1::PolicyAnchor anchor, const absl::InlinedVector<const Item*, 16>& triggers,
                  size_t at) {
  const Item& item = *triggers[at];
  for (size_t i = 0; i < at; ++i) {
    const Item& other = *triggers[i];
    if (anchor == v1::POLICY_ANCHOR_KEY && other.key == item.key) return true;
    if (anchor == v1::POLICY_ANCHOR_BLOCK &&
        DayOf(other.moment.at_us) / kBlockDays == DayOf(item.moment.at_us) / kBlockDays) {
      return true;
    }
  }
  return false;
}

// False when the policy's condition fails for as long as no event arrives.
bool MayExist(const facts::Facts& facts, const Policy& policy) {
  if (policy.when == nullptr || policy.when_asks_stage) return true;
  static const facts::StageState kUnasked;
  const auto unasked = []() -> const facts::StageState& { return kUnasked; };
  return Holds(*policy.when, facts, unasked);
}

}  // namespace

Hash128 FollowUpId(absl::string_view customer_id, absl::string_view policy,
                   absl::string_view anchor) {
  return Blake2b128Framed({customer_id, policy, anchor});
}

Candidates::Candidates(absl::string_view customer_id, const facts::Facts& facts,
                       const Policies& policies, int64_t t_us, int64_t opened_by_us)
    : customer_id_(customer_id),
      facts_(facts),
      policies_(policies),
      opened_by_us_(opened_by_us),
      cases_(facts::ReadCases(facts, policies.friction())) {
  has_open_case_ = std::any_of(cases_.begin(), cases_.end(),
                               [](const facts::CaseReading& one) { return one.open; });
  for (const Policy& policy : policies.all()) {
    if (!MayExist(facts, policy)) continue;
    if (policy.anchor == v1::POLICY_ANCHOR_ONCE) {
      AddPurchaseDays(policy, t_us);
    } else if (policy.anchor != v1::POLICY_ANCHOR_DATE) {
      AddEvents(policy, t_us);
    }
  }
  DateFor(t_us);
}

void Candidates::DateFor(int64_t t_us) {
  const int64_t year = CivilOfDay(DayOf(t_us)).year;
  if (year == dated_year_) return;
  dated_year_ = year;
  dated_.clear();
  for (const Policy& policy : policies_.all()) {
    if (policy.anchor == v1::POLICY_ANCHOR_DATE && MayExist(facts_, policy)) AddDates(policy, t_us);
  }
}

void Candidates::AddEvents(const Policy& policy, int64_t t_us) {
  const auto triggers = TriggersIn(facts_, policy);
  for (size_t i = 0; i < triggers.size(); ++i) {
    if (!SharesAnchor(policy.anchor, triggers, i)) AddFromEvent(policy, *triggers[i], t_us);
  }
}

void Candidates::AddFromEvent(const Policy& policy, const Item& trigger, int64_t t_us) {
  Candidate one;
  one.policy = &policy;
  one.trigger = &trigger;
  one.key = trigger.key.view();
  const int64_t at_us = trigger.moment.at_us;
  int64_t c0_us = at_us;
  switch (policy.anchor) {
    case v1::POLICY_ANCHOR_KEY:
      one.anchor = absl::StrCat("key:", one.key);
      break;
    case v1::POLICY_ANCHOR_BLOCK: {
      const int64_t block = DayOf(at_us) / kBlockDays;
      one.anchor = absl::StrCat("block:", block);
      c0_us = block * kBlockDays * kMicrosPerDay - 1;
      break;
    }
    default:
      one.anchor = absl::StrCat("event:", trigger.moment.id.Hex());
      break;
  }
  if (const facts::CaseReading* read = FindCase(one.key)) {
    one.term_us =
        policies_.friction().term_days[static_cast<size_t>(read->severity)] * kMicrosPerDay;
  }
  one.pauses = ReadPauses(facts_, policies_.answers(), one.key, at_us);
  if (SetInstants(one, at_us)) Finish(std::move(one), c0_us, t_us, fixed_);
}

void Candidates::AddPurchaseDays(const Policy& policy, int64_t t_us) {
  // One follow-up, whichever of its triggers comes first.
  std::optional<int32_t> day;
  for (const Trigger& trigger : policy.triggers) {
    if (facts_.purchase_days.size() < trigger.purchase_day) continue;
    const int32_t reached = facts_.purchase_days[trigger.purchase_day - 1];
    if (!day.has_value() || reached < *day) day = reached;
  }
  if (!day.has_value()) return;
  Candidate one;
  one.policy = &policy;
  one.anchor = "once";
  one.day = *day;
  const int64_t opened_us = *day * kMicrosPerDay;
  if (SetInstants(one, opened_us)) Finish(std::move(one), opened_us, t_us, fixed_);
}

void Candidates::AddDates(const Policy& policy, int64_t t_us) {
  for (const Item& date : facts_.FindList(ListName::kDates).items) {
    const bool wanted =
        std::any_of(policy.triggers.begin(), policy.triggers.end(), [&](const Trigger& trigger) {
          return trigger.date == "*" || trigger.date == date.key.view();
        });
    if (!wanted) continue;
    // A policy reaches at most a year from the date, and a closed one stays a month.
    for (int64_t year = dated_year_ - 2; year <= dated_year_ + 2; ++year) {
      Candidate one;
      one.policy = &policy;
      one.key = date.key.view();
      one.anchor = absl::StrCat("date:", one.key, "/", year);
      one.day = DayInYear(date, year);
      if (SetDateInstants(one, policies_.calendar().LocalMidnight(one.day))) {
        const int64_t c0_us = one.from_us - 1;
        Finish(std::move(one), c0_us, t_us, dated_);
      }
    }
  }
}

bool Candidates::SetDateInstants(Candidate& one, int64_t midnight_us) const {
  const Policy& policy = *one.policy;
  one.from_us = midnight_us + policy.from.offset_us;
  one.opened_us = one.from_us;
  one.by_us = std::max(one.from_us, midnight_us + policy.by.offset_us);
  one.until_us = std::max(one.by_us, midnight_us + policy.until->offset_us);
  return one.opened_us < kEndOfTimeMicros;
}

std::optional<int64_t> Candidates::Resolve(const Candidate& one, const MomentRule& rule,
                                           int64_t base_us) const {
  switch (rule.base) {
    case Base::kTerm:
      return base_us + rule.times * one.term_us + rule.offset_us;
    case Base::kDue:
    case Base::kDueFrom: {
      const Due due = DueOf(*one.trigger);
      if (rule.base == Base::kDueFrom && due.from_us != 0) return due.from_us;
      if (due.at_us == 0) return std::nullopt;
      return due.at_us + (rule.base == Base::kDue ? rule.offset_us : rule.or_offset_us);
    }
    default:
      return base_us + rule.offset_us;
  }
}

int64_t Candidates::OpenTime(const MomentRule& rule, int64_t base_us, const Pauses& pauses) const {
  return policies_.calendar().AddOpenTime(base_us, rule.offset_us, pauses.over);
}

bool Candidates::SetInstants(Candidate& one, int64_t base_us) const {
  const Policy& policy = *one.policy;
  const Pauses& pauses = one.pauses;
  int64_t opened_us = base_us;
  one.opened_us = base_us;
  if (policy.opened.has_value()) {
    opened_us = std::min(*Resolve(one, *policy.opened, base_us),
                         policy.opened_max_us == kNever ? kNever : base_us + policy.opened_max_us);
    one.opened_us = pauses.Move(opened_us);
    if (pauses.Moves(one.opened_us)) return false;
    const facts::CaseReading* read = FindCase(one.key);
    if (read != nullptr && read->closed() && read->resolved->at_us <= one.opened_us) return false;
  }
  const std::optional<int64_t> from_us = Resolve(one, policy.from, one.opened_us);
  const std::optional<int64_t> by_us = Resolve(one, policy.by, opened_us);
  if (!from_us.has_value() || !by_us.has_value()) return false;
  if (policy.business && policies_.calendar().has_spans()) {
    one.from_us = OpenTime(policy.from, one.opened_us, pauses);
    one.by_us = OpenTime(policy.by, one.opened_us, pauses);
  } else {
    one.from_us = *from_us;
    one.by_us = pauses.Move(std::max(*by_us, *from_us));
  }
  one.from_us = std::max(one.from_us, one.opened_us);
  one.by_us = std::max(one.by_us, one.from_us);
  if (policy.until.has_value()) {
    const std::optional<int64_t> until_us = Resolve(one, *policy.until, opened_us);
    if (!until_us.has_value()) return false;
    one.until_us = std::max(pauses.Move(*until_us), one.by_us);
  }
  return true;
}

int64_t Candidates::ByAt(const Candidate& one, int64_t t_us) const {
  const Pauses& pauses = one.pauses;
  if (!pauses.Moves(one.by_us)) return one.by_us;
  if (!one.policy->business || !policies_.calendar().has_spans()) {
    return pauses.At(one.by_us, t_us);
  }
  Pauses until_now = pauses;
  until_now.over.push_back({pauses.open_since, t_us});
  return std::max(one.from_us, OpenTime(one.policy->by, one.opened_us, until_now));
}

void Candidates::Finish(Candidate one, int64_t c0_us, int64_t t_us,
                        std::vector<Candidate>& into) const {
  if (one.opened_us > opened_by_us_ || Forgotten(one)) return;
  FindCloser(one, c0_us);
  if (one.gone_us() <= t_us) return;
  one.id = FollowUpId(customer_id_, one.policy->id, one.anchor);
  ReadWork(one);
  into.push_back(std::move(one));
}

void Candidates::FindCloser(Candidate& one, int64_t c0_us) const {
  // A pause that moves the end along leaves room for everything that has happened yet.
  const int64_t before_us = one.expires() ? one.until_us : kNever;
  const auto consider = [&](const Moment& moment, bool from_c0_on) {
    if (moment.at_us < before_us &&
        (moment.at_us > c0_us || (from_c0_on && moment.at_us == c0_us))) {
      TakeEarlier(one.closer, moment);
    }
  };
  for (const Closer& closer : one.policy->closers) {
    if (closer.case_closed) {
      const facts::CaseReading* read = FindCase(one.key);
      if (read != nullptr && read->closed()) consider(*read->resolved, true);
      continue;
    }
    for (const List list : facts_.lists()) {
      if ((closer.lists & MaskOf(list.name)) == 0) continue;
      for (const Item& item : list.items) {
        if (Closes(closer, item, one.key)) consider(item.moment, closer.same_key);
      }
    }
  }
}

void Candidates::ReadWork(Candidate& one) const {
  const List work = facts_.FindList(ListName::kWork);
  if (work.items.empty()) return;
  const std::string id = Hex(one.id);
  for (const Item& item : work.items) {
    if (item.key.view() != id) continue;
    if (item.kind == v1::KIND_FOLLOW_UP_DISMISSED) one.dismissed = true;
    if (item.kind == v1::KIND_FOLLOW_UP_SNOOZED) one.snoozed_until_us = item.n();
  }
}

bool Candidates::Forgotten(const Candidate& one) const {
  const auto& floors = facts_.rare().floors;
  return std::any_of(floors.begin(), floors.end(), [&](const facts::Floor& floor) {
    return (one.policy->reads & MaskOf(floor.list)) != 0 && one.origin_us() <= floor.at_us;
  });
}

const facts::CaseReading* Candidates::FindCase(absl::string_view key) const {
  for (const facts::CaseReading& one : cases_) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

}  // namespace rapport::follow_up
