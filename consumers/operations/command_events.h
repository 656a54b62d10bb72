// `rapport events publish`, `rapport events import` and `rapport events tail`.
//
// Threads: one thread. Errors: per event, told on stderr; the worst decides the exit code.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct EventsPublish {
  // JSON, one or many; `-` = stdin.
  std::string file;
  // Check only.
  bool dry_run = false;
  Format format = Format::kTable;
};
absl::Status PublishEvents(Client& client, const EventsPublish& options);

struct EventsImport {
  std::string file;
  std::string mapping;
  bool dry_run = false;
  Format format = Format::kTable;
};
// `client` is null for a dry run.
absl::Status ImportEvents(Client* client, const EventsImport& options);

struct EventsTail {
  std::string customer;
  std::vector<std::string> kinds;
  std::string from_position;
  // Said for clearness; lines are always JSON.
  bool json = false;
  // End when the log's present end is reached.
  bool once = false;
};
absl::Status TailEvents(Client& client, const EventsTail& options);

}  // namespace rapport::operations
