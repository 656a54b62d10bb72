// `rebuild`, `verify` and the `operations` commands of the command line: their words and flags.
//
//   RebuildCommands rebuilds;
//   AddRebuildCommands(app, noun, rebuilds, host);
//
// Threads: one thread. Ownership: the flags are written to `rebuilds`, which must outlive the app.
#pragma once

#include <CLI/App.hpp>

#include "consumers/operations/cli_rules.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/command_operations.h"
#include "consumers/operations/command_rebuild.h"

namespace rapport::operations {

struct RebuildCommands {
  RebuildOrder order;
  OperationChoice choice;
};

void AddVerifyCommand(CLI::App& app, BackgroundOrder& order, const RulesHost& host);
void AddRebuildCommands(CLI::App& app, CLI::App& noun, RebuildCommands& rebuilds,
                        const RulesHost& host);

}  // namespace rapport::operations
