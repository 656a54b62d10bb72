// Candidates: the follow-ups that the facts can give rise to, before time decides their status.
//
//   Candidates candidates("ana", facts, policies, standing, t_us);
//   for (const Candidate& one : candidates.fixed()) ...    // hang on events and purchase days
//   for (const Candidate& one : candidates.moving()) ...   // on dates, states and silences near t
//
// What is fixed stays the same while no event arrives. Left out is what can never be listed at or
// after `t_us`: what closed or expired 30 days before, escalations of a case that closed in time,
// and what floor conditions forbid: where an event that might have closed it is forgotten.
// Source: domain specification 2.3 (floor condition) and 4.7.
//
// Threads:  plain values. Lifetime: points into facts, policies and standing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"
#include "projections/facts/case_reading.h"
#include "projections/facts/facts.h"
#include "projections/follow_up/pauses.h"
#include "projections/follow_up/policy.h"

namespace rapport::follow_up {

// How long closed and expired follow-ups stay on the list.
inline constexpr int64_t kListedAfterUs = 30 * kMicrosPerDay;

// Days of a block.
inline constexpr int64_t kBlockDays = 30;

// BLAKE2b-128 of the three, each framed: the id of a follow-up.
Hash128 FollowUpId(absl::string_view customer_id, absl::string_view policy,
                   absl::string_view anchor);

// What a follow-up hangs on, in words only when it is asked for them.
struct Anchor {
  v1::PolicyAnchor kind = v1::POLICY_ANCHOR_UNSPECIFIED;
  // KEY, DATE.
  absl::string_view key;
  // EVENT, RUN.
  EventId event;
  // BLOCK: the block; DAY, REPEAT: the day (since 1970); DATE: the year.
  int64_t number = 0;
  // REPEAT: how often.
  int64_t times = 0;

  bool operator==(const Anchor&) const = default;
  // `key:C1`, `block:664`, `date:birthday/2027`.
  std::string ToString() const;
};

struct Candidate {
  const Policy* policy = nullptr;
  Anchor anchor;
  // What opened it; null for purchase days, dates, states and silences.
  const facts::Item* trigger = nullptr;
  // The last event before a silence; all zero where it counts from a purchase day.
  Moment sound;
  // Of the trigger, or of the date; may be empty.
  absl::string_view key;
  // Days since 1970: the purchase day, the local date, the day a state began, the day of the last
  // sound before a silence; 0 with a trigger.
  int64_t day = 0;
  // Microseconds UTC, moved by the pauses that are over. opened <= from <= by <= until.
  int64_t opened_us = 0;
  int64_t from_us = 0;
  int64_t by_us = 0;
  int64_t until_us = kNever;
  Pauses pauses;
  // The earliest event that closed it.
  std::optional<Moment> closer;
  // The trigger's complaint; null = none.
  const facts::CaseReading* read = nullptr;
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
  Candidates(absl::string_view customer_id, const facts::Facts& facts, const Policies& policies,
             const StandingAt& standing, int64_t t_us);
  Candidates(const Candidates&) = delete;
  Candidates& operator=(const Candidates&) = delete;

  const std::vector<Candidate>& fixed() const { return fixed_; }
  // Those of dates and days of the month near t, then those of states and silences.
  const std::vector<Candidate>& dated() const { return dated_; }
  const std::vector<Candidate>& moving() const { return moving_; }
  // Least instant later than `t_us` at which moving() are others by the length of a silence alone.
  int64_t next_repeat_us() const { return next_repeat_us_; }
  // Some complaint is open.
  bool has_open_case() const { return has_open_case_; }
  const facts::Facts& facts() const { return facts_; }
  const Policies& policies() const { return policies_; }
  const StandingAt& standing() const { return standing_; }
  absl::string_view customer_id() const { return customer_id_; }

  // Makes dated() and moving() right for `t_us`, which may be later than before.
  void MoveTo(int64_t t_us);

  // `by_us` as it stands at `t_us`: under an open pause it goes along with the clock.
  int64_t ByAt(const Candidate& one, int64_t t_us) const;

  Hash128 IdOf(const Candidate& one) const {
    return FollowUpId(customer_id_, one.policy->id, one.anchor.ToString());
  }

 private:
  using Items = absl::Span<const facts::Item>;

  Items ItemsOf(facts::ListName name) const { return lists_[static_cast<size_t>(name)]; }
  bool Has(ListMask lists) const { return (present_ & lists) != 0; }

  // candidates.cc: fixed ones.
  void AddEvents(const Policy& policy, int64_t t_us);
  void AddFromEvent(const Policy& policy, const facts::Item& trigger, int64_t t_us);
  void AddPurchaseDays(const Policy& policy, int64_t t_us);
  bool BeginsRun(const Policy& policy, const facts::Item* const* triggers, size_t at) const;
  std::optional<int64_t> DayOfSubjects(uint32_t count) const;
  bool ConditionsHold(const Policy& policy, const facts::Item* trigger,
                      int64_t consent_before_us = kNever) const;

  // moving.cc: those that come with time.
  void AddDates(const Policy& policy, int64_t t_us);
  void AddMonthDays(const Policy& policy, int64_t t_us);
  void AddState(const Policy& policy, int64_t t_us);
  void AddSilence(const Policy& policy, int64_t t_us);
  std::optional<Moment> LastSound(const Policy& policy) const;
  Moment LastAct() const;
  Moment LastEver(const Closer& closer) const;
  bool SetDateInstants(Candidate& one, int64_t midnight_us) const;

  // instants.cc: when, and closed by what.
  // Fills what the four instants are, from `base_us` on. False: it does not exist.
  bool SetInstants(Candidate& one, int64_t base_us) const;
  std::optional<int64_t> Resolve(const Candidate& one, const MomentRule& rule,
                                 int64_t base_us) const;
  int64_t OpenTime(const MomentRule& rule, int64_t base_us, const Pauses& pauses) const;
  // Looks for its closing and for work on it, then keeps it if it can be listed.
  void Finish(Candidate one, int64_t c0_us, int64_t t_us, std::vector<Candidate>& into) const;
  void FindCloser(Candidate& one, int64_t c0_us) const;
  void ReadWork(Candidate& one) const;
  bool Forgotten(const Candidate& one) const;
  const facts::CaseReading* FindCase(absl::string_view key) const;

  const absl::string_view customer_id_;
  const facts::Facts& facts_;
  const Policies& policies_;
  const StandingAt& standing_;
  std::array<Items, facts::kListCount> lists_;
  // Lists with items.
  ListMask present_ = 0;
  std::vector<facts::CaseReading> cases_;
  bool has_open_case_ = false;
  // Some answer asks back.
  bool has_pauses_ = false;
  std::vector<Candidate> fixed_;
  std::vector<Candidate> dated_;
  std::vector<Candidate> moving_;
  // The month that dated_ is right for, counted from year 0; -1 = none yet.
  int64_t dated_month_ = -1;
  int64_t moved_to_us_ = -1;
  int64_t next_repeat_us_ = kNever;
};

// The first event after `c0_us`, and before `before_us`, that `closer` takes, of one list; with
// `from_c0_on` one at `c0_us` too. Null = none.
const facts::Item* FirstThatCloses(const Closer& closer, absl::Span<const facts::Item> items,
                                   absl::string_view key, int64_t c0_us, bool from_c0_on,
                                   int64_t before_us);

// True when `item` of `list` opens a follow-up of `policy`, whatever its conditions say.
bool Opens(const Policy& policy, facts::ListName list, const facts::Item& item);

}  // namespace rapport::follow_up
