// RulesWords: a set of rules in words that whoever runs the business can read.
//
//   std::fputs(ScoreInWords(rules).c_str(), stdout);
//
// Every number of the evaluate part is said where it acts, and every policy in a few sentences:
// when it opens, by when it is due, what closes it, what may hold it back.
//
// Threads: pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"
#include "rapport/v1/rules.pb.h"

namespace rapport::operations {

// Several lines each, the last one ended.
std::string MemoryInWords(const v1::FoldRules& rules);
std::string ScoreInWords(const v1::EvaluateRules& rules);
std::string StagesInWords(const v1::EvaluateRules& rules);
std::string FlagsInWords(const v1::EvaluateRules& rules);
std::string TypesInWords(const v1::EvaluateRules& rules);
std::string CalendarInWords(const v1::EvaluateRules& rules);
std::string TargetsInWords(const v1::EvaluateRules& rules);

// One policy.
std::string PolicyInWords(const v1::PolicyRule& policy);
std::string PoliciesInWords(const v1::EvaluateRules& rules);

// All of it.
std::string RulesInWords(const v1::RuleSet& rules);

// `24 hours`, `3 days`, `the moment promised less 1 day` for a moment of a policy.
std::string MomentInWords(absl::string_view moment);
// `PurchaseMade` for KIND_PURCHASE_MADE.
std::string KindInWords(v1::Kind kind);

}  // namespace rapport::operations
