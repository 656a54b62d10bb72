#include "tests/stories/rule_sets.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

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

// What `further` says is added; its policies replace those of the same id.
void LayOver(const v1::RuleSet& further, v1::RuleSet& rules) {
  std::set<std::string> replaced;
  for (const v1::PolicyRule& policy : further.evaluate().policy()) replaced.insert(policy.id());
  auto& policies = *rules.mutable_evaluate()->mutable_policy();
  policies.erase(std::remove_if(policies.begin(), policies.end(),
                                [&](const auto& one) { return replaced.contains(one.id()); }),
                 policies.end());
  rules.MergeFrom(further);
}

}  // namespace

absl::StatusOr<RuleSet> LoadRules(absl::string_view names) {
  v1::RuleSet rules;
  std::string folder = absl::StrCat(RAPPORT_SOURCE_DIR, "/projections/rules/");
  for (absl::string_view name : absl::StrSplit(names, '+')) {
    const std::string path = absl::StrCat(folder, absl::StripAsciiWhitespace(name), ".textproto");
    ASSIGN_OR_RETURN(const std::string text, ReadText(path));
    v1::RuleSet further;
    if (!google::protobuf::TextFormat::ParseFromString(text, &further)) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is no text of rules"));
    }
    LayOver(further, rules);
    folder = absl::StrCat(RAPPORT_SOURCE_DIR, "/tests/stories/rules/");
  }
  RuleSet set;
  for (const v1::PolicyRule& policy : rules.evaluate().policy()) set.policies.insert(policy.id());
  std::string text;
  google::protobuf::TextFormat::PrintToString(rules, &text);
  ASSIGN_OR_RETURN(set.projection, projections::Catalog(text, names));
  return set;
}

}  // namespace rapport::stories
