// Policies: what the rules say is owed to customers, checked and laid out for evaluating.
//
//   ASSIGN_OR_RETURN(Policies policies, Policies::Compile(text, fold_rules, evaluate_rules));
//   for (const Policy& policy : policies.all()) ...   // by id
//
// A policy reads the lists of its triggers and closers and no others; a closing OutreachMade is
// read from `contacts`, from `mailings` too only where the policy says so. What was forgotten
// there decides whether a follow-up can still be derived (the floor condition, candidates.h).
// Source: domain specification 2.3, 4.7 and 6.
//
// Threads:   immutable after Compile; any thread.
// Ownership: owns everything; follow-ups point to its policies and must not outlive it.
// Errors:    INVALID_ARGUMENT with file, line, column and cure, from Compile only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/fold/rules_text.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/facts.h"
#include "projections/facts/fold_rules.h"
#include "projections/follow_up/calendar.h"
#include "projections/follow_up/condition.h"
#include "projections/follow_up/moment_rule.h"
#include "projections/follow_up/standing_at.h"
#include "rapport/v1/rules_policy.pb.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::follow_up {

// Bit `1 << ListName`.
using ListMask = uint32_t;
constexpr ListMask MaskOf(facts::ListName name) {
  return ListMask{1} << static_cast<uint32_t>(name);
}

// What a trigger waits for.
enum class TriggerSort : uint8_t {
  kEvent,
  kPurchaseDay,
  kSubjectsBought,
  kDate,
  kMonthDay,
  kState,
  kSilence,
};

// Opens a follow-up. What it reads depends on `sort`.
struct Trigger {
  TriggerSort sort = TriggerSort::kEvent;
  // kEvent: a kind, or the number of the business's own one, in `list`.
  uint16_t kind = 0;
  facts::ListName list = facts::ListName::kOrders;
  // 0 = any.
  uint8_t purpose = 0;
  std::string subject;
  int64_t level_min = 0;
  std::optional<bool> reached;
  std::optional<bool> accepted;
  // kPurchaseDay, kSubjectsBought: how many; kMonthDay: which.
  uint32_t count = 0;
  // kDate: key of the date, `*` = all of them.
  std::string date;
  // kState.
  State state;
  // kSilence.
  int64_t lasts_us = 0;
  v1::PolicySince since = v1::POLICY_SINCE_UNSPECIFIED;
};

// Closes a follow-up: an event of `kind`, else what the flags say.
struct Closer {
  uint16_t kind = 0;
  uint8_t purpose = 0;
  // Where its events are remembered.
  ListMask lists = 0;
  bool same_key = false;
  int64_t level_min = 0;
  std::optional<bool> accepted;
  bool all_three = false;
  bool case_closed = false;
  bool customer_act = false;
  bool contact = false;
  // `OutreachMade:THANKS`, `ComplaintResolved`; empty when no one kind closes it.
  std::string label;
};

struct Policy {
  std::string id;
  v1::FollowUpClass cls = v1::FOLLOW_UP_CLASS_UNSPECIFIED;
  uint32_t priority = 0;
  v1::PolicyAnchor anchor = v1::POLICY_ANCHOR_UNSPECIFIED;
  std::vector<Trigger> triggers;
  std::vector<Closer> closers;
  // Absent: at the trigger. Then the follow-up hangs on an open case (escalations).
  std::optional<MomentRule> opened;
  int64_t opened_max_us = kNever;
  MomentRule from;
  MomentRule by;
  std::optional<MomentRule> until;
  bool business = false;
  // The lists whose forgetting matters, and those that triggers stand in.
  ListMask reads = 0;
  ListMask trigger_lists = 0;
  // From the trigger to the last moment at which what has no pauses is listed; kNever = no such.
  int64_t listed_us = kNever;
  // Consent that can forbid it: the purpose of its first OutreachMade, if it has one.
  std::string consent;
  std::string department;
  std::string title;
  // What must hold: parts that stay the same while no event arrives, and parts that need asking at
  // each moment.
  std::vector<Condition> fixed;
  std::vector<Condition> moving;
  // Of all of them: ConditionNeeds.
  uint32_t needs = 0;
  // A yes is likely just after a purchase: then it goes first.
  bool in_yes_window = false;
  // The end of the relationship does not hold it back.
  bool after_end = false;
  // What it shows, see rules_policy.proto.
  std::vector<std::string> carry;
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::string> rungs;

  // COURTESY and SALES: contact the customer has not asked for.
  bool spends_budget() const {
    return cls == v1::FOLLOW_UP_CLASS_COURTESY || cls == v1::FOLLOW_UP_CLASS_SALES;
  }
  // Policies of one anchor have triggers of one sort, but for purchase days and subjects.
  TriggerSort sort() const { return triggers.front().sort; }
};

// Contacts within the window.
struct Budget {
  int64_t contacts = 0;
  int64_t window_us = 0;
};

class Policies {
 public:
  // Reads policies, budget, yes-window and calendar of `text`. The others are compiled from it too.
  static absl::StatusOr<Policies> Compile(const fold::RulesText& text,
                                          const facts::FoldRules& fold_rules,
                                          const facts::EvaluateRules& evaluate_rules);

  Policies(Policies&&) = default;
  Policies& operator=(Policies&&) = default;

  // By id, as bytes.
  absl::Span<const Policy> all() const { return policies_; }
  // Those that time alone opens: by dates, days of the month, states and silences.
  absl::Span<const Policy* const> moving() const { return moving_; }
  // Absent: no limit.
  const std::optional<Budget>& budget() const { return budget_; }
  // How long a yes is likely after a purchase; 0 = the rules do not say.
  int64_t yes_window_us() const { return yes_window_us_; }
  const Calendar& calendar() const { return calendar_; }
  // Terms of cases.
  const facts::Friction& friction() const { return friction_; }
  // Where questions and their answers are remembered; 0 = nowhere.
  ListMask answers() const { return answers_; }
  // Some policy asks for stage, reason or flags, or waits for a state.
  bool asks_stage() const { return asks_stage_; }

 private:
  Policies() = default;
  absl::Status CompileBudget(const fold::RulesText& text);
  absl::Status CompileYesWindow(const fold::RulesText& text);

  std::vector<Policy> policies_;
  // Into `policies_`.
  std::vector<const Policy*> moving_;
  std::optional<Budget> budget_;
  int64_t yes_window_us_ = 0;
  Calendar calendar_;
  facts::Friction friction_;
  ListMask answers_ = 0;
  bool asks_stage_ = false;
};

// `PurchaseMade`: the name of a kind as the contract writes it.
std::string KindName(int kind);

}  // namespace rapport::follow_up
