// WriteVerdict: what a backtest means, in sentences, good or bad.
//
//   "RFM ranks better than Rapport's score by .0076 (error .0067). That may be chance."
//
// A difference is called no chance when it is at least 1.96 times its error: of two models that are
// equally good, one in twenty comparisons says so too. With fewer than ten of either the errors are
// guesses, and nothing is said of chance.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "rapport/v1/backtest.pb.h"

namespace rapport::analytics {

// Fills in the verdict from all the rest.
void WriteVerdict(v1::Backtest& backtest);

// `.0062` of millionths, `1.0000` at its greatest: four digits, without a sign.
std::string ShareText(int64_t ppm);

}  // namespace rapport::analytics
