#include "projections/follow_up/follow_up.h"

#include <algorithm>
#include <tuple>

#include "engine/base/time.h"
#include "projections/facts/kind_table.h"
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
  std::optional<Hash128> outranked_by;
};

// What of a row decides whether the list differs.
struct Mark {
  Hash128 id{};
  v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
  v1::Suppression reason = v1::SUPPRESSION_UNSPECIFIED;

  bool operator==(const Mark&) const = default;
};

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

bool Refuses(const facts::Facts& facts, absl::string_view consent) {
  const Item* item = FindInMap(facts, ListName::kConsents, consent);
  return item != nullptr && !item->has(facts::kAccepted);
}

int64_t LatestIn(const facts::Facts& facts, ListName name) {
  const List list = facts.FindList(name);
  return list.items.empty() ? 0 : list.items[0].moment.at_us;
}

// The list at one moment.
class Assessment {
 public:
  Assessment(const Candidates& candidates, int64_t t_us, StateAt state_at)
      : candidates_(candidates), facts_(candidates.facts()), t_us_(t_us), state_at_(state_at) {
    yes_is_likely_ = YesIsLikely();
    for (const Candidate& one : candidates.fixed()) Add(one);
    for (const Candidate& one : candidates.dated()) Add(one);
    if (candidates.policies().budget().has_value()) ApplyBudget(*candidates.policies().budget());
  }

  const std::vector<Row>& rows() const { return rows_; }
  std::vector<Mark> Marks() const {
    std::vector<Mark> marks;
    marks.reserve(rows_.size());
    for (const Row& row : rows_) marks.push_back({row.candidate->id, row.status, row.reason});
    return marks;
  }

 private:
  void Add(const Candidate& one) {
    if (t_us_ < one.opened_us || t_us_ >= one.gone_us()) return;
    const auto stage = [this]() -> const facts::StageState& { return Now(); };
    if (one.policy->when_asks_stage && !Holds(*one.policy->when, facts_, stage)) return;
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
    if (HasEndedSince(one.origin_us())) return v1::SUPPRESSION_ENDED;
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
    std::sort(asking.begin(), asking.end(), [](const Row* a, const Row* b) {
      return std::tie(a->priority, a->candidate->by_us, a->candidate->id) <
             std::tie(b->priority, b->candidate->by_us, b->candidate->id);
    });
    for (size_t i = static_cast<size_t>(left); i < asking.size(); ++i) {
      asking[i]->status = v1::FOLLOW_UP_STATUS_SUPPRESSED;
      asking[i]->reason = v1::SUPPRESSION_BUDGET;
      if (left > 0) asking[i]->outranked_by = asking[static_cast<size_t>(left) - 1]->candidate->id;
    }
  }

  bool YesIsLikely() const {
    const int64_t lasts_us = candidates_.policies().yes_window_us();
    bool likely = false;
    ForEachOwnPurchase(facts_, [&](int64_t at_us) { likely |= t_us_ < at_us + lasts_us; });
    return likely;
  }

  const facts::StageState& Now() {
    if (!stage_.has_value()) stage_ = state_at_(t_us_);
    return *stage_;
  }

  const Candidates& candidates_;
  const facts::Facts& facts_;
  int64_t t_us_;
  StateAt state_at_;
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

// The least instant > t_us at which the list may differ; kNever = none.
int64_t NextCandidateInstant(const Candidates& candidates, int64_t t_us,
                             NextStageChange next_stage_change) {
  const Policies& policies = candidates.policies();
  Earliest earliest(t_us);
  for (const Candidate& one : candidates.fixed()) ConsiderInstants(one, earliest);
  for (const Candidate& one : candidates.dated()) ConsiderInstants(one, earliest);
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
    earliest.Consider(next_stage_change(t_us).value_or(kNever));
  }
  return earliest.least_us();
}

FollowUpState StateOf(const Row& row, const Candidates& candidates, int64_t t_us) {
  const Candidate& one = *row.candidate;
  FollowUpState state;
  state.policy = one.policy;
  state.id = one.id;
  state.anchor = one.anchor;
  state.status = row.status;
  state.reason = row.reason;
  state.priority = row.priority;
  state.opened_us = one.opened_us;
  state.from_us = one.from_us;
  state.by_us = candidates.ByAt(one, t_us);
  state.until_us = one.pauses.At(one.until_us, t_us);
  state.trigger = one.trigger;
  state.key = one.key;
  state.day = one.day;
  state.closer = one.closer;
  state.outranked_by = row.outranked_by;
  return state;
}

}  // namespace

std::vector<FollowUpState> Evaluate(absl::string_view customer_id, const facts::Facts& facts,
                                    int64_t t_us, const Policies& policies, StateAt state_at) {
  t_us = std::max(t_us, facts.newest_at_us);
  const Candidates candidates(customer_id, facts, policies, t_us, /*opened_by_us=*/t_us);
  const Assessment assessment(candidates, t_us, state_at);
  std::vector<FollowUpState> result;
  result.reserve(assessment.rows().size());
  for (const Row& row : assessment.rows()) result.push_back(StateOf(row, candidates, t_us));
  std::sort(result.begin(), result.end(), [](const FollowUpState& a, const FollowUpState& b) {
    return std::tie(a.policy->id, a.anchor) < std::tie(b.policy->id, b.anchor);
  });
  return result;
}

std::optional<int64_t> NextChange(absl::string_view customer_id, const facts::Facts& facts,
                                  int64_t t_us, const Policies& policies, StateAt state_at,
                                  NextStageChange next_stage_change) {
  t_us = std::max(t_us, facts.newest_at_us);
  Candidates candidates(customer_id, facts, policies, t_us);
  const std::vector<Mark> now = Assessment(candidates, t_us, state_at).Marks();
  for (int64_t at_us = t_us;;) {
    at_us = NextCandidateInstant(candidates, at_us, next_stage_change);
    if (at_us >= kEndOfTimeMicros) return std::nullopt;
    candidates.DateFor(at_us);
    if (Assessment(candidates, at_us, state_at).Marks() != now) return at_us;
  }
}

void AddIndexRows(absl::string_view customer_id, const facts::Facts& facts, int64_t t_us,
                  const Policies& policies, StateAt state_at, int64_t stage_changes_at_us,
                  IndexRows& rows) {
  const Candidates candidates(customer_id, facts, policies, t_us);
  const Assessment assessment(candidates, t_us, state_at);
  for (const Row& row : assessment.rows()) {
    const Candidate& one = *row.candidate;
    const absl::string_view department = DepartmentOf(*one.policy, facts, one.key);
    const FollowUpRowName name{row.status, row.priority, one.policy->id, std::string(department)};
    rows.rows.push_back({name.ToString(), candidates.ByAt(one, t_us)});
    // Under an open pause it is due later with every moment.
    rows.drift |= one.pauses.Moves(one.by_us);
  }
  const auto next_stage_change = [&](int64_t) -> std::optional<int64_t> {
    return stage_changes_at_us;
  };
  // Not only when the list differs: priorities change with less.
  const int64_t next_us = NextCandidateInstant(candidates, t_us, next_stage_change);
  rows.changes_at_us = std::min(rows.changes_at_us, next_us);
}

}  // namespace rapport::follow_up
