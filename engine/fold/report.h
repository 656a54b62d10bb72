// ReportRun: events of the past, customer by customer, told as tables.
//
//   ASSIGN_OR_RETURN(auto run, projection.Report({"channels"}, {.as_of_us = then}));
//   for (...) run->AddCustomer(id, events);      // the whole base: a report
//   run->Finish(*answer.mutable_tables());       // one customer only: an insight
//
// What the reports are, the projections say; who has the events hands them in: those that count,
// in the order of their moments, corrected ones as what stands in their place, retracted ones not
// at all, customers that were merged as one, under the survivor's id.
//
// Threads:   one thread per run. Ownership: the run borrows the projection.
// Lifetime:  events are looked at during the call only.
// Errors:    none but for names that nobody knows; adding and finishing cannot fail. Once it is
//            late, adding leaves off, and what Finish tells is worth nothing.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/model/valid_event.h"
#include "rapport/v1/report.pb.h"

namespace rapport::fold {

// Moments are microseconds UTC.
struct ReportWindow {
  // What happened in [from_us, to_us) is counted; what became of it is looked for up to as_of_us.
  int64_t from_us = 0;
  int64_t to_us = INT64_MAX;
  // The moment the report is of: nothing later is known to it. REQUIRES: no event handed in is
  // later.
  int64_t as_of_us = 0;
  // Groups with fewer answers are shown and not compared with others.
  int64_t answers_min = 30;
  // Asked now and then: nobody waits for the tables any more. Null = never.
  std::function<bool()> is_late = nullptr;
};

class ReportRun {
 public:
  virtual ~ReportRun() = default;

  // Adds a customer's events. The same customers in any order give the same tables.
  // REQUIRES: each customer comes once; `events` ascend by moment.
  virtual void AddCustomer(absl::string_view customer_id, absl::Span<const ValidEvent> events) = 0;

  // Adds an event of nobody known.
  virtual void AddAnonymous(const ValidEvent& event) = 0;

  // Adds one table for each report, in the order asked. Called once, last.
  virtual void Finish(google::protobuf::RepeatedPtrField<v1::Table>& tables) = 0;
};

}  // namespace rapport::fold
