// Names: how rules and reports call rings, lists and maps.
//
// Threads: pure.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"

namespace rapport::facts {

// `dialogue`, `type_reactive`, `mode_personal`, ...
absl::string_view NameOf(RingName ring);
std::optional<RingName> RingNamed(absl::string_view name);

// `orders`, `preferences`, `last_survey`, ...
absl::string_view NameOf(ListName list);
std::optional<ListName> ListNamed(absl::string_view name);

}  // namespace rapport::facts
