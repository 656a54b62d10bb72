// `rapport events import`: the events of a user's file, by a mapping.
//
// However it ends, it tells how far it read and how many events are in; Ctrl-C ends it in order.
//
// Threads: one thread. Errors: INVALID_ARGUMENT when an event was rejected or the file could not be
// read on; CANCELLED when it was interrupted; those of the server.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"

namespace rapport::operations {

struct EventsImport {
  std::string file;
  std::string mapping;
  bool dry_run = false;
};
// `client` is null for a dry run.
absl::Status ImportEvents(Client* client, const EventsImport& options);

}  // namespace rapport::operations
