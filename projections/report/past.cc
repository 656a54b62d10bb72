#include "projections/report/past.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>

namespace rapport::report {

// Facts that grow event by event.
class Past::Facts {
 public:
  explicit Facts(const fold::Projection* projection)
      : projection_(projection),
        memory_(std::aligned_alloc(16, (projection->size() + 15) / 16 * 16)) {
    projection_->Construct(memory_);
  }
  ~Facts() {
    projection_->Destroy(memory_);
    std::free(memory_);
  }
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  void Fold(const ValidEvent& event) {
    if (projection_->Folds(event.kind)) projection_->Fold(memory_, event);
  }
  const void* get() const { return memory_; }

 private:
  const fold::Projection* const projection_;
  void* const memory_;
};

v1::Standing Past::At(int64_t at_us) const {
  if (IsLate()) return {};
  Facts facts(projection_);
  for (const ValidEvent& event : events_) {
    if (event.occurred_at_us <= at_us) facts.Fold(event);
  }
  fold::EvaluateOptions options;
  options.follow_ups = options.next_change = options.receipts = false;
  v1::Standing standing;
  projection_->Evaluate(customer_id_, facts.get(), at_us, options, standing);
  return standing;
}

const ValidEvent* Past::Find(const std::string& hex_id) const {
  if (hex_id.empty()) return nullptr;
  const auto at = std::find_if(events_.begin(), events_.end(),
                               [&](const ValidEvent& event) { return event.id.Hex() == hex_id; });
  return at == events_.end() ? nullptr : &*at;
}

const std::vector<Outcome>& Past::FollowUps(int64_t as_of_us) {
  if (follow_ups_.has_value()) return *follow_ups_;
  fold::EvaluateOptions options;
  options.receipts = false;
  Facts facts(projection_);
  std::map<std::string, v1::FollowUp> seen;
  for (size_t i = 0; i < events_.size(); ++i) {
    facts.Fold(events_[i]);
    // At the moment of the next event that is there, too.
    const int64_t end_us = i + 1 < events_.size() ? events_[i + 1].occurred_at_us : as_of_us + 1;
    std::optional<int64_t> at_us = events_[i].occurred_at_us;
    while (at_us.has_value() && *at_us < end_us && !IsLate()) {
      v1::Standing standing;
      projection_->Evaluate(customer_id_, facts.get(), *at_us, options, standing);
      for (v1::FollowUp& one : *standing.mutable_follow_ups()) {
        seen[one.name()] = std::move(one);
      }
      at_us = standing.has_next_follow_up_change_us()
                  ? std::optional<int64_t>(standing.next_follow_up_change_us())
                  : std::nullopt;
    }
  }
  std::vector<Outcome>& outcomes = follow_ups_.emplace();
  for (auto& [name, last] : seen) {
    Outcome outcome;
    outcome.cause = Find(last.cause());
    outcome.closer = Find(last.closed_by());
    outcome.last = std::move(last);
    outcomes.push_back(std::move(outcome));
  }
  std::stable_sort(outcomes.begin(), outcomes.end(), [](const Outcome& a, const Outcome& b) {
    return std::make_tuple(a.last.opened_at_us(), a.last.policy()) <
           std::make_tuple(b.last.opened_at_us(), b.last.policy());
  });
  return outcomes;
}

}  // namespace rapport::report
