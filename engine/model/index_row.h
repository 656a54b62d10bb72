// IndexRow: what a projection lets be looked up about a customer, and how such rows are named.
//
// The engine keeps rows by name and key and never looks into either. Those who evaluate
// (projections) and those who ask (consumers) agree about names here:
//
//   "S" stage                                          one row per customer, key 0
//   "G" flag                                           one row per flag, key 0
//   "F" status / priority / policy / department        one row per follow-up, key = `by_us`
//   "U"                                                one row for who bought in a currency that
//                                                      the rules have no rate for, key 0
//
// Numbers are decimal; a department may hold any character, so it stands last.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "rapport/v1/standing.pb.h"

namespace rapport {

struct IndexRow {
  std::string name;
  // Rows of one name are ordered by it.
  int64_t key = 0;

  bool operator==(const IndexRow&) const = default;
};

struct IndexRows {
  std::vector<IndexRow> rows;
  // From then on they may be others, no event arriving; until then they are these.
  int64_t changes_at_us = INT64_MAX;
  // Something in them moves with the clock: they hold for their own moment only.
  bool drift = false;
};

std::string StageRowName(v1::Stage stage);
// Nullopt for a name of something else.
std::optional<v1::Stage> StageOfRowName(absl::string_view name);

std::string FlagRowName(v1::Flag flag);
// Nullopt for a name of something else.
std::optional<v1::Flag> FlagOfRowName(absl::string_view name);

inline constexpr char kUnlistedCurrencyRowName[] = "U";

struct FollowUpRowName {
  v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
  uint32_t priority = 0;
  std::string policy;
  std::string department;

  std::string ToString() const;
  // Nullopt for a name of something else.
  static std::optional<FollowUpRowName> Parse(absl::string_view name);
};

}  // namespace rapport
