// Conversions: which referral of a customer has converted, by the customer's records one by one.
//
//   Conversions conversions(revisions);
//   for (...) conversions.Take(event);          // as it was logged, in the order of the log
//   if (conversions.converted()) ...            // what the last one brought about
//   if (conversions.taken_back()) ...
//
// The rules:
//  1. A PurchaseMade or ReferralReceived behind which there are both, and before which there were
//     not, converts the earliest referral received; one that has converted does so never again,
//     whatever became of its conversion.
//  2. A conversion is taken back with the event it came of, a referral as it was logged or
//     corrected, or by the retraction that leaves a customer who was referred without any purchase.
//     No other referral is concerned.
//  3. What is retracted does not count, what is corrected counts as its correction says; neither a
//     correction nor the retraction of one converts anything.
//
// Threads: one thread. Memory: grows with revisions and referrals, not with purchases.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/event/revision.h"
#include "engine/model/valid_event.h"

namespace rapport::pipeline {

class Conversions {
 public:
  // A ReferralReceived, and what it says.
  struct Referral {
    Moment moment;
    std::string referral;
    std::string referrer;
  };

  // `revisions`: at least all that Take will see.
  explicit Conversions(const std::vector<event::Revision>& revisions);

  // REQUIRES: of one customer, its payload checked, its offset greater than that of the one before.
  void Take(const ValidEvent& event);

  const std::optional<Referral>& converted() const { return converted_; }
  const std::optional<Referral>& taken_back() const { return taken_back_; }
  // Of the purchases that count the one of the smallest moment.
  std::optional<EventId> EarliestPurchase() const;

 private:
  // What an event counts as.
  struct Content {
    v1::Kind kind = v1::KIND_UNSPECIFIED;
    // Of the kinds that matter; what else says is empty.
    Referral referral;
  };
  // One that a revision is aimed at, or a referral received.
  struct Entry {
    v1::Kind kind = v1::KIND_UNSPECIFIED;
    Moment moment;
    Content logged;
    // Nothing: it does not count.
    std::optional<Content> counts;
  };

  static Content ContentOf(v1::Kind kind, const Moment& moment, const std::string& payload);
  void TakeRevision(const ValidEvent& event);
  // What became of an entry by the revisions so far.
  void Rule(const event::Revisions& revisions, Entry& entry) const;
  bool HasBought() const;
  const Referral* Received() const;
  void Convert(absl::string_view customer);
  void TakeBack(const EventId& target, bool was_complete);

  std::set<EventId> targets_;
  std::vector<event::Revision> revisions_;
  std::map<EventId, Entry> entries_;
  // By the id of the correction; the moment's time is 0 where the old one stays.
  std::map<EventId, Content> corrections_;
  // Purchases that no revision is aimed at.
  std::optional<Moment> purchase_;
  bool is_complete_ = false;
  std::set<EventId> done_;
  std::optional<Referral> stands_;
  std::optional<Referral> converted_;
  std::optional<Referral> taken_back_;
};

}  // namespace rapport::pipeline
