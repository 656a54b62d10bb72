#include "consumers/operations/command_replay.h"

#include <cstdio>

#include "consumers/operations/command_events.h"
#include "engine/base/status_macros.h"

namespace rapport::operations {

absl::Status ReplayEvents(Client& client, const EventsReplay& options) {
  ASSIGN_OR_RETURN(v1::ReplayEventsRequest request, ReplayRequestOf(options.chosen));
  if (options.partition.has_value()) request.set_partition(*options.partition);
  request.set_records_per_second_max(options.max_rate);
  if (!options.dry_run) return PrintRecords(client, request, options.format == Format::kCsv);
  ASSIGN_OR_RETURN(const v1::ReplaySummary summary, CountEvents(client, request));
  if (options.format != Format::kTable) {
    PrintJson(options.format, {&summary});
    return absl::OkStatus();
  }
  std::printf("%s events, %s bytes, up to position %s\n", Thousands(summary.events()).c_str(),
              Thousands(summary.bytes()).c_str(), summary.position().c_str());
  return absl::OkStatus();
}

}  // namespace rapport::operations
