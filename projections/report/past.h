// Past: what a customer's standing was at any moment, and what became of every follow-up.
//
//   Past past(projection, "ana", events, window.is_late);
//   past.At(then).primary_type();
//   for (const Outcome& one : past.FollowUps(as_of_us)) ...
//
// Folds the events as the present is folded. Follow-ups are looked at when each event happened and
// whenever time alone changes one of them; of each the last that was seen of it counts, so one that
// vanished with its state is there, too.
//
// Once `is_late` says so it looks at nothing more, and what it says is worth nothing.
//
// Threads:   one. Ownership: borrows projection, events and is_late.
// Lifetime:  ends with what it borrows.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "engine/fold/projection.h"
#include "engine/model/valid_event.h"

namespace rapport::report {

// What became of one follow-up.
struct Outcome {
  // As it was last seen.
  v1::FollowUp last;
  // The events that opened and closed it; null where none did.
  const ValidEvent* cause = nullptr;
  const ValidEvent* closer = nullptr;

  bool done() const { return last.status() == v1::FOLLOW_UP_STATUS_DONE; }
  // Done before it was overdue.
  bool in_time() const { return done() && closed_at_us() < last.by_us(); }
  bool late() const { return done() && !in_time(); }
  // Too late to do it, or overdue by now.
  bool missed() const {
    return last.status() == v1::FOLLOW_UP_STATUS_EXPIRED ||
           last.status() == v1::FOLLOW_UP_STATUS_OVERDUE;
  }
  int64_t closed_at_us() const { return closer == nullptr ? 0 : closer->occurred_at_us; }
};

class Past {
 public:
  Past(const fold::Projection* projection, absl::string_view customer_id,
       absl::Span<const ValidEvent> events, const std::function<bool()>& is_late)
      : projection_(projection), customer_id_(customer_id), events_(events), is_late_(is_late) {}

  // The standing at `at_us` of what had happened by then, without follow-ups and receipts.
  v1::Standing At(int64_t at_us) const;

  // All follow-ups up to `as_of_us`, by when they opened. Found once, for the first `as_of_us`.
  const std::vector<Outcome>& FollowUps(int64_t as_of_us);

 private:
  class Facts;
  const ValidEvent* Find(const std::string& hex_id) const;
  bool IsLate() const { return is_late_ != nullptr && is_late_(); }

  const fold::Projection* const projection_;
  const std::string customer_id_;
  const absl::Span<const ValidEvent> events_;
  const std::function<bool()>& is_late_;
  std::optional<std::vector<Outcome>> follow_ups_;
};

}  // namespace rapport::report
