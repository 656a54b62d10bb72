// The `rules` commands of the command line: their words and flags.
//
//   RulesCommands rules;
//   AddRulesCommands(noun, rules, {...});
//
// Threads: one thread. Ownership: the flags are written to `rules`, which must outlive the noun.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "consumers/operations/command_rules.h"

namespace rapport::operations {

struct RulesCommands {
  RulesChoice choice;
  RulesChoice other;
  std::string zone;
  std::string years;
  RulesActivation activation;
};

// What the program lends to commands.
struct RulesHost {
  // Flags of who asks a server or a store.
  std::function<void(CLI::App&)> add_client_flags;
  // Runs `ask` with a client, or `work` without, when the command was given; the number of things
  // found wrong.
  std::function<void(CLI::App*, std::function<absl::StatusOr<int>(Client&, Format)> ask)> asks;
  std::function<void(CLI::App*, std::function<absl::StatusOr<int>()> work)> works;
};

void AddRulesCommands(CLI::App& noun, RulesCommands& rules, const RulesHost& host);

}  // namespace rapport::operations
