// Sets of rules by name, laid over each other, and what is wrong with them.
#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "projections/catalog.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/fold_rules.h"
#include "projections/follow_up/policy.h"

namespace rapport::projections {
namespace {

// A parent of a parent of ...: nobody can read more.
constexpr int kLayersMax = 5;
constexpr size_t kErrorsMax = 50;

std::string FileOf(absl::string_view name) {
  return absl::StrCat("projections/rules/", name, ".textproto");
}

std::string Names() {
  std::vector<absl::string_view> names;
  for (const BuiltInRules& rules : AllBuiltInRules()) names.push_back(rules.name);
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<fold::RulesText> Read(absl::string_view text, absl::string_view file,
                                     absl::string_view over, int layers) {
  ASSIGN_OR_RETURN(const fold::RulesText rules, fold::RulesText::Parse(text, file));
  const std::string& parent = rules.rules().parent();
  const std::string name = parent.empty() ? std::string(over) : parent;
  if (name.empty()) {
    if (rules.rules().without_policy().empty()) return rules;
    return rules.Error(rules.rules(), "without_policy", 0,
                       "these rules are whole, so there is nothing to leave out; add parent: "
                       "\"standard\", or take this out");
  }
  const std::optional<absl::string_view> base = BuiltInRulesText(name);
  if (!base.has_value()) {
    return rules.Error(
        rules.rules(), "parent", 0,
        absl::StrCat("there are no rules `", name, "` to lie over; write one of ", Names()));
  }
  if (layers == kLayersMax) {
    return rules.Error(rules.rules(), "parent", 0,
                       absl::StrCat("more than ", kLayersMax,
                                    " sets lie over each other; write parent: \"standard\" and "
                                    "all that differs from it"));
  }
  ASSIGN_OR_RETURN(const fold::RulesText below, Read(*base, FileOf(name), "", layers + 1));
  ASSIGN_OR_RETURN(const auto projection, Catalog(below));
  const std::string digest = projection->digest();
  const std::string& written = rules.rules().parent_digest();
  if (!written.empty() && written != digest) {
    return rules.Error(
        rules.rules(), "parent_digest", 0,
        absl::StrCat("these rules were written to lie over ", written, ", but ", name, " is ",
                     digest, " by now; read them again, then write the new digest"));
  }
  return rules.Over(below);
}

// The first thing that is wrong with each part; policies are asked about once both parts are right.
std::vector<absl::Status> Compiled(const fold::RulesText& rules) {
  std::vector<absl::Status> wrong;
  const auto fold_rules = facts::FoldRules::Compile(rules);
  const auto evaluate_rules = facts::EvaluateRules::From(rules);
  if (!fold_rules.ok()) wrong.push_back(fold_rules.status());
  if (!evaluate_rules.ok()) wrong.push_back(evaluate_rules.status());
  if (!wrong.empty()) return wrong;
  const absl::Status policies =
      follow_up::Policies::Compile(rules, *fold_rules, *evaluate_rules).status();
  if (!policies.ok()) wrong.push_back(policies);
  return wrong;
}

bool ComesFirst(const fold::RulesError& a, const fold::RulesError& b) {
  return std::tie(a.file, a.line, a.column, a.what) < std::tie(b.file, b.line, b.column, b.what);
}

}  // namespace

absl::string_view StandardRulesText() { return AllBuiltInRules().front().text; }

std::optional<absl::string_view> BuiltInRulesText(absl::string_view name) {
  for (const BuiltInRules& rules : AllBuiltInRules()) {
    if (rules.name == name) return rules.text;
  }
  return std::nullopt;
}

absl::StatusOr<fold::RulesText> ReadRules(absl::string_view text, absl::string_view file,
                                          absl::string_view over) {
  return Read(text, file, over, 0);
}

// What is found wrong is put right after the standard rules, so that the rest can be looked at.
std::vector<fold::RulesError> WrongRules(absl::string_view text, absl::string_view file,
                                         absl::string_view over) {
  std::vector<fold::RulesError> errors;
  const auto told = [&](const absl::Status& status) {
    errors.push_back(fold::RulesErrorOf(status).value_or(
        fold::RulesError{std::string(file), 1, 1, std::string(status.message())}));
  };
  absl::StatusOr<fold::RulesText> rules = ReadRules(text, file, over);
  if (!rules.ok()) {
    told(rules.status());
    return errors;
  }
  const absl::StatusOr<fold::RulesText> good = ReadRules(StandardRulesText(), FileOf("standard"));
  std::set<std::string> seen;
  bool more = true;
  while (more && errors.size() < kErrorsMax) {
    const std::vector<absl::Status> wrong = Compiled(*rules);
    more = !wrong.empty();
    for (const absl::Status& status : wrong) {
      // What comes back was not put right.
      if (!seen.insert(std::string(status.message())).second) more = false;
      if (!more) break;
      told(status);
      std::optional<fold::RulesText> righted = rules->PutRight(errors.back(), *good);
      more = more && righted.has_value();
      if (righted.has_value()) rules = *std::move(righted);
    }
  }
  std::sort(errors.begin(), errors.end(), ComesFirst);
  return errors;
}

}  // namespace rapport::projections
