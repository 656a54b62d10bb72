// EachRelationship: what lists and the summary share: each customer once, merged ones as one, read
// one by one or in a walk of the whole base.
//
//   const BaseQuestion question{&engine, &call, &walks, viewpoint};
//   if (NeedsWalk(question)) return WalkEach(question, options, visit);
//
// Facts that are resident or stored tell the present, and of the past whoever has done nothing
// since. Of everybody else the events are read from the archive: of few one by one, of many in one
// pass. The answers are the same.
//
// Threads: pure, any thread; a walk folds on several.
// Ownership: a question borrows all but its viewpoint.
// Errors: those of reading customers, of Engine::WalkBase and of Turns; DEADLINE_EXCEEDED
// (DEADLINE_PASSED) when it takes longer than somebody waits; CANCELLED when who asks has left.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "consumers/edge/call.h"
#include "consumers/edge/turns.h"
#include "engine/engine.h"

namespace rapport::support {

// What is asked about everybody, and by whom.
struct BaseQuestion {
  const Engine* engine = nullptr;
  const edge::Call* call = nullptr;
  // Of the walks of the whole base.
  edge::Turns* walks = nullptr;
  history::Viewpoint viewpoint;
  // The viewpoint names no moment: of later pages it is that of the first one.
  bool is_of_now = false;

  // The rules of the viewpoint, else the active ones.
  std::shared_ptr<const fold::Projection> rules() const {
    return viewpoint.rules == nullptr ? engine->rules() : viewpoint.rules;
  }
  // A walk takes as long as its caller waits.
  BaseQuestion OfAWalk() const {
    BaseQuestion question = *this;
    question.viewpoint.deadline = call->given_deadline();
    return question;
  }
};

// Who was told of already, as one of several that were merged.
using Told = absl::flat_hash_set<std::string>;

// Stage, score and flags without reasons, and what is asked for besides.
inline fold::EvaluateOptions BareStanding(bool follow_ups = false) {
  fold::EvaluateOptions options;
  options.follow_ups = follow_ups;
  options.next_change = false;
  options.receipts = false;
  return options;
}

// Told of a relationship under the id of its survivor.
using VisitStanding = absl::FunctionRef<void(const std::string& survivor, v1::Standing& standing)>;

// Calls `visit` with each relationship among `customers` once, read one by one: of merged ones
// under the survivor's id, whichever of them was asked about. Who is not there any more is passed
// over unless he must be known. Gives the members of those that are merged.
absl::StatusOr<Told> ForEachRelationship(const BaseQuestion& question,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const fold::EvaluateOptions& options, VisitStanding visit);

// Whether no facts at hand tell anybody: of a known position, and under rules that fold otherwise.
bool NeedsWalk(const BaseQuestion& question);
// Whether so many of these customers have done something since the moment that one pass over the
// archive is cheaper than to read the events of each.
absl::StatusOr<bool> IsWalkCheaper(const BaseQuestion& question,
                                   const std::vector<std::string>& customers);

// Calls `visit` with the same as ForEachRelationship of everybody, in no order: in one walk of the
// base, when it is its turn.
absl::Status WalkEach(const BaseQuestion& question, const fold::EvaluateOptions& options,
                      VisitStanding visit);
// The same but for those who had done nothing by then.
absl::Status WalkEachThere(const BaseQuestion& question, const fold::EvaluateOptions& options,
                           VisitStanding visit);

// Which indexes say what is evaluated at the viewpoint.
std::string IndexRulesOf(const history::Viewpoint& viewpoint);

}  // namespace rapport::support
