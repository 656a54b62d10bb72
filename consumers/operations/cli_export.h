// Commands of the command line that export tables and replay records.
//
//   AddExportCommands(noun, commands, {...});
//
// Threads: one thread. Ownership: the flags are written to `commands`, which must outlive the noun.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "consumers/operations/cli_lists.h"
#include "consumers/operations/command_export.h"
#include "consumers/operations/command_replay.h"

namespace rapport::operations {

struct ExportCommands {
  BaseExport base;
  EventsExport events;
  ExportTarget target;
};

// What the program lends to commands.
struct ExportHost {
  // Flags of who asks a server or a store, --format among them.
  std::function<void(CLI::App&)> add_client_flags;
  // Runs `ask` with a client and the value of --format when the command was given.
  std::function<void(CLI::App*,
                     std::function<absl::Status(Client&, const std::string& format)> ask)>
      asks;
};

// Which events: --from, --to, --customer, --kinds and positions.
void AddEventsFlags(CLI::App& verb, EventsExport& events);
void AddReplayCommand(CLI::App& app, EventsReplay& replay, const ListsHost& host);
void AddExportCommands(CLI::App& noun, ExportCommands& commands, const ExportHost& host);

}  // namespace rapport::operations
