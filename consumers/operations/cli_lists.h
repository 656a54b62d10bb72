// Commands of the command line about the base: follow-ups, listed and worked off, and customers;
// and what one customer would be.
//
//   ListCommands lists;
//   AddFollowUpsCommands(noun, lists, {...});
//
// Threads: one thread. Ownership: the flags are written to `lists`, which must outlive the noun.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "consumers/operations/command_customers.h"
#include "consumers/operations/command_desk.h"
#include "consumers/operations/command_follow_ups.h"
#include "consumers/operations/command_simulate.h"
#include "consumers/operations/command_watch.h"

namespace rapport::operations {

struct ListCommands {
  FollowUpsList owed;
  DeskAct act;
  CustomersList customers;
  CustomersWatch watched;
  CustomerSimulate imagined;
};

// What the program lends to commands.
struct ListsHost {
  // Flags of who asks a server or a store.
  std::function<void(CLI::App&)> add_client_flags;
  // Runs `ask` with a client when the command was given; `rows`: it answers as CSV, too.
  std::function<void(CLI::App*, bool rows, std::function<absl::Status(Client&, Format)> ask)> asks;
  // Where the rules are, as Target has it.
  const std::string* rules_file = nullptr;
};

void AddFollowUpsCommands(CLI::App& noun, ListCommands& lists, const ListsHost& host);
void AddCustomersCommands(CLI::App& noun, ListCommands& lists, const ListsHost& host);
// `customer simulate`.
void AddSimulate(CLI::App& noun, ListCommands& lists, const ListsHost& host);

}  // namespace rapport::operations
