// Catalog: the one list of all projections: facts, score, stage, kind and follow-ups as what the
// engine folds and evaluates; and the sets of rules that come with the program.
//
//   ASSIGN_OR_RETURN(auto projection, projections::StandardCatalog());
//   ASSIGN_OR_RETURN(auto engine, Engine::Open(options, projection.get(), &SystemClock()));
//
// Rules that name a `parent` are laid over the set of that name (engine/fold/rules_text.h), which
// may have a parent itself.
//
// Threads:   the projection is immutable; see fold/projection.h.
// Ownership: the caller owns it; it must outlive the engine.
// Errors:    INVALID_ARGUMENT (RULES_INVALID) with file, line, column and cure.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/fold/projection.h"
#include "engine/fold/rules_text.h"

namespace rapport::projections {

// Under the rules in `text`, which errors call `file`.
absl::StatusOr<std::unique_ptr<fold::Projection>> Catalog(absl::string_view text,
                                                          absl::string_view file);

// The same of rules that were read already.
absl::StatusOr<std::unique_ptr<fold::Projection>> Catalog(const fold::RulesText& rules);

// A set of rules as it was in projections/rules when the program was built.
struct BuiltInRules {
  absl::string_view name;
  absl::string_view text;
};
// By name, the standard rules first.
const std::vector<BuiltInRules>& AllBuiltInRules();
// Nothing when there is none of that name.
std::optional<absl::string_view> BuiltInRulesText(absl::string_view name);

// Reads rules and lays them over their parent, or over `over`, a set of the program, when they name
// none and it is not empty. Errors of either file.
absl::StatusOr<fold::RulesText> ReadRules(absl::string_view text, absl::string_view file,
                                          absl::string_view over = "");

// What is wrong with rules: all that can be told apart, by place. Empty when they can be used.
std::vector<fold::RulesError> WrongRules(absl::string_view text, absl::string_view file,
                                         absl::string_view over = "");

// Under projections/rules/standard.textproto as it was when the program was built.
absl::StatusOr<std::unique_ptr<fold::Projection>> StandardCatalog();
absl::string_view StandardRulesText();

}  // namespace rapport::projections
