// DemoReport: what the whole base looks like at a moment: stages, what is owed, who comes first.
//
//   ASSIGN_OR_RETURN(const DemoReport report, MakeDemoReport(engine, now_us));
//   PrintDemoReport(report);
//
// One need per customer, the gravest, in this order: work past its term (by the priority that the
// rules give it, then by how late it is), customers at risk (those whom nobody has asked how things
// are before the others, then who has bought most), damaged ones, work still in time, then
// courtesies, offers and what can wait inside the business. Of the same sort of need only a few are
// shown, so that a morning with many late parcels does not hide the regular who is about to leave.
//
// Threads: any; reads the engine only. Ownership: plain values.
// Errors:  those of reading a relationship.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/engine.h"
#include "rapport/v1/relationships.pb.h"

namespace rapport::operations {

// Why somebody needs attention, the gravest first.
enum class NeedSort {
  // Work and service that are owed, or an urgent step inside the business, past its term.
  kOverdueWork,
  kAtRisk,
  kDamaged,
  // The same, still in time.
  kDueWork,
  // A courtesy, an offer or a step inside the business that is not urgent, past its day.
  kOverdueRest,
  kDueRest,
  kNone,
};
inline constexpr int kNeedSorts = static_cast<int>(NeedSort::kNone);

struct DemoNeed {
  std::string customer_id;
  NeedSort sort = NeedSort::kNone;
  // The follow-up, of the sorts that are one.
  v1::FollowUp follow_up;
  v1::Standing standing;
  // Bought and not sent back, in hundredths of the base currency; of those at risk only.
  int64_t spent_centi = 0;
  // Of those at risk: it is owed to ask how things are.
  bool unasked = false;
};

// Contacts nobody asked for (courtesies and offers) that it is time for.
struct DemoContacts {
  int64_t all = 0;
  // Of them those that rest: for the budget of contacts, for a refusal, for a complaint that is
  // open, for all other reasons.
  int64_t by_budget = 0;
  int64_t by_refusal = 0;
  int64_t by_open_case = 0;
  int64_t otherwise = 0;
  // Per policy, what rests for the budget.
  std::map<std::string, int64_t> crowded_out;
};

void CountContacts(const v1::Standing& standing, DemoContacts& contacts);

// The gravest need of one customer.
DemoNeed NeedOf(const std::string& customer_id, const v1::Standing& standing);

// Follow-ups of one policy that are due or overdue.
struct DemoOwed {
  std::string policy;
  // As the rules give it.
  uint32_t priority = 0;
  int64_t due = 0;
  // Of those.
  int64_t overdue = 0;
};

struct DemoReport {
  int64_t as_of_us = 0;
  int64_t customers = 0;
  std::map<v1::Stage, int64_t> stages;
  // By priority, those of one priority most overdue first.
  std::vector<DemoOwed> owed;
  DemoContacts contacts;
  // Who comes first, with receipts.
  std::vector<DemoNeed> first;
  // Customers with a need of each sort, those in `first` included.
  std::array<int64_t, kNeedSorts> needs = {};
  // In COMMITMENT ninety days before, of those known then.
  int64_t committed_before = 0;
};

inline constexpr int64_t kDemoDaysBefore = 90;

absl::StatusOr<DemoReport> MakeDemoReport(const Engine& engine, int64_t as_of_us);

void PrintDemoReport(const DemoReport& report);

// What a relationship is, in one line: `COMMITMENT 761, 58 % transactional, 42 % advocacy, ...`.
std::string RelationshipWords(const v1::Standing& standing);

}  // namespace rapport::operations
