// `rapport backtest`: how well what was said at a moment told who buys again, beside other models.
//
// Threads: one thread. Errors: as the server said; NOT_FOUND for a file of rules that is not there.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "consumers/operations/client.h"
#include "consumers/operations/command_background.h"
#include "consumers/operations/output.h"

namespace rapport::operations {

struct Backtest {
  // A moment, of a day its end.
  std::string cut;
  std::string known_at;
  std::string horizon = "273d";
  // Other rules to rank by besides: a file, `-`, the name of a set; empty = none.
  std::string rules;
  BackgroundOrder background;
  Format format = Format::kTable;
};
absl::Status ShowBacktest(Client& client, const Backtest& options);

void PrintBacktest(const v1::BacktestResponse& answer, Format format);

}  // namespace rapport::operations
