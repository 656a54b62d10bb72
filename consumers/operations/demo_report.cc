#include "consumers/operations/demo_report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "engine/base/time.h"
#include "rapport/v1/facts.pb.h"

namespace rapport::operations {
namespace {

constexpr size_t kFirstMax = 6;
// Priorities up to here are urgent.
constexpr uint32_t kUrgentMax = 2;
// Of each sort, while others wait.
constexpr std::array<size_t, kNeedSorts> kOfSortMax = {3, 2, 1, 1, 1, 1};

bool Holds(const v1::Standing& standing, v1::Flag flag) {
  return std::any_of(standing.flags().begin(), standing.flags().end(),
                     [flag](const v1::FlagState& state) { return state.flag() == flag; });
}

// It is time to ask how things are, whether or not something holds it back.
bool OwesCheck(const v1::Standing& standing) {
  return std::any_of(standing.follow_ups().begin(), standing.follow_ups().end(),
                     [](const v1::FollowUp& follow_up) {
                       return follow_up.policy() == "check_in" &&
                              follow_up.status() != v1::FOLLOW_UP_STATUS_DONE &&
                              follow_up.status() != v1::FOLLOW_UP_STATUS_EXPIRED;
                     });
}

NeedSort SortOf(const v1::FollowUp& follow_up) {
  // A step inside the business that is not urgent keeps nobody waiting.
  const bool work =
      follow_up.class_() == v1::FOLLOW_UP_CLASS_WORK ||
      follow_up.class_() == v1::FOLLOW_UP_CLASS_SERVICE ||
      (follow_up.class_() == v1::FOLLOW_UP_CLASS_INTERNAL && follow_up.priority() <= kUrgentMax);
  switch (follow_up.status()) {
    case v1::FOLLOW_UP_STATUS_OVERDUE:
      return work ? NeedSort::kOverdueWork : NeedSort::kOverdueRest;
    case v1::FOLLOW_UP_STATUS_DUE:
      return work ? NeedSort::kDueWork : NeedSort::kDueRest;
    default:
      return NeedSort::kNone;
  }
}

// The priority of the rules, then what the customer waits for before what is done inside, then what
// is due longest.
auto RankOf(const v1::FollowUp& follow_up) {
  return std::make_tuple(follow_up.priority(), follow_up.class_(), follow_up.by_us());
}

// Of states who has the most to lose comes first.
bool ComesFirst(const DemoNeed& a, const DemoNeed& b) {
  const auto rank = [](const DemoNeed& need) {
    return std::make_tuple(need.sort, RankOf(need.follow_up), !need.unasked, -need.spent_centi,
                           -static_cast<int64_t>(need.standing.score_milli()));
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a.customer_id < b.customer_id;
}

// Keeps a few of each sort, then fills up in order. REQUIRES: `needs` is sorted.
std::vector<DemoNeed> Choose(const std::vector<DemoNeed>& needs) {
  std::array<size_t, kNeedSorts> taken = {};
  std::vector<const DemoNeed*> chosen, left;
  for (const DemoNeed& need : needs) {
    const auto sort = static_cast<size_t>(need.sort);
    const bool takes = chosen.size() < kFirstMax && taken[sort] < kOfSortMax[sort];
    if (takes) ++taken[sort];
    (takes ? chosen : left).push_back(&need);
  }
  for (const DemoNeed* need : left) {
    if (chosen.size() < kFirstMax) chosen.push_back(need);
  }
  // Back in their order: they point into one vector.
  std::sort(chosen.begin(), chosen.end());
  std::vector<DemoNeed> first;
  for (const DemoNeed* need : chosen) first.push_back(*need);
  return first;
}

void CountOwed(const v1::Standing& standing, std::map<std::string, DemoOwed>& owed) {
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    const bool overdue = follow_up.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
    if (!overdue && follow_up.status() != v1::FOLLOW_UP_STATUS_DUE) continue;
    DemoOwed& count = owed[follow_up.policy()];
    count.policy = follow_up.policy();
    // Just after a purchase some are more urgent than the rules have them else.
    count.priority = std::max(count.priority, follow_up.priority());
    ++count.due;
    count.overdue += overdue;
  }
}

// What somebody has bought and kept.
absl::StatusOr<int64_t> SpentCenti(const Engine& engine, const std::string& id,
                                   const history::Viewpoint& viewpoint) {
  fold::EvaluateOptions options;
  options.follow_ups = false;
  options.next_change = false;
  options.receipts = false;
  ASSIGN_OR_RETURN(const Relationship read,
                   engine.ReadRelationship(id, viewpoint, options, /*with_facts=*/true));
  v1::CustomerFacts facts;
  if (!facts.ParseFromString(read.facts)) {
    return absl::InternalError(absl::StrCat("the facts of ", id, " cannot be read"));
  }
  return facts.money().spend_centi() - facts.money().reversed_centi();
}

absl::Status CountBefore(const Engine& engine, const std::vector<std::string>& ids,
                         DemoReport& report) {
  history::Viewpoint viewpoint;
  viewpoint.as_of_us = report.as_of_us - kDemoDaysBefore * kMicrosPerDay;
  fold::EvaluateOptions options;
  options.follow_ups = false;
  options.next_change = false;
  options.receipts = false;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const Relationship then, engine.ReadRelationship(id, viewpoint, options));
    report.committed_before += then.standing.stage() == v1::STAGE_COMMITMENT;
  }
  return absl::OkStatus();
}

}  // namespace

void CountContacts(const v1::Standing& standing, DemoContacts& contacts) {
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    if (follow_up.class_() != v1::FOLLOW_UP_CLASS_COURTESY &&
        follow_up.class_() != v1::FOLLOW_UP_CLASS_SALES) {
      continue;
    }
    const bool rests = follow_up.status() == v1::FOLLOW_UP_STATUS_SUPPRESSED;
    // What it is not yet time for rests for no reason that counts here.
    if (rests && follow_up.from_us() > standing.as_of_us()) continue;
    if (!rests && follow_up.status() != v1::FOLLOW_UP_STATUS_DUE &&
        follow_up.status() != v1::FOLLOW_UP_STATUS_OVERDUE) {
      continue;
    }
    ++contacts.all;
    if (!rests) continue;
    switch (follow_up.suppressed_by()) {
      case v1::SUPPRESSION_BUDGET:
        ++contacts.by_budget;
        ++contacts.crowded_out[follow_up.policy()];
        break;
      case v1::SUPPRESSION_OPTED_OUT:
        ++contacts.by_refusal;
        break;
      case v1::SUPPRESSION_OPEN_CASE:
        ++contacts.by_open_case;
        break;
      default:
        ++contacts.otherwise;
    }
  }
}

DemoNeed NeedOf(const std::string& customer_id, const v1::Standing& standing) {
  DemoNeed need;
  need.customer_id = customer_id;
  if (Holds(standing, v1::FLAG_DAMAGED)) need.sort = NeedSort::kDamaged;
  if (Holds(standing, v1::FLAG_AT_RISK)) need.sort = NeedSort::kAtRisk;
  for (const v1::FollowUp& follow_up : standing.follow_ups()) {
    const NeedSort sort = SortOf(follow_up);
    if (sort > need.sort || sort == NeedSort::kNone) continue;
    if (sort == need.sort && RankOf(follow_up) >= RankOf(need.follow_up)) continue;
    need.sort = sort;
    need.follow_up = follow_up;
  }
  need.unasked = need.sort == NeedSort::kAtRisk && OwesCheck(standing);
  need.standing = standing;
  return need;
}

absl::StatusOr<DemoReport> MakeDemoReport(const Engine& engine, int64_t as_of_us) {
  DemoReport report;
  report.as_of_us = as_of_us;
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, engine.pipeline().CustomerIds());
  history::Viewpoint viewpoint;
  viewpoint.as_of_us = as_of_us;
  fold::EvaluateOptions options;
  options.next_change = false;
  options.receipts = false;
  std::map<std::string, DemoOwed> owed;
  std::vector<DemoNeed> needs;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const Relationship now, engine.ReadRelationship(id, viewpoint, options));
    ++report.customers;
    ++report.stages[now.standing.stage()];
    CountOwed(now.standing, owed);
    CountContacts(now.standing, report.contacts);
    DemoNeed need = NeedOf(id, now.standing);
    if (need.sort == NeedSort::kNone) continue;
    ++report.needs[static_cast<size_t>(need.sort)];
    if (need.sort == NeedSort::kAtRisk) {
      ASSIGN_OR_RETURN(need.spent_centi, SpentCenti(engine, id, viewpoint));
    }
    needs.push_back(std::move(need));
  }
  std::sort(needs.begin(), needs.end(), ComesFirst);
  report.first = Choose(needs);
  for (DemoNeed& need : report.first) {
    ASSIGN_OR_RETURN(const Relationship why,
                     engine.ReadRelationship(need.customer_id, viewpoint, {}));
    const int64_t spent_centi = need.spent_centi;
    need = NeedOf(need.customer_id, why.standing);
    need.spent_centi = spent_centi;
  }
  for (auto& [policy, count] : owed) report.owed.push_back(std::move(count));
  std::stable_sort(report.owed.begin(), report.owed.end(),
                   [](const DemoOwed& a, const DemoOwed& b) {
                     return std::make_tuple(a.priority, -a.overdue, -a.due) <
                            std::make_tuple(b.priority, -b.overdue, -b.due);
                   });
  RETURN_IF_ERROR(CountBefore(engine, ids, report));
  return report;
}

}  // namespace rapport::operations
