// What an agent does about follow-ups, on the command line: words and flags.
//
// Threads: one thread. Ownership: the flags are written to `act`, which must outlive the noun.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "consumers/operations/command_desk.h"

namespace rapport::operations {

// Makes `ask` what the command does, and adds the flags of who asks a server or a store.
using AddAsking = std::function<void(CLI::App*, std::function<absl::Status(Client&, Format)> ask)>;

void AddDeskCommands(CLI::App& noun, DeskAct& act, const AddAsking& asks);

}  // namespace rapport::operations
