// Words about money in a currency that the rules have no rate for: what it counts, and what to do.
//
//   UnlistedText(1'000'000, "EUR")   `counts one for one as EUR`
//   UnlistedText(0, "EUR")           `counts nothing`
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rapport::operations {

// What follows on a sentence about such money. Nothing can be given to a server that runs.
inline constexpr char kUnlistedCure[] =
    "give rates in a file of rules and start with rapport serve --rules FILE, which folds the "
    "store anew (docs/currencies.md)";

// `rate`: millionths of the base currency that one unit counts.
std::string UnlistedText(int64_t rate, absl::string_view base_currency);

// `3 customers have bought in a currency that the rules have no rate for; it counts ...; give ...`
std::string UnlistedWarning(int64_t customers, int64_t rate, absl::string_view base_currency);

}  // namespace rapport::operations
