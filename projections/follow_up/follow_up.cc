#include "projections/follow_up/follow_up.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "engine/base/time.h"
#include "projections/facts/kind_table.h"
#include "projections/facts/known_reading.h"
#include "projections/follow_up/candidates.h"
#include "projections/follow_up/condition.h"

namespace rapport::follow_up {
namespace {

using facts::Item;
using facts::List;
using facts::ListName;

// One follow-up on the list.
struct Row {
  const Candidate* candidate = nullptr;
  v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
  v1::Suppression reason = v1::SUPPRESSION_UNSPECIFIED;
  uint32_t priority = 0;
  const Candidate* outranked_by = nullptr;
  // Worked out when it is asked for: most rows are ranked without.
  std::optional<Hash128> id;
};

using Mark = FollowUps::Mark;

// The items of the vendor's in lists of contacts.
template <typename Visit>
void ForEachVendorContact(const facts::Facts& facts, Visit visit) {
  for (const ListName name : {ListName::kContacts, ListName::kMailings}) {
    for (const Item& item : facts.FindList(name).items) {
      if (facts::SideOf(item.kind) == facts::Side::kVendor) {
        visit(item.moment.at_us);
      }
    }
  }
}

// Purchases that the customer began, in the list of orders.
template <typename Visit>
void ForEachOwnPurchase(const facts::Facts& facts, Visit visit) {
  for (const Item& item : facts.FindList(ListName::kOrders).items) {
    if (item.kind == v1::KIND_PURCHASE_MADE && item.has(facts::kByCustomer_)) {
      visit(item.moment.at_us);
    }
  }
}

int64_t LatestIn(const facts::Facts& facts, ListName name) {
  const List list = facts.FindList(name);
  return list.items.empty() ? 0 : list.items[0].moment.at_us;
}

// The list at one moment.
class Assessment {
 public:
  Assessment(const Candidates& candidates, int64_t t_us)
      : candidates_(candidates), facts_(candidates.facts()), t_us_(t_us) {
    yes_is_likely_ = YesIsLikely();
    rows_.reserve(candidates.fixed().size() + candidates.dated().size() +
                  candidates.moving().size());
    for (const Candidate& one : candidates.fixed()) Add(one);
    for (const Candidate& one : candidates.dated()) Add(one);
    for (const Candidate& one : candidates.moving()) Add(one);
    if (candidates.policies().budget().has_value()) ApplyBudget(*candidates.policies().budget());
  }

  const std::vector<Row>& rows() const { return rows_; }
  std::vector<Mark> Marks() const {
    std::vector<Mark> marks;
    marks.reserve(rows_.size());
    for (const Row& row : rows_) {
      marks.push_back({row.candidate->policy, row.candidate->anchor, row.status, row.reason});
    }
    return marks;
  }

 private:
  void Add(const Candidate& one) {
    if (t_us_ < one.opened_us || t_us_ >= one.gone_us()) return;
    if (!one.policy->moving.empty() && !MovingHold(one)) return;
    Row row;
    row.candidate = &one;
    row.priority = yes_is_likely_ && one.policy->in_yes_window ? 0 : one.policy->priority;
    if (one.closer.has_value()) {
      row.status = v1::FOLLOW_UP_STATUS_DONE;
    } else if (one.expires() && t_us_ >= one.until_us) {
      row.status = v1::FOLLOW_UP_STATUS_EXPIRED;
    } else if (row.reason = ReasonToRest(one); row.reason != v1::SUPPRESSION_UNSPECIFIED) {
      row.status = v1::FOLLOW_UP_STATUS_SUPPRESSED;
    } else if (t_us_ < one.from_us) {
      row.status = v1::FOLLOW_UP_STATUS_PENDING;
    } else {
      row.status = t_us_ < one.by_us ? v1::FOLLOW_UP_STATUS_DUE : v1::FOLLOW_UP_STATUS_OVERDUE;
    }
    rows_.push_back(row);
  }

  bool MovingHold(const Candidate& one) const {
    Situation situation{.facts = facts_};
    situation.standing = &candidates_.standing();
    situation.t_us = t_us_;
    situation.trigger = one.trigger;
    situation.read = one.read;
    return AllHold(one.policy->moving, situation);
  }

  // All reasons but the budget, first that applies.
  v1::Suppression ReasonToRest(const Candidate& one) {
    if (one.dismissed) return v1::SUPPRESSION_DISMISSED;
    if (t_us_ < one.snoozed_until_us) return v1::SUPPRESSION_SNOOZED;
    if (one.pauses.open_since != kNever) return v1::SUPPRESSION_WAITING;
    const v1::FollowUpClass cls = one.policy->cls;
    if (cls == v1::FOLLOW_UP_CLASS_WORK || cls == v1::FOLLOW_UP_CLASS_INTERNAL) {
      return v1::SUPPRESSION_UNSPECIFIED;
    }
    const facts::StageState& stage = Now();
    if (stage.has(v1::FLAG_FRAUD_HOLD) || stage.rule == "S1") return v1::SUPPRESSION_FRAUD;
    if (!one.policy->spends_budget()) return v1::SUPPRESSION_UNSPECIFIED;
    const std::string& consent = one.policy->consent;
    if (Refuses(facts_, "all") || (!consent.empty() && Refuses(facts_, consent))) {
      return v1::SUPPRESSION_OPTED_OUT;
    }
    if (!one.policy->after_end && HasEndedSince(one.origin_us())) return v1::SUPPRESSION_ENDED;
    if (cls == v1::FOLLOW_UP_CLASS_SALES && candidates_.has_open_case()) {
      return v1::SUPPRESSION_OPEN_CASE;
    }
    return v1::SUPPRESSION_UNSPECIFIED;
  }

  // What began strictly later than the ending goes on.
  bool HasEndedSince(int64_t origin_us) {
    const absl::string_view rule = Now().rule;
    if (rule == "S2") return origin_us <= LatestIn(facts_, ListName::kEnded);
    if (rule == "S3") return origin_us <= LatestIn(facts_, ListName::kTrial);
    return false;
  }

  void ApplyBudget(const Budget& budget) {
    int64_t left = budget.contacts;
    ForEachVendorContact(facts_, [&](int64_t at_us) {
      if (at_us > t_us_ - budget.window_us && at_us <= t_us_) --left;
    });
    left = std::max<int64_t>(0, left);
    std::vector<Row*> asking;
    for (Row& row : rows_) {
      if (row.candidate->policy->spends_budget() &&
          (row.status == v1::FOLLOW_UP_STATUS_DUE || row.status == v1::FOLLOW_UP_STATUS_OVERDUE)) {
        asking.push_back(&row);
      }
    }
    if (static_cast<int64_t>(asking.size()) <= left) return;
    const Candidate* last = nullptr;
    if (left > 0) {
      // Whoever stands before the last one has a place, in whatever order.
      const auto at = asking.begin() + left - 1;
      std::nth_element(asking.begin(), at, asking.end(),
                       [this](Row* a, Row* b) { return Precedes(*a, *b); });
      last = (*at)->candidate;
    }
    for (size_t i = static_cast<size_t>(left); i < asking.size(); ++i) {
      asking[i]->status = v1::FOLLOW_UP_STATUS_SUPPRESSED;
      asking[i]->reason = v1::SUPPRESSION_BUDGET;
      asking[i]->outranked_by = last;
    }
  }

  bool Precedes(Row& a, Row& b) const {
    const auto rank_a = std::tie(a.priority, a.candidate->by_us);
    const auto rank_b = std::tie(b.priority, b.candidate->by_us);
    if (rank_a != rank_b) return rank_a < rank_b;
    for (Row* row : {&a, &b}) {
      if (!row->id.has_value()) row->id = candidates_.IdOf(*row->candidate);
    }
    return *a.id < *b.id;
  }

  bool YesIsLikely() const {
    const int64_t lasts_us = candidates_.policies().yes_window_us();
    bool likely = false;
    ForEachOwnPurchase(facts_, [&](int64_t at_us) { likely |= t_us_ < at_us + lasts_us; });
    return likely;
  }

  const facts::StageState& Now() {
    if (!stage_.has_value()) stage_ = candidates_.standing().StageAt(t_us_);
    return *stage_;
  }

  const Candidates& candidates_;
  const facts::Facts& facts_;
  int64_t t_us_;
  std::optional<facts::StageState> stage_;
  bool yes_is_likely_ = false;
  std::vector<Row> rows_;
};

// The least of several instants that is later than a moment.
class Earliest {
 public:
  explicit Earliest(int64_t after_us) : after_us_(after_us) {}
  void Consider(int64_t at_us) {
    if (at_us > after_us_ && at_us < least_us_) least_us_ = at_us;
  }
  int64_t least_us() const { return least_us_; }

 private:
  int64_t after_us_;
  int64_t least_us_ = kNever;
};

void ConsiderInstants(const Candidate& one, Earliest& earliest) {
  earliest.Consider(one.opened_us);
  earliest.Consider(one.gone_us());
  if (one.closer.has_value()) return;
  if (one.expires()) earliest.Consider(one.until_us);
  earliest.Consider(one.from_us);
  if (!one.pauses.Moves(one.by_us)) earliest.Consider(one.by_us);
  earliest.Consider(one.snoozed_until_us);
}

// Something about the candidate moves a little every day.
bool Drifts(const Candidate& one, int64_t t_us) {
  return (one.policy->needs & kNeedsDrift) != 0 && one.opened_us <= t_us && t_us < one.gone_us();
}

// The least instant > t_us at which the list may differ; kNever = none.
int64_t NextCandidateInstant(const Candidates& candidates, int64_t t_us) {
  const Policies& policies = candidates.policies();
  Earliest earliest(t_us);
  bool drifts = false;
  for (const auto* some : {&candidates.fixed(), &candidates.dated(), &candidates.moving()}) {
    for (const Candidate& one : *some) {
      ConsiderInstants(one, earliest);
      drifts |= Drifts(one, t_us);
    }
  }
  earliest.Consider(candidates.next_repeat_us());
  if (drifts) earliest.Consider((DayOf(t_us) + 1) * kMicrosPerDay);
  if (policies.budget().has_value()) {
    ForEachVendorContact(candidates.facts(), [&](int64_t at_us) {
      earliest.Consider(at_us + policies.budget()->window_us);
    });
  }
  if (policies.yes_window_us() != 0) {
    ForEachOwnPurchase(candidates.facts(),
                       [&](int64_t at_us) { earliest.Consider(at_us + policies.yes_window_us()); });
  }
  if (policies.asks_stage()) {
    earliest.Consider(candidates.standing().NextStageChange(t_us).value_or(kNever));
  }
  return earliest.least_us();
}

FollowUpState StateOf(const Row& row, const Candidates& candidates, int64_t t_us) {
  const Candidate& one = *row.candidate;
  FollowUpState state;
  state.policy = one.policy;
  state.customer_id = candidates.customer_id();
  state.anchor = one.anchor;
  state.status = row.status;
  state.reason = row.reason;
  state.priority = row.priority;
  state.opened_us = one.opened_us;
  state.from_us = one.from_us;
  state.by_us = candidates.ByAt(one, t_us);
  state.until_us = one.pauses.At(one.until_us, t_us);
  state.trigger = one.trigger;
  state.sound = one.sound;
  state.key = one.key;
  state.day = one.day;
  state.closer = one.closer;
  if (row.outranked_by != nullptr) {
    state.outranked_by = candidates.IdOf(*row.outranked_by);
    state.outranked_by_policy = row.outranked_by->policy;
  }
  return state;
}

}  // namespace

FollowUps::FollowUps(absl::string_view customer_id, const facts::Facts& facts,
                     const Policies& policies, const StandingAt& standing, int64_t t_us)
    : t_us_(std::max(t_us, facts.newest_at_us)),
      candidates_(customer_id, facts, policies, standing, t_us_) {}

std::vector<FollowUpState> FollowUps::States() {
  candidates_.MoveTo(t_us_);
  const Assessment assessment(candidates_, t_us_);
  std::vector<FollowUpState> result;
  result.reserve(assessment.rows().size());
  for (const Row& row : assessment.rows()) result.push_back(StateOf(row, candidates_, t_us_));
  now_ = assessment.Marks();
  // Policies lie in order of their ids.
  std::sort(result.begin(), result.end(), [](const FollowUpState& a, const FollowUpState& b) {
    if (a.policy != b.policy) return a.policy < b.policy;
    return a.anchor.ToString() < b.anchor.ToString();
  });
  return result;
}

const std::vector<Mark>& FollowUps::Marks() {
  candidates_.MoveTo(t_us_);
  if (!now_.has_value()) now_ = Assessment(candidates_, t_us_).Marks();
  return *now_;
}

std::optional<int64_t> FollowUps::NextChange() {
  const std::vector<Mark>& now = Marks();
  for (int64_t at_us = t_us_;;) {
    at_us = NextCandidateInstant(candidates_, at_us);
    if (at_us >= kEndOfTimeMicros) return std::nullopt;
    candidates_.MoveTo(at_us);
    if (Assessment(candidates_, at_us).Marks() != now) return at_us;
  }
}

void FollowUps::AddIndexRows(IndexRows& rows) {
  candidates_.MoveTo(t_us_);
  const Assessment assessment(candidates_, t_us_);
  for (const Row& row : assessment.rows()) {
    const Candidate& one = *row.candidate;
    const absl::string_view department = DepartmentOf(*one.policy, candidates_.facts(), one.key);
    const FollowUpRowName name{row.status, row.priority, one.policy->id, std::string(department)};
    rows.rows.push_back({name.ToString(), candidates_.ByAt(one, t_us_)});
    // Under an open pause it is due later with every moment.
    rows.drift |= one.pauses.Moves(one.by_us);
  }
  // Not only when the list differs: priorities change with less.
  rows.changes_at_us = std::min(rows.changes_at_us, NextCandidateInstant(candidates_, t_us_));
}

}  // namespace rapport::follow_up
