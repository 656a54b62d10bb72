// Commands of the command line that look at the whole base at two moments, or under other rules.
//
//   CompareCommands compare;
//   AddCompareCommands(app, compare, {...});
//
// Threads: one thread. Ownership: the flags are written to `compare`, which must outlive the app.
#pragma once

#include <CLI/App.hpp>

#include "consumers/operations/cli_lists.h"
#include "consumers/operations/command_backtest.h"
#include "consumers/operations/command_compare.h"

namespace rapport::operations {

struct CompareCommands {
  DiffBase diff;
  WhatIfBase what_if;
  Backtest backtest;
};

void AddCompareCommands(CLI::App& app, CompareCommands& compare, const ListsHost& host);

}  // namespace rapport::operations
