// FollowUpWorld: one customer, a few events written as text, and what is owed at an hour.
//
//   FollowUpWorld world(GoldenPolicies());
//   world.Add("360000 ComplaintRaised C1 3;360020 ComplaintAcknowledged C1 -");
//   EXPECT_EQ(world.At(360030), "complaint_acknowledge key:C1 DONE - 360000 ...;...");
//
// An event is `hour kind key n`, `-` for what it lacks, `OutreachMade:THANKS` with a purpose; ids
// are the UUIDs ...1, ...2 in this order; n is severity, level, due hour, hour of a snooze's end,
// month x 100 + day, or a truth value. The customer is `cust-1`.
//
// Threads: one. Errors: what cannot be read stops the test program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "projections/facts/facts.h"
#include "projections/follow_up/follow_up.h"
#include "tests/kit/event_builder.h"

namespace rapport::kit {

// The standard rules as the golden vectors want them: eleven policies, no yes-window, greetings for
// everybody, and the given offset from UTC.
std::string GoldenPolicyText(int64_t utc_offset_hours = 0);
follow_up::Policies GoldenPolicies(int64_t utc_offset_hours = 0);

// Those eleven, aftercare and referral_thanks, with the conditions of the standard rules and a
// yes-window for lead_ask: enough to see how policies live, and few enough not to crowd each other
// out.
follow_up::Policies FewPolicies();

// The policies of any rule set; stops the test program when it does not load.
follow_up::Policies PoliciesOf(const std::string& text);

// The standard rules with these policies instead of theirs, without budget and yes-window; `more`
// is what else their evaluate part says, such as a calendar.
follow_up::Policies OnlyPolicies(absl::string_view policies, absl::string_view more = "");

// `hour kind key n`.
EventBuilder EventOfText(absl::string_view text, uint64_t id);

class FollowUpWorld {
 public:
  explicit FollowUpWorld(follow_up::Policies policies) : policies_(std::move(policies)) {}

  // Events separated by `;`.
  FollowUpWorld& Add(absl::string_view events);
  FollowUpWorld& Add(EventBuilder event);

  // What is owed, as `policy anchor status reason opened from by until`, separated by `;`.
  std::string At(int64_t hour) const;
  // The row of one policy in At; empty when there is none.
  std::string At(int64_t hour, absl::string_view policy) const;
  // `status reason` of that row.
  std::string StatusAt(int64_t hour, absl::string_view policy) const;
  // Good until the next event.
  std::vector<follow_up::FollowUpState> States(int64_t hour) const;
  v1::FollowUp Written(int64_t hour, absl::string_view policy) const;
  std::optional<int64_t> NextChangeHour(int64_t hour) const;

  const facts::Facts& facts() const { return facts_; }
  const follow_up::Policies& policies() const { return policies_; }

 private:
  // What `ask` makes of the follow-ups at an hour.
  template <typename Ask>
  auto AskAt(int64_t hour, Ask ask) const;

  follow_up::Policies policies_;
  facts::Facts facts_;
  uint64_t next_id_ = 1;
};

}  // namespace rapport::kit
