// `rapport diff`, `rapport what-if` and `rapport report`: how the whole base differs between two
// moments, or under other rules, and what a report tells of it.
//
// Threads: one thread. Errors: as the server said; NOT_FOUND for a file of rules that is not there.
#pragma once

#include <climits>
#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct CompareShown {
  int samples = 10;
  int customer_ids = 0;
  BackgroundOrder background;
  Format format = Format::kTable;
};

struct DiffBase {
  std::string from;
  std::string from_known_at;
  std::string to;
  std::string to_known_at;
  CompareShown shown;
};
absl::Status ShowDiff(Client& client, const DiffBase& options);

struct WhatIfBase {
  // A file, `-`, or the name of a set.
  std::string rules;
  std::string as_of;
  std::string known_at;
  CompareShown shown;
};
absl::Status ShowWhatIf(Client& client, const WhatIfBase& options);

struct BaseReport {
  std::string name;
  // Moments: from the first on, before the second; empty = all.
  std::string from;
  std::string to;
  std::string as_of;
  std::string known_at;
  BackgroundOrder background;
  // Rows shown at most.
  int limit = INT_MAX;
  Format format = Format::kTable;
};
// How many rows are left out is said on stderr.
absl::Status ShowReport(Client& client, const BaseReport& options);

// What came of them; it took so long.
void PrintDiff(const v1::DiffResponse& answer, Format format, absl::Duration took);
void PrintWhatIf(const v1::WhatIfResponse& answer, Format format, absl::Duration took);
void PrintReport(const v1::ReportResponse& answer, Format format);

}  // namespace rapport::operations
