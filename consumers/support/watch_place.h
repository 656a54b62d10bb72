// WatchPlace: how far a watch has told what there is to tell: events of the log up to a position,
// changes by time alone up to a moment, by these rules.
//
// Written as a position with parts of its own:
//
//   7c1e90ab.1:0@12,3@1043;t@1764192000000000;r@r-0011aabbccdd
//
// and within a step with how far that reaches: `;s@3:2048` in partition 3, `;s@t:1764192000000001`
// in time, `;s@r:r-0011aabbccdd` to other rules. It is told again first, and whole.
//
// What a relationship is at a place depends on the log and the rules alone, not on the clock and
// not on who watches; so two watches that come to one place, on whatever ways, have told the same.
//
// Threads: plain values.
// Errors:  INVALID_ARGUMENT (POSITION_MALFORMED).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/engine.h"
#include "engine/model/position.h"

namespace rapport::support {

// What is told as one.
struct WatchedStep {
  enum class What { kEvents, kTime, kRules };
  What what = What::kEvents;
  // Events of this partition before `end`; changes by time up to and with the moment `end`.
  Partition partition = 0;
  int64_t end = 0;
  // The rules that everybody is told by, as answers name them.
  std::string rules = {};

  std::string ToString() const;
  bool operator==(const WatchedStep&) const = default;
};

struct WatchPlace {
  // Of every partition the next offset to tell of.
  Position position;
  // Microseconds UTC: changes by time alone are told up to and with this moment.
  int64_t told_to_us = 0;
  std::shared_ptr<const fold::Projection> rules;
  // Of a message within a step: which one is to be told again.
  std::optional<WatchedStep> step = std::nullopt;

  std::string ToString() const;
  // Whether nothing of this is beyond `other`, whatever the rules are.
  bool IsWithin(const WatchPlace& other) const;
};

// What a place says, before anybody looked what there is.
struct WatchPlaceText {
  Position position;
  std::optional<int64_t> told_to_us = std::nullopt;
  // As answers name them; empty = those that are active.
  std::string rules = {};
  std::optional<WatchedStep> step = std::nullopt;

  static absl::StatusOr<WatchPlaceText> Parse(absl::string_view text);
};

}  // namespace rapport::support
