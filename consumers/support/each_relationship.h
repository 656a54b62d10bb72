// EachRelationship: what lists and the summary share: each customer once, merged ones as one.
//
// Threads: pure, any thread. Errors: those of reading customers.
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

// Calls `visit` with each relationship among `customers` once, without reasons: of merged ones
// under the survivor's id, whichever of them was asked about. Who is not there any more is passed
// over unless he must be known. Gives the members of those that are merged.
absl::StatusOr<Told> ForEachRelationship(const Engine& engine,
                                         const std::vector<std::string>& customers, bool must_know,
                                         const history::Viewpoint& viewpoint, bool follow_ups,
                                         absl::FunctionRef<void(Relationship&)> visit);

// Which indexes say what is evaluated at the viewpoint.
std::string IndexRulesOf(const history::Viewpoint& viewpoint);

}  // namespace rapport::support
