// The `capsule` commands of the command line: their words and flags.
//
//   CapsuleCommands capsules;
//   AddCapsuleCommands(noun, capsules, host);
//
// Threads: one thread. Ownership: the flags are written to `capsules`, which must outlive the noun.
#pragma once

#include <CLI/App.hpp>

#include "consumers/operations/cli_rules.h"
#include "consumers/operations/command_capsule.h"

namespace rapport::operations {

struct CapsuleCommands {
  CapsuleExport exported;
  CapsuleReplays replays;
};

void AddCapsuleCommands(CLI::App& noun, CapsuleCommands& capsules, const RulesHost& host);

}  // namespace rapport::operations
