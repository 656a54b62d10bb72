// Catalogue: every report by name, what it tells, and how one begins.
//
//   for (const ReportInfo& info : AllReports()) Print(info.name, info.tells);
//   ASSIGN_OR_RETURN(auto run, Begin({"channels", "referrals"}, frame, projection));
//
// Threads: pure. Ownership: a run borrows rules and projection.
// Errors:  INVALID_ARGUMENT (FIELD_INVALID), which lists the names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "projections/report/report.h"

namespace rapport::report {

struct ReportInfo {
  // `channels`: of letters and underscores.
  const char* name;
  // In a sentence.
  const char* tells;
  std::unique_ptr<Report> (*make)(const Frame& frame);
};

// By name.
absl::Span<const ReportInfo> AllReports();
// Null when there is none of that name.
const ReportInfo* FindReport(absl::string_view name);

absl::StatusOr<std::unique_ptr<fold::ReportRun>> Begin(const std::vector<std::string>& names,
                                                       const Frame& frame,
                                                       const fold::Projection* projection);

}  // namespace rapport::report
