// `rapport events publish` and `rapport events tail`.
//
// Threads: one thread. Errors: per event, with the line of the file; the worst decides the exit
// code.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct EventsPublish {
  // JSON, one touchpoint a line, or as json_values.h says; `-` = standard input.
  std::string file;
  // Check only.
  bool dry_run = false;
  Format format = Format::kTable;
};
absl::Status PublishEvents(Client& client, const EventsPublish& options);

// Touchpoints of such a file; the first that cannot be read is an error with its line.
absl::StatusOr<std::vector<v1::Touchpoint>> ReadTouchpoints(const std::string& file);

// Asks for events of these kinds only. INVALID_ARGUMENT (KIND_UNKNOWN) names the one that is none.
absl::Status AddKinds(const std::vector<std::string>& names, v1::ReplayEventsRequest& request);

struct EventsTail {
  std::string customer;
  std::vector<std::string> kinds;
  std::string from_position;
  // Said for clearness: JSON lines are what is printed unless it is CSV.
  bool json = false;
  Format format = Format::kJsonLines;
  // End when the log's present end is reached.
  bool once = false;
};
absl::Status TailEvents(Client& client, const EventsTail& options);

// What is asked for as it comes, a JSON object a line, or a line of CSV.
absl::Status PrintRecords(Client& client, const v1::ReplayEventsRequest& request, bool csv);

}  // namespace rapport::operations
