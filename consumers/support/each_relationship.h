// EachRelationship: what lists and the summary share: each customer once, merged ones as one.
//
// Threads: pure, any thread. Errors: those of reading customers; DEADLINE_EXCEEDED
// (DEADLINE_PASSED) when it takes longer than somebody waits.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "engine/engine.h"

namespace rapport::support {

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

// Calls `visit` with each relationship among `customers` once: of merged ones under the survivor's
// id, whichever of them was asked about. Who is not there any more is passed
// over unless he must be known. Gives the members of those that are merged.
absl::StatusOr<Told> ForEachRelationship(const Engine& engine,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const history::Viewpoint& viewpoint,
                                         const fold::EvaluateOptions& options,
                                         absl::FunctionRef<void(Relationship&)> visit);

// Which indexes say what is evaluated at the viewpoint.
std::string IndexRulesOf(const history::Viewpoint& viewpoint);

}  // namespace rapport::support
