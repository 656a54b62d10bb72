// `rapport export`: tables of the base and of the log as files for DuckDB, pandas and others.
//
// A file stands under its name once all of it is on the disk; whatever goes wrong before leaves
// nothing there.
//
// Threads: one thread. Errors: those of the server and of analytics::OutputFile; UNAVAILABLE
// (EXPORT_CUT) when the server ended in between; ABORTED (EXPORT_CHANGED) when the log gave other
// events than it had counted.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_background.h"
#include "rapport/v1/snapshot.pb.h"

namespace rapport::operations {

// Where to, and in which form.
struct ExportTarget {
  std::string folder = ".";
  // `parquet`, `csv` or `jsonl`; empty = parquet.
  std::string format;
  // Replaces what is there.
  bool force = false;
  // `no_wait`: the server writes the file into a folder of its own, and nothing is written here.
  BackgroundOrder background;
};

struct BaseExport {
  std::string as_of;
  std::string known_at;
  // Digest of rules, or AT_KNOWN; empty = the active ones.
  std::string rules;
  std::string min_position;
};
absl::Status ExportBase(Client& client, v1::BaseTable table, const BaseExport& options,
                        const ExportTarget& target);

struct EventsExport {
  // Moments: from the first on, before the second; empty = all.
  std::string from;
  std::string to;
  std::string customer;
  std::vector<std::string> kinds;
  // Positions, the same.
  std::string from_position;
  std::string to_position;
};
// Which records those are.
absl::StatusOr<v1::ReplayEventsRequest> ReplayRequestOf(const EventsExport& options);
// How many events there are, up to where, and the names of their measures, which are columns.
absl::StatusOr<v1::ReplaySummary> CountEvents(Client& client, v1::ReplayEventsRequest request);
absl::Status ExportEvents(Client& client, const EventsExport& options, const ExportTarget& target);

// What was written; it took so long.
void PrintExported(const v1::ExportedFile& file, Format format, absl::Duration took);

}  // namespace rapport::operations
