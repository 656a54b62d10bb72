// Catalog: the one list of all projections: facts, score, stage, kind and follow-ups as what the
// engine folds and evaluates.
//
//   ASSIGN_OR_RETURN(auto projection, projections::StandardCatalog());
//   ASSIGN_OR_RETURN(auto engine, Engine::Open(options, projection.get(), &SystemClock()));
//
// Threads:   the projection is immutable; see fold/projection.h.
// Ownership: the caller owns it; it must outlive the engine.
// Errors:    INVALID_ARGUMENT (RULES_INVALID) with file, line, column and cure.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/fold/projection.h"

namespace rapport::projections {

// Under the rules in `text`, which errors call `file`.
absl::StatusOr<std::unique_ptr<fold::Projection>> Catalog(absl::string_view text,
                                                          absl::string_view file);

// Under projections/rules/standard.textproto as it was when the program was built.
absl::StatusOr<std::unique_ptr<fold::Projection>> StandardCatalog();
absl::string_view StandardRulesText();

}  // namespace rapport::projections
