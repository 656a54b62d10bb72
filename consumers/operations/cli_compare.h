// Commands of the command line about the whole base: two views side by side, reports, a backtest.
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
  BaseReport report;
};

void AddCompareCommands(CLI::App& app, CompareCommands& compare, const ListsHost& host);

}  // namespace rapport::operations
