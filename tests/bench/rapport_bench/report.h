// The report of a run as JSON, for comparing runs.
//
//   std::string json = ReportJson(machine, figures);
//
// Threads: pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/bench/rapport_bench/figures.h"

namespace rapport::bench {

using Facts = std::vector<std::pair<std::string, std::string>>;

// {"run": {name: text}, "unsteady": [...], "figures": [{workload, name, unit, bound, values,
// ratios}]}
std::string ReportJson(const Facts& run, const Figures& figures);

}  // namespace rapport::bench
