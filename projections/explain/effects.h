// Effects: what each event did to the standing of one customer; what the engine's seam asks for.
//
//   StandardEffects effects("ana", &fold_rules, &rules, &policies);
//   effects.Before(facts, at_us);
//   facts::Fold(facts, event, fold_rules);
//   effects.After(facts, at_us, entry);
//
// It says what two standings, evaluated before and after, differ in, and makes neither: of a
// follow-up only policy and anchor are compared, because writing one costs more than all the rest
// and a customer of many events has many.
//
// Threads: one. Ownership: borrows id, rules and policies, which must outlive it.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/fold/projection.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/fold_rules.h"
#include "projections/follow_up/follow_up.h"
#include "projections/loyalty/score.h"

namespace rapport::explain {

class StandardEffects : public fold::Effects {
 public:
  StandardEffects(absl::string_view customer_id, const facts::FoldRules* fold,
                  const facts::EvaluateRules* rules, const follow_up::Policies* policies)
      : customer_id_(customer_id), fold_(fold), rules_(rules), policies_(policies) {}
  StandardEffects(const StandardEffects&) = delete;
  StandardEffects& operator=(const StandardEffects&) = delete;

  void Before(const void* facts, int64_t at_us) override;
  void After(const void* facts, int64_t at_us, v1::TimelineEntry& entry) override;

 private:
  // A follow-up on the list. Its anchor's key lies in the glimpse that it is of.
  struct Owed {
    const follow_up::Policy* policy = nullptr;
    follow_up::Anchor anchor;
    // DONE or EXPIRED.
    bool is_closed = false;
  };
  // What is compared of a standing.
  struct Glimpse {
    // Where it was taken, INT64_MIN = nowhere yet.
    int64_t at_us = INT64_MIN;
    loyalty::ScoreLines score;
    v1::Stage stage = v1::STAGE_UNSPECIFIED;
    // By policy and anchor, each once.
    std::vector<Owed> owed;
    std::string keys;
  };

  static bool Precedes(const Owed& a, const Owed& b);
  void Take(const facts::Facts& facts, int64_t at_us, Glimpse& glimpse) const;
  static void Keep(const std::vector<follow_up::FollowUps::Mark>& marks, Glimpse& glimpse);
  // Adds the policies of those, in the order of the follow-ups' names.
  void Tell(std::vector<const Owed*> follow_ups,
            google::protobuf::RepeatedPtrField<std::string>& policies) const;

  const std::string customer_id_;
  const facts::FoldRules* const fold_;
  const facts::EvaluateRules* const rules_;
  const follow_up::Policies* const policies_;
  // Two by turns: what is after one event is before the next of the same moment.
  Glimpse glimpses_[2];
  Glimpse* before_ = &glimpses_[0];
  Glimpse* after_ = &glimpses_[1];
};

}  // namespace rapport::explain
