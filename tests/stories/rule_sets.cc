#include "tests/stories/rule_sets.h"

#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/status_macros.h"
#include "projections/catalog.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::stories {
namespace {

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("there are no rules ", path));
  }
  return text.str();
}

// Of the repository; or of a copy with a changed line, which a story must see (tests/tags).
std::string RulesRoot() {
  const char* changed = std::getenv("RAPPORT_RULES");
  return changed != nullptr ? changed : RAPPORT_SOURCE_DIR;
}

}  // namespace

absl::StatusOr<RuleSet> LoadRules(absl::string_view names) {
  v1::RuleSet rules;
  const std::string root = RulesRoot();
  std::string folder = absl::StrCat(root, "/projections/rules/");
  for (absl::string_view name : absl::StrSplit(names, '+')) {
    const std::string path = absl::StrCat(folder, absl::StripAsciiWhitespace(name), ".textproto");
    ASSIGN_OR_RETURN(const std::string text, ReadText(path));
    if (!google::protobuf::TextFormat::MergeFromString(text, &rules)) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is no text of rules"));
    }
    folder = absl::StrCat(root, "/tests/stories/rules/");
  }
  RuleSet set;
  for (const v1::PolicyRule& policy : rules.evaluate().policy()) set.policies.insert(policy.id());
  std::string text;
  google::protobuf::TextFormat::PrintToString(rules, &text);
  ASSIGN_OR_RETURN(set.projection, projections::Catalog(text, names));
  return set;
}

}  // namespace rapport::stories
