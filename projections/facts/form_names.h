// Form names: the closed list behind a kind's `form`, by the short names that rules use.
//
//   FormNamed(v1::KIND_COMMUNITY_ACTED, "ANSWERED")   // 3
//
// Read from the payload's descriptor, so it knows what the contract knows.
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "rapport/v1/kind.pb.h"

namespace rapport::facts {

// Number of the form, if the kind has one of that name.
std::optional<uint8_t> FormNamed(v1::Kind kind, absl::string_view name);

// `write one of A, B, C`, or that the kind has no form.
std::string FormsText(v1::Kind kind);

}  // namespace rapport::facts
