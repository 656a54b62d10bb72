// EvaluateRules: the evaluate part of a rule set, checked and ready to be asked.
//
//   ASSIGN_OR_RETURN(EvaluateRules rules, EvaluateRules::From(text));
//   if (t - basis.act_day > rules.stages.first_purchase_silence_days) ...
//
// Each number stands in rules_evaluate.proto with its meaning and range; here it keeps its name.
// Policies are compiled by `follow_up`, from the same text.
//
// Threads: plain value. Ownership: owns everything.
// Errors:  INVALID_ARGUMENT with file, line and column, and what the number must be.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/fold/rules_text.h"
#include "projections/facts/alive.h"
#include "projections/facts/kind_table.h"
#include "rapport/v1/channel.pb.h"

namespace rapport::facts {

// weight * input / (input + half).
struct Curve {
  int64_t weight = 0;
  int64_t half = 1;
};

struct Rhythm {
  Curve curve;
  int32_t half_life_days = 1;
};

struct Value {
  int64_t weight = 0;
  int64_t doublings = 1;
};

struct Friction {
  int64_t cap = 0;
  int64_t per_unit = 0;
  int64_t per_square = 0;
  // By severity 1..4.
  std::array<int64_t, 5> weight{};
  std::array<int64_t, 5> term_days{};
  int severity_unstated = 2;
  int64_t late_permille = 0;
  int64_t very_late_permille = 0;
  int64_t closed_accepted = 0;
  int64_t closed_refused = 0;
  int64_t closed_unanswered = 0;
  int64_t half_life_days = 1;
};

struct Stages {
  int64_t interest_days = 0;
  int64_t bond_days = 0;
  int64_t first_purchase_silence_days = 0;
  int64_t dormant_alive_below_ppm = 0;
  int64_t dormant_cadences = 0;
  int64_t dormant_silence_days = 0;
  int64_t commitment_alive_ppm = 0;
  int64_t commitment_purchase_days = 0;
  int64_t commitment_purchase_days_with_bond = 0;
  // Least odds at which P(alive) is below the two thresholds.
  int64_t dormant_odds = 0;
  int64_t commitment_lost_odds = 0;
};

struct Flags {
  int64_t at_risk_cadences = 0;
  int64_t misses_apart_days = 0;
  int64_t misses_days = 0;
  int64_t damaged_friction = 0;
  int64_t let_down_days = 0;
  int64_t looking_around_days = 0;
  int64_t won_back_days = 0;
};

struct Types {
  int64_t advocacy = 0;
  int64_t collaborative = 0;
  int64_t community = 0;
  int64_t community_permille = 0;
  int64_t proactive = 0;
  int64_t reactive = 0;
  int64_t promotional_permille = 0;
};

struct Recurrence {
  int64_t recurring_purchase_days = 0;
  int64_t long_term_purchase_days = 0;
  int64_t long_term_span_days = 0;
};

struct WaitTarget {
  // CHANNEL_UNSPECIFIED: all that have none of their own.
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  int64_t at_most_s = 0;
};

// What the business aims at.
struct Targets {
  std::vector<WaitTarget> waits;
  // 0 = no target.
  int64_t live_person_permille = 0;
  int64_t in_time_permille = 0;

  // Seconds that customers wait on `channel` at most; absent = no target.
  std::optional<int64_t> WaitOn(v1::Channel channel) const;
};

// What a kind counts as; bits.
enum KindRole : uint8_t {
  kAct = 1,       // the customer acted
  kInterest = 2,  // stages.interest
  kBond = 4,      // stages.bond
  kLooking = 8,   // flags.looking_around
};

struct EvaluateRules {
  Prior prior;
  int64_t horizon_days = 0;
  Rhythm rhythm;
  Curve outlook;
  Value value;
  Curve sentiment_plus;
  Curve sentiment_minus;
  Curve advocacy;
  Curve dialogue;
  Friction friction;
  Stages stages;
  Flags flags;
  int64_t trend_rising_permille = 0;
  int64_t trend_falling_permille = 0;
  Types types;
  Recurrence recurrence;
  // Keys of preferences that the business wants to know of everybody.
  std::vector<std::string> wanted_preferences;
  Targets targets;

  // Bits of KindRole, by kind.
  uint8_t RolesOf(uint16_t kind) const {
    if (kind < roles.size()) return roles[kind];
    return static_cast<uint8_t>(SideOf(kind) == Side::kCustomer ? kAct : 0);
  }
  std::array<uint8_t, 1024> roles{};

  // Checks every range and compiles.
  static absl::StatusOr<EvaluateRules> From(const fold::RulesText& text);
};

}  // namespace rapport::facts
