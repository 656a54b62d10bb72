// Conditions of policies: `when { all { stage: STAGE_EXPLORATION } all { not { flag: ... } } }`.
//
//   ASSIGN_OR_RETURN(Condition condition, CompileCondition(text, fold_rules, scope, rule));
//   if (Holds(condition, situation)) ...
//
// What a condition needs to be told decides when it is asked: what facts alone say, once; what
// speaks of the trigger, once per event; stage and flags, when they change; points and types, every
// day.
// Source: domain specification 6; names in rules_policy.proto.
//
// Threads: plain values; asking is pure. Never: sees other follow-ups.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/fold/rules_text.h"
#include "projections/facts/case_reading.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"
#include "projections/follow_up/moment_rule.h"
#include "projections/follow_up/standing_at.h"
#include "rapport/v1/rules_policy.pb.h"

namespace rapport::follow_up {

// Bits: what a condition asks about besides the facts.
enum ConditionNeeds : uint32_t {
  kNeedsTrigger = 1,
  kNeedsStage = 2,
  kNeedsDrift = 4,
  // Since when it holds: consent asks before the day that opens it.
  kNeedsDay = 8,
};

struct Condition {
  enum class Test : uint8_t {
    kAll,
    kAny,
    kNot,
    kStage,
    kReason,
    kFlag,
    kDaysMin,
    kDaysMax,
    kPreference,
    kConsent,
    kOwner,
    kCount,
    kType,
    kMode,
    kPointsMin,
    kPointsMax,
    kContent,
    kArea,
    kSeverity,
    kEscalated,
    kExceeded,
    kAfter,
    kAfterSameKey,
    kObjective,
    kRoleVacant,
    kTopicWelcome,
  };
  Test test = Test::kAll;
  // What it is compared with: a number of an enum, a count, a truth value.
  int64_t number = 0;
  // Of a count or an event: the kind.
  uint16_t kind = 0;
  // Of a preference or consent: the key.
  std::string key;
  std::vector<Condition> parts;

  // Bits of ConditionNeeds, its parts' too.
  uint32_t needs() const;
};

// What a condition is asked about.
struct Situation {
  const facts::Facts& facts;
  // Null with a condition that needs neither stage nor drift.
  const StandingAt* standing = nullptr;
  int64_t t_us = 0;
  // Null for follow-ups that no event opened: what speaks of the trigger then fails.
  const facts::Item* trigger = nullptr;
  // The trigger's complaint; null = none.
  const facts::CaseReading* read = nullptr;
  // Consent given from then on comes too late.
  int64_t consent_before_us = kNever;
};

bool Holds(const Condition& condition, const Situation& situation);
// All of them.
bool AllHold(const std::vector<Condition>& conditions, const Situation& situation);

// Whose condition it is.
struct ConditionScope {
  // What errors call the policy.
  absl::string_view policy;
  // Events open it: without one, what speaks of the trigger would never hold.
  bool opened_by_events = true;
};

// Everything that is set in `rule`, as a conjunction. INVALID_ARGUMENT names the place.
absl::StatusOr<Condition> CompileCondition(const fold::RulesText& text,
                                           const facts::FoldRules& fold_rules,
                                           const ConditionScope& scope,
                                           const v1::PolicyCondition& rule);

}  // namespace rapport::follow_up
