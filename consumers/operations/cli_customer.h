// Commands of the command line that read one customer: show, timeline, explain, history, as-of.
//
//   CustomerCommands customer;
//   AddCustomerCommands(noun, customer, {...});
//
// Threads: one thread. Ownership: the flags are written to `customer`, which must outlive the app.
#pragma once

#include <CLI/App.hpp>

#include "consumers/operations/cli_lists.h"
#include "consumers/operations/command_customer.h"
#include "consumers/operations/command_explain.h"
#include "consumers/operations/command_history.h"

namespace rapport::operations {

struct CustomerCommands {
  CustomerShow card;
  CustomerShow past_card;
  CustomerTimeline timeline;
  CustomerExplain explain;
  CustomerHistory history;
};

void AddCustomerCommands(CLI::App& noun, CustomerCommands& customer, const ListsHost& host);
// `as-of MOMENT CUSTOMER`: `customer show` of a past moment, in the order in which it is said.
void AddAsOf(CLI::App& app, CustomerCommands& customer, const ListsHost& host);

}  // namespace rapport::operations
