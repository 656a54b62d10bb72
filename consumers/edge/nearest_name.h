// The known name that a misspelt one was probably meant to be, for "did you mean currency?".
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rapport::edge {

// The candidate that differs in the fewest letters; empty when none is near. Case does not count.
std::string NearestName(absl::string_view name, const std::vector<std::string>& candidates);

// `name` made safe to be shown: clipped, with everything but visible ASCII escaped.
std::string ShownName(absl::string_view name);

}  // namespace rapport::edge
