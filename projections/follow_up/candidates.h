// Candidates: the follow-ups that the facts can give rise to, before time decides their status.
//
//   Candidates candidates("ana", facts, policies, t_us);
//   for (const Candidate& one : candidates.fixed()) ...   // hang on events and purchase days
//   for (const Candidate& one : candidates.dated()) ...   // hang on dates, of the years around t
//
// What is computed here stays the same while no event arrives. Left out is what can never be listed
// at or after `t_us`: what closed or expired 30 days before, escalations of a case that closed in
// time, and what floor conditions forbid: where an event that might have closed it is forgotten.
// Source: domain specification 2.3 (floor condition) and 4.7.
//
// Threads:  plain values. Lifetime: points into facts and policies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "projections/facts/case_reading.h"
#include "projections/facts/facts.h"
#include "projections/follow_up/pauses.h"
#include "projections/follow_up/policy.h"

namespace rapport::follow_up {

// How long closed and expired follow-ups stay on the list.
inline constexpr int64_t kListedAfterUs = 30 * kMicrosPerDay;

// BLAKE2b-128 of the three, each framed: the id of a follow-up.
Hash128 FollowUpId(absl::string_view customer_id, absl::string_view policy,
                   absl::string_view anchor);

struct Candidate {
  const Policy* policy = nullptr;
  std::string anchor;
  Hash128 id{};
  // What opened it; null for purchase days and dates.
  const facts::Item* trigger = nullptr;
  // Of the trigger, or of the date; may be empty.
  absl::string_view key;
  // The purchase day or the local date; 0 with a trigger.
  int64_t day = 0;
  // Microseconds UTC, moved by the pauses that are over. opened <= from <= by <= until.
  int64_t opened_us = 0;
  int64_t from_us = 0;
  int64_t by_us = 0;
  int64_t until_us = kNever;
  Pauses pauses;
  // The earliest event that closed it.
  std::optional<Moment> closer;
  // Term of the case it hangs on; 0 = it hangs on none.
  int64_t term_us = 0;
  bool dismissed = false;
  // Of the latest snooze; 0 = none.
  int64_t snoozed_until_us = 0;

  // The instant that ENDED and the floors are compared with.
  int64_t origin_us() const { return trigger != nullptr ? trigger->moment.at_us : opened_us; }
  // It cannot expire while a pause moves its end along.
  bool expires() const { return until_us != kNever && !pauses.Moves(until_us); }
  // From then on it is not listed.
  int64_t gone_us() const {
    if (closer.has_value()) return closer->at_us + kListedAfterUs;
    return expires() ? until_us + kListedAfterUs : kNever;
  }
};

class Candidates {
 public:
  // Those that open later than `opened_by_us` are left out too.
  Candidates(absl::string_view customer_id, const facts::Facts& facts, const Policies& policies,
             int64_t t_us, int64_t opened_by_us = kNever);

  const std::vector<Candidate>& fixed() const { return fixed_; }
  const std::vector<Candidate>& dated() const { return dated_; }
  // Some complaint is open.
  bool has_open_case() const { return has_open_case_; }
  const facts::Facts& facts() const { return facts_; }
  const Policies& policies() const { return policies_; }

  // Makes dated() right for `t_us`, which may be later than before.
  void DateFor(int64_t t_us);

  // `by_us` as it stands at `t_us`: under an open pause it goes along with the clock.
  int64_t ByAt(const Candidate& one, int64_t t_us) const;

 private:
  void AddEvents(const Policy& policy, int64_t t_us);
  void AddPurchaseDays(const Policy& policy, int64_t t_us);
  void AddDates(const Policy& policy, int64_t t_us);
  void AddFromEvent(const Policy& policy, const facts::Item& trigger, int64_t t_us);
  // Fills what the four instants are, from `base_us` on. False: it does not exist.
  bool SetInstants(Candidate& one, int64_t base_us) const;
  bool SetDateInstants(Candidate& one, int64_t midnight_us) const;
  std::optional<int64_t> Resolve(const Candidate& one, const MomentRule& rule,
                                 int64_t base_us) const;
  int64_t OpenTime(const MomentRule& rule, int64_t base_us, const Pauses& pauses) const;
  // Looks for its closing and for work on it, then keeps it if it can be listed.
  void Finish(Candidate one, int64_t c0_us, int64_t t_us, std::vector<Candidate>& into) const;
  void FindCloser(Candidate& one, int64_t c0_us) const;
  void ReadWork(Candidate& one) const;
  bool Forgotten(const Candidate& one) const;
  const facts::CaseReading* FindCase(absl::string_view key) const;

  absl::string_view customer_id_;
  const facts::Facts& facts_;
  const Policies& policies_;
  int64_t opened_by_us_;
  std::vector<facts::CaseReading> cases_;
  bool has_open_case_ = false;
  std::vector<Candidate> fixed_;
  std::vector<Candidate> dated_;
  int64_t dated_year_ = 0;
};

}  // namespace rapport::follow_up
