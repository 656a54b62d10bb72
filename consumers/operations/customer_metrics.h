// What of a customer is read below the card: kind and outlook, and every metric that is not empty.
//
//   for (const std::string& line : MetricLines(standing.metrics())) std::puts(line.c_str());
//   purchases    4 on 4 days, the last 2024-03-06; gaps 21.6 days on average, the last 15
//
// One line per group, its name in the first column. Days and times are UTC, money is in the base
// currency unless one stands beside it, shares are percent.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "rapport/v1/standing.pb.h"

namespace rapport::operations {

// Type, mode and outlook.
std::vector<std::string> KindLines(const v1::Standing& standing);

// In the order of the contract; groups of which nothing is known are left out.
std::vector<std::string> MetricLines(const v1::Metrics& metrics);

}  // namespace rapport::operations
