// Explainer: the reasons of a standing, event by event; what the engine's seam asks for.
//
//   StandardExplainer explainer(&projection, &fold_rules, &rules);
//   for (const ValidEvent& event : events) explainer.Add(event);
//   explainer.Explain("ana", as_of_us, options, {}, explanation);
//
// Each event is folded twice: into the facts of all, and alone. What it left alone is its part of
// every decayed sum, so shares and standing always come from the same rules.
//
// Threads: one. Ownership: borrows projection and rules, which must outlive it; keeps a few hundred
// bytes of each event.
// Errors:  none; shares that do not add up stop the process (loyalty/share.h).
#pragma once

#include <string>
#include <vector>

#include "engine/fold/projection.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/event_part.h"
#include "projections/facts/fold_rules.h"

namespace rapport::explain {

class StandardExplainer : public fold::Explainer {
 public:
  // `projection` evaluates facts::Facts under the same rules.
  StandardExplainer(const fold::Projection* projection, const facts::FoldRules* fold,
                    const facts::EvaluateRules* rules)
      : projection_(projection), fold_(fold), rules_(rules) {}

  void Add(const ValidEvent& event) override;
  void Explain(absl::string_view customer_id, int64_t as_of_us,
               const fold::EvaluateOptions& options, absl::Span<const v1::ExplainSubject> subjects,
               v1::Explanation& explanation) override;

 private:
  void AddShares(int64_t as_of_us, v1::Explanation& explanation);
  void AddTypes(int64_t as_of_us);

  const fold::Projection* const projection_;
  const facts::FoldRules* const fold_;
  const facts::EvaluateRules* const rules_;
  facts::Facts facts_;
  // Of the same events, in the same order.
  std::vector<facts::EventPart> parts_;
  std::vector<v1::ExplainedEvent> events_;
};

}  // namespace rapport::explain
