// Follow-ups: what is owed to a customer at a moment, and when that changes by time alone.
//
//   std::vector<FollowUpState> owed = follow_up::Evaluate("ana", facts, t_us, policies, state_at);
//   for (const FollowUpState& one : owed) Write(one, "ana", facts, policies,
//   *standing.add_follow_ups());
//
// Events open follow-ups and events close them; nothing is stored. Status at t, first that applies:
//
//   before `opened`   it does not exist
//   DONE              an event closed it
//   EXPIRED           t >= until
//   SUPPRESSED        by DISMISSED, SNOOZED, WAITING, FRAUD, OPTED_OUT, ENDED, OPEN_CASE, BUDGET
//   PENDING           t < from
//   DUE, OVERDUE      t < by, t >= by
//
// Stage and flags come by callback, because this room does not know how they are found.
// Source: domain specification 4.7.
//
// Threads:  pure. Errors: none; evaluating is total.
// Lifetime: results point into facts and policies.
// Never:    reads a clock; sees other customers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "engine/base/hash.h"
#include "engine/model/index_row.h"
#include "projections/facts/facts.h"
#include "projections/facts/stage_state.h"
#include "projections/follow_up/policy.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::follow_up {

// Stage and flags at a moment, no event arriving. Asked at most once per moment.
using StateAt = absl::FunctionRef<facts::StageState(int64_t t_us)>;
// Least instant > t_us at which stage, reason or flags change, no event arriving; absent = never.
using NextStageChange = absl::FunctionRef<std::optional<int64_t>(int64_t t_us)>;

struct FollowUpState {
  const Policy* policy = nullptr;
  Hash128 id{};
  std::string anchor;
  v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
  v1::Suppression reason = v1::SUPPRESSION_UNSPECIFIED;
  // That of the policy, or 0 while a yes is likely.
  uint32_t priority = 0;
  // Microseconds UTC, with the pauses up to now; `until_us` is kNever when there is none.
  int64_t opened_us = 0;
  int64_t from_us = 0;
  int64_t by_us = 0;
  int64_t until_us = kNever;
  // Null for purchase days and dates.
  const facts::Item* trigger = nullptr;
  absl::string_view key;
  // The purchase day, or the local date, that it hangs on (days since 1970); 0 with a trigger.
  int64_t day = 0;
  // The event that closed it.
  std::optional<Moment> closer;
  // BUDGET: the follow-up that took the last place; absent when contacts made took all.
  std::optional<Hash128> outranked_by;
};

// What is owed at max(t_us, newest event), with what closed or expired in the last 30 days; by
// policy id, then anchor, as bytes.
std::vector<FollowUpState> Evaluate(absl::string_view customer_id, const facts::Facts& facts,
                                    int64_t t_us, const Policies& policies, StateAt state_at);

// Least instant later than max(t_us, newest event) at which the list of (id, status, reason)
// differs, no event arriving; absent when there is none before 2100-01-01.
std::optional<int64_t> NextChange(absl::string_view customer_id, const facts::Facts& facts,
                                  int64_t t_us, const Policies& policies, StateAt state_at,
                                  NextStageChange next_stage_change);

// Adds a row for each follow-up that Evaluate lists at `t_us`; lowers `rows.changes_at_us` to the
// least later instant at which one of the rows may be another. REQUIRES: t_us is not before the
// newest event; `stage_changes_at_us` is the least later instant at which stage or flags change.
void AddIndexRows(absl::string_view customer_id, const facts::Facts& facts, int64_t t_us,
                  const Policies& policies, StateAt state_at, int64_t stage_changes_at_us,
                  IndexRows& rows);

// Who sees to a follow-up with `key`: the department it was handed to last, or the policy's.
absl::string_view DepartmentOf(const Policy& policy, const facts::Facts& facts,
                               absl::string_view key);

// `state` as it is sent: with routing (department, assignee, channel), fence, etag and the reason
// in words. REQUIRES: `state` is of these facts and policies.
void Write(const FollowUpState& state, absl::string_view customer_id, const facts::Facts& facts,
           int64_t t_us, v1::FollowUp& out);

}  // namespace rapport::follow_up
