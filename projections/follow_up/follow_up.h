// Follow-ups: what is owed to a customer at a moment, and when that changes by time alone.
//
//   FollowUps owed("ana", facts, policies, standing, t_us);
//   for (const FollowUpState& one : owed.States()) Write(one, facts, t_us,
//   *answer.add_follow_ups()); owed.NextChange();
//
// Events and time open follow-ups, events close them; nothing is stored. Status at t, first that
// applies:
//
//   before `opened`   it does not exist
//   DONE              an event closed it
//   EXPIRED           t >= until
//   SUPPRESSED        by DISMISSED, SNOOZED, WAITING, FRAUD, OPTED_OUT, ENDED, OPEN_CASE, BUDGET
//   PENDING           t < from
//   DUE, OVERDUE      t < by, t >= by
//
// Those of a state or a silence exist while it lasts.
// Source: domain specification 4.7.
//
// Threads:  plain values. Errors: none; evaluating is total.
// Lifetime: points into facts, policies and standing.
// Never:    reads a clock; sees other customers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/base/hash.h"
#include "engine/model/index_row.h"
#include "projections/facts/facts.h"
#include "projections/follow_up/candidates.h"
#include "projections/follow_up/policy.h"
#include "projections/follow_up/standing_at.h"
#include "rapport/v1/standing.pb.h"

namespace rapport::follow_up {

struct FollowUpState {
  const Policy* policy = nullptr;
  absl::string_view customer_id;
  Anchor anchor;
  v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
  v1::Suppression reason = v1::SUPPRESSION_UNSPECIFIED;
  // That of the policy, or 0 while a yes is likely.
  uint32_t priority = 0;
  // Microseconds UTC, with the pauses up to now; `until_us` is kNever when there is none.
  int64_t opened_us = 0;
  int64_t from_us = 0;
  int64_t by_us = 0;
  int64_t until_us = kNever;
  // Null for purchase days, dates, states and silences.
  const facts::Item* trigger = nullptr;
  Moment sound;
  absl::string_view key;
  // As in Candidate; 0 with a trigger.
  int64_t day = 0;
  // The event that closed it.
  std::optional<Moment> closer;
  // BUDGET: the follow-up that took the last place; absent when contacts made took all.
  std::optional<Hash128> outranked_by;
  // That one's; null when it is absent.
  const Policy* outranked_by_policy = nullptr;

  Hash128 id() const { return FollowUpId(customer_id, policy->id, anchor.ToString()); }
};

class FollowUps {
 public:
  // At max(t_us, newest event).
  FollowUps(absl::string_view customer_id, const facts::Facts& facts, const Policies& policies,
            const StandingAt& standing, int64_t t_us);

  // What is owed, with what closed or expired in the last 30 days; by policy id, then anchor, as
  // bytes.
  std::vector<FollowUpState> States();

  // What of a row decides whether the list differs.
  struct Mark {
    const Policy* policy = nullptr;
    Anchor anchor;
    v1::FollowUpStatus status = v1::FOLLOW_UP_STATUS_UNSPECIFIED;
    v1::Suppression reason = v1::SUPPRESSION_UNSPECIFIED;

    bool operator==(const Mark&) const = default;
  };

  // Of all that States() lists, in no order; keys lie in the facts.
  const std::vector<Mark>& Marks();

  // Least later instant at which the list of (id, status, reason) differs, no event arriving;
  // absent when there is none before 2100-01-01.
  std::optional<int64_t> NextChange();

  // Adds a row for each of States(); lowers `rows.changes_at_us` to the least later instant at
  // which one of the rows may be another.
  void AddIndexRows(IndexRows& rows);

 private:
  const int64_t t_us_;
  Candidates candidates_;
  // Of the list at `t_us_`, once it was asked for.
  std::optional<std::vector<Mark>> now_;
};

// Who sees to a follow-up with `key`: the department it was handed to last, or the policy's.
absl::string_view DepartmentOf(const Policy& policy, const facts::Facts& facts,
                               absl::string_view key);

// `state` as it is sent: with routing (department, assignee, channel), context, fence, etag and the
// reason in words. REQUIRES: `state` is of these facts.
void Write(const FollowUpState& state, const facts::Facts& facts, int64_t t_us, v1::FollowUp& out);

}  // namespace rapport::follow_up
