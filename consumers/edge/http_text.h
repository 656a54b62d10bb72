// Pieces of a request's target as HTTP writes them.
//
//   PercentDecode("shop%3A17%2Fa") == "shop:17/a"
//   SplitQuery("minPosition=7c1e90ab.1:5@12&statuses=DUE", pairs)
//
// Threads: pure. Errors: INVALID_ARGUMENT (FIELD_INVALID) for a `%` without two hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rapport::edge {

// Nothing for what is wrongly encoded.
std::optional<std::string> PercentDecode(absl::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

// Names and values, decoded, in order; `+` is a space, as forms write it.
absl::Status SplitQuery(absl::string_view query, QueryPairs& pairs);

}  // namespace rapport::edge
