#include "consumers/operations/demo_rules.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "engine/base/check.h"
#include "projections/catalog.h"

namespace rapport::operations {

const v1::EvaluateRules& DemoRules() {
  static const v1::EvaluateRules& rules = *[] {
    const auto text = projections::ReadRules(projections::StandardRulesText(), "standard");
    RAPPORT_CHECK(text.ok()) << text.status();
    return new v1::EvaluateRules(text->rules().evaluate());
  }();
  return rules;
}

const v1::PolicyRule& DemoPolicy(absl::string_view id) {
  for (const v1::PolicyRule& policy : DemoRules().policy()) {
    if (policy.id() == id) return policy;
  }
  RAPPORT_CHECK(false) << "the standard rules have no policy " << id << ", which the demo follows";
  std::abort();
}

int64_t DaysIn(absl::string_view length) {
  int64_t number = 0;
  RAPPORT_CHECK(!length.empty() && absl::SimpleAtoi(length.substr(0, length.size() - 1), &number))
      << length;
  switch (length.back()) {
    case 'd':
      return number;
    case 'h':
      return number / 24;
    default:
      return number / (24 * 60 * 60);
  }
}

}  // namespace rapport::operations
