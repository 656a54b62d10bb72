#include "tests/stories/rule_sets.h"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/status_macros.h"
#include "projections/catalog.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::stories {
namespace {

// Of the repository; or of a copy with a changed line, which a story must see (tests/tags).
std::string RulesRoot() {
  const char* changed = std::getenv("RAPPORT_RULES");
  return changed != nullptr ? changed : RAPPORT_SOURCE_DIR;
}

// A file of the stories' own, else a set of the program.
absl::StatusOr<std::string> ReadText(absl::string_view name) {
  for (const absl::string_view folder : {"tests/stories/rules", "projections/rules"}) {
    std::ifstream file(absl::StrCat(RulesRoot(), "/", folder, "/", name, ".textproto"),
                       std::ios::binary);
    std::ostringstream text;
    if (file && (text << file.rdbuf())) return text.str();
  }
  return absl::NotFoundError(absl::StrCat("there are no rules ", name));
}

}  // namespace

absl::StatusOr<RuleSet> LoadRules(absl::string_view names) {
  std::optional<fold::RulesText> rules;
  for (absl::string_view name : absl::StrSplit(names, '+')) {
    name = absl::StripAsciiWhitespace(name);
    ASSIGN_OR_RETURN(const std::string text, ReadText(name));
    if (rules.has_value()) {
      ASSIGN_OR_RETURN(const fold::RulesText layer, fold::RulesText::Parse(text, name));
      ASSIGN_OR_RETURN(rules, layer.Over(*rules));
    } else {
      ASSIGN_OR_RETURN(rules, projections::ReadRules(text, name));
    }
  }
  RuleSet set;
  for (const v1::PolicyRule& policy : rules->rules().evaluate().policy()) {
    set.policies.insert(policy.id());
  }
  ASSIGN_OR_RETURN(set.projection, projections::Catalog(*rules));
  return set;
}

}  // namespace rapport::stories
