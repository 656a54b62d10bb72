// RuleSet: the rules that a story is told under.
//
//   ASSIGN_OR_RETURN(RuleSet rules, LoadRules("standard + care"));
//
// A name is a file of tests/stories/rules, else a set of the program (projections/rules). Each is
// laid over those before it, as `parent` does (engine/fold/rules_text.h).
//
// Threads:   immutable once loaded. Ownership: owns the projection.
// Errors:    NOT_FOUND for a file that is not there; INVALID_ARGUMENT for rules that are wrong.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/fold/projection.h"

namespace rapport::stories {

struct RuleSet {
  std::unique_ptr<fold::Projection> projection;
  // Ids of the policies.
  std::set<std::string> policies;
};

absl::StatusOr<RuleSet> LoadRules(absl::string_view names);

}  // namespace rapport::stories
