// StageState: stage and flags at a moment, handed from `stage` to `follow_up` by the catalog.
//
// Threads: plain value.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::facts {

struct StageState {
  v1::Stage stage = v1::STAGE_AWARENESS;
  v1::StageReason reason = v1::STAGE_REASON_UNSPECIFIED;
  // `S1` to `S10`.
  absl::string_view rule;
  // Bit `1 << v1::Flag`.
  uint32_t flags = 0;

  bool has(v1::Flag flag) const { return (flags & (1u << flag)) != 0; }
  bool operator==(const StageState&) const = default;
};

}  // namespace rapport::facts
