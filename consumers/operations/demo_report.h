// DemoReport: what the whole base looks like at a moment: stages, what is owed, who comes first.
//
//   ASSIGN_OR_RETURN(const DemoReport report, MakeDemoReport(engine, now_us));
//   PrintDemoReport(report);
//
// One need per customer, the gravest. Of the same sort of need only a few are shown, so that a
// morning with many late parcels does not hide the regular who is about to leave.
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
  // Work that is owed, or a step inside the business, past its term.
  kOverdueWork,
  kAtRisk,
  kDamaged,
  // Work that is owed and still in time.
  kDueWork,
  // A courtesy or an offer past its day.
  kOverdueCourtesy,
  kDueCourtesy,
  kNone,
};
inline constexpr int kNeedSorts = static_cast<int>(NeedSort::kNone);

struct DemoNeed {
  std::string customer_id;
  NeedSort sort = NeedSort::kNone;
  // The follow-up, of the sorts that are one.
  v1::FollowUp follow_up;
  v1::Standing standing;
};

// The gravest need of one customer.
DemoNeed NeedOf(const std::string& customer_id, const v1::Standing& standing);

struct DemoReport {
  int64_t as_of_us = 0;
  int64_t customers = 0;
  std::map<v1::Stage, int64_t> stages;
  // Most overdue first.
  std::vector<v1::PolicyCount> owed;
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

}  // namespace rapport::operations
