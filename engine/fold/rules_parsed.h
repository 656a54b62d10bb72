// What a RulesText holds: for rules_text.cc and rules_layer.cc alone.
//
// Threads: immutable once made.
#pragma once

#include <string>
#include <vector>

#include "engine/fold/rules_places.h"
#include "engine/fold/rules_text.h"

namespace rapport::fold {

struct RulesText::Parsed {
  // As errors call them; places name them by their index.
  std::vector<std::string> files;
  v1::RuleSet rules;
  RulesPlaces places;
  std::string fold_digest;
  std::string evaluate_digest;

  void MakeDigests();
};

// `RULES_INVALID: file:line:column: what`.
absl::Status RulesInvalid(absl::string_view file, int line, int column, absl::string_view what);

}  // namespace rapport::fold
