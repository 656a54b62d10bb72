// The standard rules, compiled once, and variants of them for tests.
//
//   const StandardRules& rules = Standard();
//   facts::Fold(facts, event, rules.fold);
//
// Threads: any, after the first call. Errors: rules that do not load stop the test program.
#pragma once

#include <string>

#include "engine/fold/rules_text.h"
#include "projections/facts/evaluate_rules.h"
#include "projections/facts/fold_rules.h"

namespace rapport::kit {

struct StandardRules {
  fold::RulesText text;
  facts::FoldRules fold;
  facts::EvaluateRules evaluate;
};

const StandardRules& Standard();

// The same with kinds of the business's own, `t0` to `t7`: acts of the customer, of the vendor, of
// nobody, with each effect that there is. What they say stands in standard_rules.cc.
const StandardRules& WithOwnKinds();

// The words of the standard rules.
const std::string& StandardRulesText();

// The same with `from`, which must be there, replaced by `to`.
std::string StandardRulesTextWith(const std::string& from, const std::string& to);

}  // namespace rapport::kit
