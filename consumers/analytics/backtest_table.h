// BacktestTable: who was how at a cut and bought again or not, and what that says of the score.
//
//   BacktestTable table;
//   table.customers.push_back({...});            // of each who had bought by the cut
//   RETURN_IF_ERROR(WriteBacktest(table, go_on, backtest));
//
// Threads: as safe as plain values. Memory: about a hundred bytes a customer while it is worked
// out. Errors:  FAILED_PRECONDITION (BACKTEST_UNDEFINED) when nobody, or everybody, bought again:
// there
//          is nobody to tell apart; what `go_on` says.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "rapport/v1/backtest.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::analytics {

// One customer as of the cut, and what came.
struct BacktestCustomer {
  // Days since 1970 of the first purchase and the last one up to the cut, and how many there were.
  int64_t first_day = 0;
  int64_t last_day = 0;
  int64_t purchase_days = 0;
  // Spent on them, hundredths of the base currency, as the score counts it: what was taken back is
  // not taken off.
  int64_t spend_centi = 0;
  uint32_t score_milli = 0;
  // By the other rules.
  uint32_t other_score_milli = 0;
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
  bool buys_again = false;
  // Of those that came within the horizon.
  int64_t later_purchase_days = 0;
};

struct BacktestTable {
  int64_t cut_us = 0;
  int64_t horizon_us = 0;
  // Digests of the rules; the second is empty when no others were asked about.
  std::string rules;
  std::string other_rules;
  std::vector<BacktestCustomer> customers;
};

// Fills in all but info and without_purchase. `go_on` is asked now and then.
absl::Status WriteBacktest(const BacktestTable& table, const std::function<absl::Status()>& go_on,
                           v1::Backtest& backtest);

}  // namespace rapport::analytics
